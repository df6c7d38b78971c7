import ResourceContainer
import ResourceMonitoring

/// Records a container to a new file while the program goes on.
///
/// It draws on the container's events as a monitor does: the container waits for nothing, and memory is bounded. When more happens than can be
/// written, the recording says how much was missed and goes on with a whole picture.
public final class Recorder: Sendable {
    private struct State: Sendable {
        var tap: MonitorTap
        var writer: RecordingWriter
        var isEnded = false
    }

    /// The file; `-` for standard output.
    public let path: String
    private let container: Container
    private let state: Lock<State>
    private let stopped = Promise<Void>()

    /// Makes the file `path`, with mode 0600, and begins; a file that exists is not touched. A device or a pipe is written to.
    ///
    /// - Parameters:
    ///   - container: what is recorded.
    ///   - health: a checker of the container, if the program has one at hand. What is known of the container's health is recorded whichever
    ///     of its checkers asks.
    ///   - path: the file that is made, with `~` for the home directory; `-` is standard output.
    ///   - header: where the picture comes from, and how the container's time is shown; its container's name is filled in.
    /// - Throws: ``RecordingError`` if the file cannot be made.
    public init(_ container: Container, health: HealthChecker? = nil, path: String, header: RecordingHeader) throws(RecordingError) {
        let tap = MonitorTap(container)
        var header = header
        header.container = tap.snapshot.container
        let writer = try RecordingWriter(path: path, header: header, snapshot: tap.snapshot)
        self.path = writer.path
        self.container = container
        self.state = Lock(State(tap: tap, writer: writer))
    }

    /// How many bytes were written.
    public var length: Int {
        self.state.withLock { $0.writer.length }
    }

    /// Writes what has happened until now. For whoever makes their own rhythm; ``run()`` does it by itself.
    ///
    /// - Returns: the moment that is recorded up to.
    /// - Throws: ``RecordingError`` if it cannot be written; what was written before can be read.
    @discardableResult
    public func record() throws(RecordingError) -> TimeSource.Instant {
        // Pools may be a user's own, and so are asked outside the lock.
        let pools = self.state.withLock { $0.tap.isDue } ? self.container.poolSamples() : nil
        let (time, isPictureDue) = try self.state.withLock { state throws(RecordingError) in
            let input = state.tap.next(pools: pools)
            if state.isEnded { return (input.time, false) }
            try state.writer.write(input)
            return (input.time, state.writer.isPictureDue)
        }
        if isPictureDue { try self.recordPicture() }
        return time
    }

    /// Writes a whole picture, from which the recording can be read on if something before it is damaged. Pictures are written now and then
    /// in any case.
    public func recordPicture() throws(RecordingError) {
        var isDone = false
        // Another call may write events in between that the picture does not include; then a newer one is taken.
        while !isDone {
            let snapshot = self.container.snapshot()
            isDone = try self.state.withLock { state throws(RecordingError) in
                if state.isEnded { return true }
                return try state.writer.write(snapshot)
            }
        }
    }

    /// Writes what has happened until now, and that the recording ends there. Once is enough.
    public func finish() throws(RecordingError) {
        try self.record()
        try self.state.withLock { state throws(RecordingError) in
            if state.isEnded { return }
            state.isEnded = true
            try state.writer.end()
        }
    }

    /// Records until ``stop()`` is called or the task is cancelled: four times a second while something happens, once while nothing does.
    public func run() async throws(RecordingError) {
        let time = self.container.environment.time
        while !Task.isCancelled, self.stopped.value == nil {
            let moment = try self.record()
            let tap = self.state.withLock { $0.tap }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await time.sleep(until: MonitorTap.nextStep(after: moment))
                    await tap.somethingHappens(before: moment + .seconds(1))
                }
                group.addTask { [stopped] in _ = await stopped.wait() }
                await group.next()
                group.cancelAll()
            }
        }
        try self.finish()
    }

    /// Lets ``run()`` come to its end.
    public func stop() {
        self.stopped.fulfil(())
    }
}
