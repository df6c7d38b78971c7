import ResourceDashboard
import ResourceRecording

/// Standard output and standard error.
enum Console {
    /// Writes `text` to standard output.
    static func show(_ text: String) throws(FileFault) {
        try StandardOutput.write(text.utf8)
    }

    /// Writes `text` to standard error as it is.
    static func mutter(_ text: String) {
        StandardOutput.mutter(text.utf8)
    }

    /// Writes `text`, of one line or a few, to standard error. What a terminal would take for a command becomes a visible stand-in: names of
    /// files and what people typed are part of it.
    static func complain(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { DisplayText.clip($0, width: 4_000).text + "\n" }
        StandardOutput.mutter(lines.joined().utf8)
    }
}
