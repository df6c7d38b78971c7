import ResourceContainer
import ResourceRecording

/// The consent to act: the conditions under which a command is sent, and the words for a refusal.
///
/// Acting needs the server's `acting: .owner`, the same user on both sides or root, and the client's `--act`.
package struct ActingGate: Sendable, Hashable {
    /// Whether the user of this program agreed, with `--act`.
    package var hasConsent: Bool
    /// The number of this program's user; nil if the server runs on another machine.
    package var user: UInt32?
    /// The arguments of `resmon attach` that mean the process.
    package var target: String

    /// Creates a gate.
    package init(hasConsent: Bool, user: UInt32?, target: String) {
        self.hasConsent = hasConsent
        self.user = user
        self.target = target
    }

    /// The reason why a command is not sent to a process, with what would allow it; nil if it may be sent.
    ///
    /// - Parameters:
    ///   - name: The command.
    ///   - process: The process in words, such as `shop 4711@web1`.
    ///   - description: The description in the header of the process; nil before a header has arrived.
    package func refusal(of name: AttachCommand.Name, by process: String, _ description: AttachDescription?) -> String? {
        if let refusal = self.refusal(by: process, description) { return refusal }
        guard let description else { return "\(process) is not connected yet" }
        guard description.commands.contains(name.rawValue) else {
            return "\(process) does not know the command \(name.rawValue): its version of ResourceAttach has none"
        }
        return nil
    }

    /// The reason why no command is sent to a process, with everything that is missing; nil if commands may be sent, or if that is not known
    /// before a header.
    package func refusal(by process: String, _ description: AttachDescription?) -> String? {
        let acting = "resmon attach --act \(self.target)"
        guard let description, !description.mayAct else {
            return self.hasConsent ? nil : "this dashboard only watches \(process): \(acting) acts on it"
        }
        let consent = self.hasConsent ? "" : "; then \(acting) acts on it"
        if let user, user != 0, user != description.uid {
            let owner = "attach as user \(description.uid), if its server has acting: .owner"
            return "\(process) accepts no commands of user \(user): \(owner)\(consent)"
        }
        return "\(process) accepts no commands: create its server with ResourceAttach(container, acting: .owner)\(consent)"
    }
}
