import ResourceContainer

/// Tells a person what the program waits for, if closing takes long enough to make them wonder.
///
/// The screen is gone by then: without it the terminal is blank and silent.
final class ClosingNotice: Sendable {
    /// After how long without an end something is said.
    private static let patience = Duration.milliseconds(300)

    private let time: TimeSource
    private let sentence: @Sendable () -> String?
    private let say: @Sendable (String) -> Void
    private let deadline = Lock<TimeSource.Deadline?>(nil)

    /// A notice of `sentence`, which is made at the moment it is due; nil if there is nothing to say after all.
    init(
        time: TimeSource = .system,
        say: @escaping @Sendable (String) -> Void = { Console.complain($0) },
        _ sentence: @escaping @Sendable () -> String?
    ) {
        self.time = time
        self.say = say
        self.sentence = sentence
    }

    /// Begins to wait.
    func start() {
        let deadline = self.time.schedule(at: self.time.now + Self.patience) { [sentence, say] in
            if let sentence = sentence() { say(sentence) }
        }
        self.deadline.withLock { $0 = deadline }
    }

    /// Closing has come to its end: nothing is said any more.
    func stop() {
        self.deadline.withLock { $0.take() }?.cancel()
    }
}
