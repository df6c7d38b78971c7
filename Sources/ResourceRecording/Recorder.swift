import ResourceContainer
import ResourceMonitoring

/// A recorder of a container's events and samples to a new file, while the program runs.
///
/// Recording never delays the container, and its memory is bounded. If events occur faster than the recorder reads them, the recording
/// contains the number of missed events and continues with a snapshot.
public final class Recorder: Sendable {
    /// The path of the file; `-` for standard output.
    public let path: String
    private let work: any RecorderWork

    /// Creates the file with mode 0600 and begins the recording. An existing file is not changed; a device or a pipe is written to.
    ///
    /// - Parameters:
    ///   - container: The container to record.
    ///   - health: Ignored. The container's known health is recorded, regardless of the checker that determined it.
    ///   - path: The path of the new file, where a leading `~` is the home directory; `-` is standard output.
    ///   - header: The origin of the recording and the display of its times. The recorder sets the header's container name. Nil describes a
    ///     program that runs now: its origin is `in-process`, and its times are those of the system's clock, in local time.
    /// - Throws: ``RecordingError`` if the file cannot be created.
    public init(
        _ container: Container,
        health: HealthChecker? = nil,
        path: String,
        header: RecordingHeader? = nil
    ) throws(RecordingError) {
        let header = header ?? RecordingHeader(ofProgramOn: container.environment.time)
        let work = try ContainerRecorder(container, path: path, header: header)
        self.path = work.path
        self.work = work
    }

    /// Creates a recorder that forwards to `work`, for a recording of another process.
    package init(_ work: any RecorderWork) {
        self.path = work.path
        self.work = work
    }

    /// The number of bytes written so far.
    public var length: Int {
        self.work.length
    }

    /// Writes everything that has happened since the last write.
    ///
    /// Use it to record at your own pace; ``run()`` calls it periodically. After ``finish()`` nothing is written.
    ///
    /// - Returns: The time up to which the container is recorded.
    /// - Throws: ``RecordingError`` if the file cannot be written. The part written before remains readable.
    @discardableResult
    public func record() throws(RecordingError) -> TimeSource.Instant {
        try self.work.record()
    }

    /// Writes a snapshot, from which reading can resume after damage. ``record()`` also writes snapshots from time to time.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    public func recordPicture() throws(RecordingError) {
        try self.work.recordPicture()
    }

    /// Writes everything that has happened since the last write, and the end line. Further calls do nothing.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    public func finish() throws(RecordingError) {
        try self.work.finish()
    }

    /// Records until ``stop()`` is called or the task is canceled, then calls ``finish()``.
    ///
    /// The recorder writes at most four times per second while events occur, and once per second otherwise.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    public func run() async throws(RecordingError) {
        try await self.work.run()
    }

    /// Makes ``run()`` finish the recording and return.
    public func stop() {
        self.work.stop()
    }
}
