import LocalSockets
import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The sockets that killed processes left in a folder.
///
/// A socket is removed only if its process has ended and it refuses a connection. Servers bind and listen while they hold the lock of the
/// folder, so a socket that refuses a connection while this server holds the lock is no server's. That protects the sockets of processes in
/// other namespaces, whose numbers mean nothing here. The sockets of processes that run here are not examined by a connection, because that
/// would wake them.
struct LeftoverSockets {
    private let folder: LockedFolder

    /// The largest number of sockets that are examined by a connection at once, so that other servers do not wait long for the lock.
    static let limit = 256
    /// A process that started at least this many seconds after the socket was made is another one; see ``ProcessLife/started``.
    private static let tolerance: Int64 = 2

    init(in folder: LockedFolder) {
        self.folder = folder
    }

    /// Removes the sockets, of which `limit` are examined by a connection. A socket that cannot be removed stays.
    ///
    /// The order is random: sockets in use in other namespaces are examined again by every server, and would take all places.
    func remove(atMost limit: Int = Self.limit) {
        let folder = self.folder.folder
        var examined = 0
        for name in folder.names().shuffled() where examined < limit {
            guard let before = folder.status(of: name), Self.hasEnded(name.pid, boundAt: before.modified) else { continue }
            examined += 1
            guard self.refusesConnections(name), folder.status(of: name)?.identity == before.identity else { continue }
            folder.remove(name)
        }
    }

    /// Whether the process that bound a socket has ended: no process has its number, or a process that was started later has it.
    private static func hasEnded(_ pid: Int32, boundAt time: Int64) -> Bool {
        guard let life = ProcessLife(of: pid) else { return true }
        return life.started.map { $0.subtractingSaturated(time) >= Self.tolerance } ?? false
    }

    private func refusesConnections(_ name: SocketName) -> Bool {
        do throws(SystemError) {
            _ = try self.folder.folder.connect(to: name)
            return false
        } catch {
            return error.number == ECONNREFUSED
        }
    }
}
