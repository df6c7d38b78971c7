/// The exit codes of the program.
enum ExitStatus {
    static let success: Int32 = 0
    /// The operation failed.
    static let failure: Int32 = 1
    /// The arguments are invalid, or there is no usable terminal; nothing was started.
    static let usage: Int32 = 2

    /// `resmon check` found a violation.
    static let checkFailed: Int32 = 3

    /// The process was ended by a signal, in the convention of shells.
    static func signal(_ number: Int32) -> Int32 {
        128 + number
    }
}
