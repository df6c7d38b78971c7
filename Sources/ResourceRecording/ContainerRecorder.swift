import ResourceContainer
import ResourceMonitoring

/// The recording of a container in this process: a tap of the container, and the writer of a file.
final class ContainerRecorder: RecorderWork {
    private struct State: Sendable {
        var tap: MonitorTap
        var writer: RecordingWriter
        var isEnded = false
    }

    /// The path of the file; `-` for standard output.
    let path: String
    private let container: Container
    private let state: Lock<State>
    private let stopped = Promise<Void>()

    /// Creates the file and begins the recording.
    init(_ container: Container, path: String, header: RecordingHeader) throws(RecordingError) {
        let tap = MonitorTap(container)
        var header = header
        header.container = tap.snapshot.container
        let writer = try RecordingWriter(path: path, header: header, snapshot: tap.snapshot)
        tap.releaseSnapshot()
        self.path = writer.path
        self.container = container
        self.state = Lock(State(tap: tap, writer: writer))
    }

    /// The number of bytes written so far.
    var length: Int {
        self.state.withLock { $0.writer.length }
    }

    /// Writes everything that has happened since the last write.
    ///
    /// Use it to record at your own pace; ``run()`` calls it periodically. After ``finish()`` nothing is written.
    ///
    /// - Returns: The time up to which the container is recorded.
    /// - Throws: ``RecordingError`` if the file cannot be written. The part written before remains readable.
    @discardableResult
    func record() throws(RecordingError) -> TimeSource.Instant {
        // Pools may be application code, so they are sampled outside the lock.
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

    /// Writes a snapshot, from which reading can resume after damage. ``record()`` also writes snapshots from time to time.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    func recordPicture() throws(RecordingError) {
        var isDone = false
        // A concurrent call may write events that the snapshot does not include; then a newer snapshot is taken.
        while !isDone {
            let snapshot = self.container.snapshot()
            isDone = try self.state.withLock { state throws(RecordingError) in
                if state.isEnded { return true }
                return try state.writer.write(snapshot)
            }
        }
    }

    /// Writes everything that has happened since the last write, and the end line. Further calls do nothing.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    func finish() throws(RecordingError) {
        try self.record()
        try self.state.withLock { state throws(RecordingError) in
            if state.isEnded { return }
            state.isEnded = true
            try state.writer.end()
        }
    }

    /// Records until ``stop()`` is called or the task is canceled, then calls ``finish()``.
    ///
    /// The recorder writes at most four times per second while events occur, and once per second otherwise.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    func run() async throws(RecordingError) {
        let time = self.container.environment.time
        let pace = RecordingPace()
        while !Task.isCancelled, self.stopped.value == nil {
            let moment = try self.record()
            let tap = self.state.withLock { $0.tap }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await time.sleep(until: pace.due(after: moment, hasNews: true))
                    await tap.somethingHappens(before: pace.due(after: moment, hasNews: false))
                }
                group.addTask { [stopped] in _ = await stopped.wait() }
                await group.next()
                group.cancelAll()
            }
        }
        try self.finish()
    }

    /// Makes ``run()`` finish the recording and return.
    func stop() {
        self.stopped.fulfill(())
    }
}
