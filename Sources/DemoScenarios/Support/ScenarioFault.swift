/// An error that a scenario throws on purpose.
struct ScenarioFault: Error, CustomStringConvertible {
    let description: String
}
