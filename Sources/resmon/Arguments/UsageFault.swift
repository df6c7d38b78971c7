/// What was asked for cannot be done as it was asked: names the fault and what is accepted, in one line. The program ends with 2.
struct UsageFault: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
