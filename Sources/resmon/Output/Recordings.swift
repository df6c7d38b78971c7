import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceRecording

/// Opening recordings from the command line.
enum Recordings {
    /// Reads a recording once, and says on a terminal how far it is while that takes long.
    static func open(_ path: String) throws(UsageFault) -> RecordedPictures {
        let tells = TerminalProbe().errorIsTerminal
        do throws(RecordingError) {
            let pictures = try RecordedPictures(path: path) { part in
                if tells { Console.mutter("reading \(path): \(Int(part * 100)) %\r") }
            }
            return pictures
        } catch {
            throw UsageFault(error.description)
        }
    }

    /// A moment that a recording has. The last one that it can show is given in whole milliseconds, rounded up.
    static func check(_ moment: Duration, _ option: String, within pictures: RecordedPictures) throws(UsageFault) {
        let length = pictures.span.upperBound - pictures.beginning
        let milliseconds = (length.wholeNanoseconds + 999_999) / 1_000_000
        guard moment > .milliseconds(milliseconds) else { return }
        throw UsageFault("\(option): the recording is \(Format.duration(length)) long: up to \(milliseconds)ms is accepted")
    }
}
