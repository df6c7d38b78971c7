/// What the program's exit codes mean.
enum ExitStatus {
    static let success: Int32 = 0
    /// It was done and went wrong.
    static let failure: Int32 = 1
    /// It cannot be done as it was asked, or there is no terminal to do it on; nothing was begun.
    static let usage: Int32 = 2

    /// What was checked is not as it should be.
    static let checkFailed: Int32 = 3

    /// Ended by a signal, as a shell counts it.
    static func signal(_ number: Int32) -> Int32 {
        128 + number
    }
}
