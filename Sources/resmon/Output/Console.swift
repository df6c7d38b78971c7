import ResourceDashboard
import ResourceRecording

/// Standard output and standard error.
enum Console {
    /// Writes `text` to standard output.
    static func show(_ text: String) throws(FileFault) {
        try StandardOutput.write(text.utf8)
    }

    /// Writes `text` to standard error unchanged.
    static func mutter(_ text: String) {
        StandardOutput.mutter(text.utf8)
    }

    /// Writes `text`, one or more lines, to standard error. Control characters are replaced by visible characters, because the text may
    /// contain file names and user input.
    static func complain(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { DisplayText.clip($0, width: 4_000).text + "\n" }
        StandardOutput.mutter(lines.joined().utf8)
    }
}
