#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A thread that the library starts itself, because a task on the cooperative pool cannot run while that pool's threads are blocked.
enum LibraryThread {
    /// What a thread of the library is for.
    enum Role: Int, Sendable {
        /// Calling what deadlines registered. It must never block: every budget of the process depends on it.
        case deadlines = 1
        /// Running steps of resources that may block.
        case steps
    }

    /// The role of the calling thread; nil for a thread that the library did not start. About 2 ns.
    static var role: Role? {
        pthread_getspecific(Self.key).flatMap { Role(rawValue: Int(bitPattern: $0)) }
    }

    /// Starts a thread that runs `body` and then ends. False if the system refuses another thread.
    static func start(_ role: Role, _ body: @escaping @Sendable () -> Void) -> Bool {
        // The new thread inherits the mask: a signal of the program is not handled on a thread that the program does not know.
        var (masked, before) = (Self.signals, sigset_t())
        pthread_sigmask(SIG_BLOCK, &masked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let start = Unmanaged.passRetained(Start(role: role, body: body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                #if canImport(Darwin)
                    let pointer: UnsafeMutableRawPointer? = argument
                #else
                    let pointer = argument
                #endif
                guard let pointer else { return nil }
                // Balances the `passRetained` above: the thread owns what it was started with.
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
        #if canImport(Darwin)
            if let thread { pthread_detach(thread) }
        #else
            pthread_detach(thread)
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

    /// Where a thread keeps its role.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// All signals but those that a thread raises by what it does itself, as the threads of the cooperative pool block them.
    private static let signals: sigset_t = {
        var signals = sigset_t()
        sigfillset(&signals)
        for own in [SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV, SIGSYS, SIGPIPE] { sigdelset(&signals, own) }
        return signals
    }()
}
