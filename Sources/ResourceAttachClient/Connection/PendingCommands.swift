import ResourceContainer
import ResourceRecording

/// The commands that were sent to a server and are not answered: a pure table.
///
/// Each has a deadline, after which its caller stops waiting. The server may still carry it out then.
package struct PendingCommands<Token: Sendable>: Sendable {
    /// A command and the token of its caller.
    package struct Entry: Sendable {
        /// The number of the request.
        package let id: Int
        /// The name of the command.
        package let name: AttachCommand.Name
        /// The end of the wait.
        package let deadline: TimeSource.Instant
        /// The token of the caller.
        package let token: Token
    }

    /// The number of the request that begins the stream.
    package static var watchID: Int { 1 }

    private var entries: [Entry] = []
    private var lastID = Self.watchID

    /// Creates an empty table.
    package init() {}

    /// The number of unanswered commands.
    package var count: Int { self.entries.count }

    /// The earliest deadline; nil without commands.
    package var deadline: TimeSource.Instant? {
        self.entries.map(\.deadline).min()
    }

    /// Adds a command and returns the request to send; nil if as many commands are unanswered as a server accepts at once.
    package mutating func begin(_ command: AttachCommand, for token: Token, at now: TimeSource.Instant) -> AttachRequest? {
        guard self.entries.count < AttachLimits.commands else { return nil }
        self.lastID += 1
        let deadline = now + Self.limit(of: command)
        self.entries.append(Entry(id: self.lastID, name: command.name, deadline: deadline, token: token))
        return AttachRequest(id: self.lastID, command: command)
    }

    /// Removes and returns the command with this number; nil if it is unknown, answered before, or expired.
    package mutating func take(_ id: Int) -> Entry? {
        self.entries.firstIndex { $0.id == id }.map { self.entries.remove(at: $0) }
    }

    /// Removes and returns the commands whose deadline has passed.
    package mutating func expire(at now: TimeSource.Instant) -> [Entry] {
        let expired = self.entries.filter { $0.deadline <= now }
        if !expired.isEmpty { self.entries.removeAll { $0.deadline <= now } }
        return expired
    }

    /// Removes and returns all commands, because their connection has ended.
    package mutating func removeAll() -> [Entry] {
        defer { self.entries = [] }
        return self.entries
    }

    /// The time to wait for the answer of a command. Draining a scope, creating an instance, and waiting for a lease take as long as the
    /// application allows.
    package static func limit(of command: AttachCommand) -> Duration {
        switch command {
        case .closeScope: .seconds(300)
        case .get, .lease, .checkHealth: .seconds(120)
        case .watch, .openScope, .release, .releaseAll, .breakLease, .inject: .seconds(10)
        }
    }
}
