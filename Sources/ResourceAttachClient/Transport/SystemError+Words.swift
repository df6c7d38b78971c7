import LocalSockets
import ResourceRecording

extension SystemError {
    /// The error for users.
    var words: String { FileFault.words(self.number) }
}
