import ResourceContainer
import ResourceRecording

/// The number of commands of all clients of a server that run at the same time.
///
/// A command whose client is gone is canceled, but ends only when the work that it waits for ends. Clients that connect again and again
/// therefore start no more commands than clients that stay.
final class RunningCommands: Sendable {
    /// The largest number of running commands.
    static let limit = AttachLimits.clients * AttachLimits.commands

    private let count = Lock(0)

    /// Counts another command. Returns false if none may start now.
    func begin() -> Bool {
        self.count.withLock { count in
            if count >= Self.limit { return false }
            count += 1
            return true
        }
    }

    /// Notes that a command has ended.
    func end() {
        self.count.withLock { $0 -= 1 }
    }
}
