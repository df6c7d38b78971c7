import LocalSockets
import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The listening socket of a server over its whole life: accepting connections, and keeping the socket in its folder.
struct AttachListener {
    private var socket: ListeningSocket?
    private let binder: SocketBinder
    private let log: @Sendable (String) -> Void
    /// The number of a descriptor that is closed to accept a connection when the process has no other left; nil if there is none. It is no
    /// ``FileDescriptor``, because it must be closed before the connection is accepted, and other references could delay that.
    private var reserve: Int32?
    /// No connection is accepted before this time, because the process has no descriptor left.
    private var pausedUntil: TimeSource.Instant?
    /// When to look whether the socket is still in its folder; nil if no program deletes files there.
    private var checkAt: TimeSource.Instant?

    /// The time between two looks. Programs that clean `/tmp` delete files that were not used for days.
    static let checkInterval = Duration.seconds(600)
    /// The pause after a connection could not be accepted.
    private static let pause = Duration.seconds(1)

    init(_ socket: ListeningSocket, _ binder: SocketBinder, at now: TimeSource.Instant, log: @escaping @Sendable (String) -> Void) {
        self.socket = socket
        self.binder = binder
        self.log = log
        self.reserve = Self.openReserve()
        self.checkAt = socket.path.hasPrefix("/tmp/") ? now + Self.checkInterval : nil
    }

    /// The descriptor to wait for; nil while no connection is accepted.
    func descriptor(at now: TimeSource.Instant) -> FileDescriptor? {
        if let pausedUntil = self.pausedUntil, now < pausedUntil { return nil }
        return self.socket?.descriptor
    }

    /// When something is to be done although no connection arrives; nil if nothing is.
    var deadline: TimeSource.Instant? {
        [self.checkAt, self.pausedUntil].compactMap { $0 }.min()
    }

    /// Accepts a connection; nil if none waits or none can be accepted.
    mutating func accepted(at now: TimeSource.Instant) -> FileDescriptor? {
        guard let socket = self.socket else { return nil }
        do {
            return try socket.accepted()
        } catch .noDescriptor {
            self.shed(socket, at: now)
        } catch {
            self.pausedUntil = now + Self.pause
        }
        return nil
    }

    /// Ends a waiting connection with the reserved descriptor. Otherwise the socket would stay ready, and the thread would not sleep.
    private mutating func shed(_ socket: ListeningSocket, at now: TimeSource.Instant) {
        if let reserve = self.reserve {
            _ = Self.close(reserve)
            _ = try? socket.accepted()
        }
        self.reserve = Self.openReserve()
        // Without a reserve, or with more connections than one, the thread tries again later.
        self.pausedUntil = now + Self.pause
    }

    /// Ends a pause, and binds the socket again if it was deleted.
    mutating func check(at now: TimeSource.Instant) {
        if let pausedUntil = self.pausedUntil, now >= pausedUntil { self.pausedUntil = nil }
        guard let checkAt = self.checkAt, now >= checkAt else { return }
        self.checkAt = now + Self.checkInterval
        guard let socket = self.socket, !socket.isBound else { return }
        do {
            self.socket = try self.binder.rebind(socket.path)
        } catch {
            self.log("the socket '\(socket.path)' was deleted and cannot be made again: \(error)")
        }
    }

    /// Stops accepting, and removes the socket from its folder.
    mutating func close() {
        if let socket = self.socket { self.binder.remove(socket) }
        self.socket = nil
        if let reserve = self.reserve { _ = Self.close(reserve) }
        self.reserve = nil
    }

    private static func openReserve() -> Int32? {
        let number = open("/dev/null", O_RDONLY | O_CLOEXEC)
        return number < 0 ? nil : number
    }

    private static func close(_ number: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.close(number)
        #elseif canImport(Musl)
            Musl.close(number)
        #else
            Darwin.close(number)
        #endif
    }
}
