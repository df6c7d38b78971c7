import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceRecording

/// Opens recordings for commands, and names new ones.
enum Recordings {
    /// The path of a new recording: the value of `--output`, or a new file in the directory of recordings whose name begins with `prefix`.
    static func newPath(_ output: String?, prefix: String) throws(UsageFault) -> String {
        if output == "" { throw UsageFault("--output: the name is empty: give the name of a file, or - for standard output") }
        do {
            return try RecordingPath.path(output ?? "", prefix: prefix)
        } catch {
            throw UsageFault("\(output == nil ? "" : "--output: ")\(error)")
        }
    }

    /// Prints what was written: on standard error, if the recording itself is on standard output.
    static func report(_ verb: String, _ length: Int, to path: String) throws(FileFault) {
        let isOut = path == "-"
        let line = "\(verb) \(Format.bytes(length)) to \(isOut ? "standard output" : path)"
        if isOut { Console.complain(line) } else { try Console.show(line + "\n") }
    }

    /// Reads a recording or a feed, and shows the progress if standard error is a terminal.
    static func open(_ path: String) throws(UsageFault) -> RecordedPictures {
        let showsProgress = TerminalProbe().errorIsTerminal
        do throws(RecordingError) {
            let file = try FeedFile(path)
            defer { file.remove() }
            let pictures = try RecordedPictures(path: file.path) { part in
                if showsProgress { Console.mutter("reading \(path): \(Int(part * 100)) %\r") }
            }
            return pictures
        } catch {
            throw UsageFault(error.description)
        }
    }

    /// Throws unless the recording contains `moment`. The error has the last valid time, in whole milliseconds, rounded up.
    static func check(_ moment: Duration, _ option: String, within pictures: RecordedPictures) throws(UsageFault) {
        let length = pictures.span.upperBound - pictures.beginning
        let milliseconds = (length.wholeNanoseconds + 999_999) / 1_000_000
        guard moment > .milliseconds(milliseconds) else { return }
        throw UsageFault("\(option): the recording is \(Format.duration(length)) long: up to \(milliseconds)ms is accepted")
    }
}
