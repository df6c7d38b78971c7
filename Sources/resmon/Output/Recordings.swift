import CursesTerminal
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
}
