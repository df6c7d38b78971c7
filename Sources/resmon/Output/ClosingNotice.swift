import ResourceContainer

/// A delayed notice about what the program waits for while it closes. It is shown only if the close takes longer than 300 ms.
///
/// The dashboard has left the screen by then; without the notice the terminal would show nothing.
final class ClosingNotice: Sendable {
    /// The delay of the notice.
    private static let patience = Duration.milliseconds(300)

    private let time: TimeSource
    private let sentence: @Sendable () -> String?
    private let say: @Sendable (String) -> Void
    private let deadline = Lock<TimeSource.Deadline?>(nil)

    /// Creates a notice. `sentence` is called when the notice is due, and returns nil if there is nothing to show.
    init(
        time: TimeSource = .system,
        say: @escaping @Sendable (String) -> Void = { Console.complain($0) },
        _ sentence: @escaping @Sendable () -> String?
    ) {
        self.time = time
        self.say = say
        self.sentence = sentence
    }

    /// Starts the delay.
    func start() {
        let deadline = self.time.schedule(at: self.time.now + Self.patience) { [sentence, say] in
            if let sentence = sentence() { say(sentence) }
        }
        self.deadline.withLock { $0 = deadline }
    }

    /// Cancels the notice, because the close has finished.
    func stop() {
        self.deadline.withLock { $0.take() }?.cancel()
    }
}
