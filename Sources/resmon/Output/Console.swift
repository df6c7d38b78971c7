import Foundation

/// Standard output and standard error.
enum Console {
    /// Writes `text` to standard output; false if it could not be written.
    @discardableResult
    static func show(_ text: String) -> Bool {
        (try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))) != nil
    }

    /// Writes `text` to standard error as it is.
    static func mutter(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Writes `line` to standard error. If that cannot be written there is nobody left to tell.
    static func complain(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }
}
