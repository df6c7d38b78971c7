/// Why a script cannot be played.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, where, and what is accepted.
    public let description: String

    init(_ fault: String, script: String, place: Int) {
        self.description = "the script \"\(script)\" cannot be played: at character \(place): \(fault)"
    }

    /// The dashboard was quit, by an earlier step.
    init(endedBefore step: ScriptStep) {
        self.description = "'\(step)' cannot be played: the dashboard was quit before; a session begins anew with another DashboardSession"
    }
}
