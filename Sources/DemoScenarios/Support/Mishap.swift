/// An error that a scenario throws on purpose.
struct Mishap: Error, CustomStringConvertible {
    let description: String
}
