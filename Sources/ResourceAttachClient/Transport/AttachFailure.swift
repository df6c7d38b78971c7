import LocalSockets
import ResourceContainer

/// The reason why a process cannot be attached to, or why a command failed, as a sentence for users.
public struct AttachFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence, without a period.
    public let description: String

    /// Creates a failure. Text of another process in it must be cleaned.
    package init(_ description: String) {
        self.description = description
    }

    /// A failed operation and the system's reason.
    init(_ what: String, _ error: SystemError) {
        self.init("\(what): \(error.words)")
    }
}
