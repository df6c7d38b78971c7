import ResourceContainer

/// The work of a ``Recorder``: a recording to one file, of a container in this process or of another process.
package protocol RecorderWork: Sendable {
    /// The path of the file; `-` for standard output.
    var path: String { get }
    /// The number of bytes written so far.
    var length: Int { get }
    /// Writes everything that has happened since the last write, and returns the time up to which it is recorded.
    func record() throws(RecordingError) -> TimeSource.Instant
    /// Writes a snapshot, from which reading can resume after damage.
    func recordPicture() throws(RecordingError)
    /// Writes everything that has happened since the last write, and the end line.
    func finish() throws(RecordingError)
    /// Records until ``stop()`` is called or the task is canceled, and finishes the recording.
    func run() async throws(RecordingError)
    /// Makes ``run()`` finish the recording and return.
    func stop()
}
