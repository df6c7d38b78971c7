/// An error that reports a script that cannot be played. It names the position of the fault and the accepted input.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The fault, its position, and the accepted input.
    public let description: String

    init(_ fault: String, script: String, location: Int) {
        self.description = "the script \"\(script)\" cannot be played: at character \(location): \(fault)"
    }

    /// An earlier step has quit the dashboard.
    init(endedBefore step: ScriptStep) {
        self.description = "'\(step)' cannot be played: the dashboard has quit; create another DashboardSession to start again"
    }
}
