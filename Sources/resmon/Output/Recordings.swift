import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceRecording

/// Opens recordings for commands.
enum Recordings {
    /// Reads a recording, and shows the progress if standard error is a terminal.
    static func open(_ path: String) throws(UsageFault) -> RecordedPictures {
        let showsProgress = TerminalProbe().errorIsTerminal
        do throws(RecordingError) {
            let pictures = try RecordedPictures(path: path) { part in
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
