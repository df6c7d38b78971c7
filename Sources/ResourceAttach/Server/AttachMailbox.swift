import LocalSockets
import ResourceContainer
import ResourceRecording

/// The messages of other threads to the server's thread: answers of commands, and the request to stop.
///
/// It holds at most the answers of all running commands.
final class AttachMailbox: Sendable {
    /// The messages since the last time.
    struct Mail: Sendable {
        var answers: [(client: UInt64, answer: AttachAnswer)] = []
        var isStopping = false
    }

    private let mail = Lock(Mail())
    /// The pipe that wakes the thread.
    let pipe: WakePipe

    init(_ pipe: WakePipe) {
        self.pipe = pipe
    }

    /// Leaves an answer for a client.
    func post(_ answer: AttachAnswer, to client: UInt64) {
        self.mail.withLock { $0.answers.append((client, answer)) }
        self.pipe.wake()
    }

    /// Asks the thread to end all streams and then itself.
    func stop() {
        self.mail.withLock { $0.isStopping = true }
        self.pipe.wake()
    }

    /// Takes the answers, and whether the thread should stop.
    func take() -> Mail {
        self.mail.withLock { mail in
            defer { mail.answers = [] }
            return mail
        }
    }
}
