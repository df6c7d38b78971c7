/// An error in the arguments or the environment. It names the fault and the accepted input in one line. The exit code is 2.
struct UsageFault: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
