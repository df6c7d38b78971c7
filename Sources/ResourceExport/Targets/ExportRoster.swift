import LocalSockets
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard

/// The served containers that the exporter knows, and when each is connected, tried again, and forgotten. A pure value.
///
/// A process that ended without goodbye stays for ``mourning``: its target then fails, which is what an alert about it needs.
struct ExportRoster: Sendable {
    /// A change that the shell carries out.
    enum Change: Sendable, Hashable {
        /// Connect with a process.
        case connect(LocalProcess)
        /// Try again to connect with the process at a path.
        case retry(String)
        /// Close the connection with the process at a path.
        case forget(String)
    }

    private struct Entry: Sendable {
        var socket: ListedSocket
        /// The instant at which the process was first seen to be over, or its connection was last tried.
        var since: TimeSource.Instant?
    }

    /// The time for which a process that ended without goodbye is still listed.
    static let mourning = Duration.seconds(15 * 60)
    /// The time between two attempts to connect with a process that refuses, such as one with too many clients.
    static let retryInterval = Duration.seconds(30)

    private var entries: [String: Entry] = [:]

    /// The known processes, in order.
    var processes: [LocalProcess] {
        self.entries.values.map(\.socket.process).sorted { ($0.pid, $0.number, $0.path) < ($1.pid, $1.number, $1.path) }
    }

    /// Compares the sockets of this machine with the known processes. Carry out the changes in their order.
    ///
    /// - Parameters:
    ///   - sockets: The sockets that a search has found.
    ///   - status: The state of the connection with the process at a path.
    mutating func update(_ sockets: [ListedSocket], at now: TimeSource.Instant, status: (String) -> ConnectionStatus?) -> [Change] {
        let listed = Dictionary(sockets.map { ($0.process.path, $0.status) }) { first, _ in first }
        var changes: [Change] = []
        for path in self.entries.keys.sorted() {
            guard let change = self.change(at: path, listed[path], status(path), at: now) else { continue }
            if case .forget = change { self.entries[path] = nil }
            changes.append(change)
        }
        for socket in sockets where self.entries[socket.process.path] == nil {
            self.entries[socket.process.path] = Entry(socket: socket)
            changes.append(.connect(socket.process))
        }
        return changes
    }

    /// The change of a known process; nil if there is none.
    ///
    /// - Parameter file: The socket at the path; nil if there is none.
    private mutating func change(
        at path: String,
        _ file: FileStatus?,
        _ status: ConnectionStatus?,
        at now: TimeSource.Instant
    ) -> Change? {
        guard let entry = self.entries[path], let status else { return .forget(path) }
        let since = entry.since ?? now
        switch status {
        case .connecting, .live, .silent, .reconnecting:
            self.entries[path]?.since = nil
            return nil
        case .ended(_, let how):
            self.entries[path]?.since = since
            // A process that has restarted may have the number of the one before.
            let isReplaced = file != nil && file != entry.socket.status
            return how != AttachedProcess.withoutGoodbye || isReplaced || now - since >= Self.mourning ? .forget(path) : nil
        case .refused:
            self.entries[path]?.since = since
            guard file == entry.socket.status else { return .forget(path) }
            guard now - since >= Self.retryInterval else { return nil }
            self.entries[path]?.since = now
            return .retry(path)
        }
    }
}
