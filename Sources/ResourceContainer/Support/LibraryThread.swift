#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A thread that the library starts itself, for work that must run even while every thread of the cooperative pool is blocked.
package enum LibraryThread {
    /// The purpose of a library thread.
    package enum Role: Int, Sendable {
        /// Runs the operations of deadlines. It must never block: every budget of the process depends on it.
        case deadlines = 1
        /// Runs steps of resources, which may block.
        case steps
        /// Serves clients of the process. It must never block: a program is watched most when its other threads are blocked.
        case attach
        /// Transfers data of a client over the network. It must never block: all transfers of the client depend on it.
        case transfers
    }

    /// The role of the calling thread; nil for a thread that the library did not start. About 2 ns.
    package static var role: Role? {
        pthread_getspecific(Self.key).flatMap { Role(rawValue: Int(bitPattern: $0)) }
    }

    /// Starts a thread that runs `body` and then ends. Returns false if the system refuses to create the thread.
    package static func start(_ role: Role, _ body: @escaping @Sendable () -> Void) -> Bool {
        // The new thread inherits the signal mask, so the application's signal handlers do not run on a thread that the application does
        // not know.
        var (masked, before) = (Self.signals, sigset_t())
        pthread_sigmask(SIG_BLOCK, &masked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let start = Unmanaged.passRetained(Start(role: role, body: body))
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                // Optional on some systems only.
                let pointer: UnsafeMutableRawPointer? = argument
                guard let pointer else { return nil }
                // Balances the `passRetained` above: the thread owns its start argument.
                let start = Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
                pthread_setspecific(LibraryThread.key, UnsafeMutableRawPointer(bitPattern: start.role.rawValue))
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            return false
        }
        #if canImport(Glibc)
            pthread_detach(thread)
        #else
            if let thread { pthread_detach(thread) }
        #endif
        return true
    }

    private final class Start: Sendable {
        let role: Role
        let body: @Sendable () -> Void

        init(role: Role, body: @escaping @Sendable () -> Void) {
            self.role = role
            self.body = body
        }
    }

    /// The thread-specific key that stores a thread's role.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// All signals except those a thread raises synchronously itself; the threads of the cooperative pool block the same set.
    private static let signals: sigset_t = {
        var signals = sigset_t()
        sigfillset(&signals)
        for own in [SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV, SIGSYS, SIGPIPE] { sigdelset(&signals, own) }
        return signals
    }()
}
