import LocalSockets
import ResourceContainer
import ResourceRecording

/// The stream of a process, saved to a new file byte for byte as it arrives.
///
/// It has a separate connection, so the file begins with a header and a snapshot at any time. A file contains one run of a process. It is
/// created with mode 0600, and an existing file is not changed. Its lines are written whole. If the recording is stopped, an end line completes the file.
package final class AttachedRecording: RecorderWork {
    /// The part of the process's time that is saved.
    package enum Span: Sendable, Hashable {
        /// The container as it happens.
        case live
        /// The past that the process's flight recorder keeps, or its last part.
        case past(last: Duration?)
    }

    private struct State: Sendable {
        var length = 0
        /// The time of the last line.
        var time = TimeSource.Instant(nanoseconds: 0)
        var isStarted = false
        var isStopped = false
    }

    /// The path of the file; `-` for standard output.
    package let path: String
    private let endpoint: AttachEndpoint
    private let span: Span
    /// The identity of the run to save; nil for any.
    private let instance: String?
    private let file: OutputFile
    private let time: TimeSource
    private let wake: WakePipe
    private let state = Lock(State())
    private let outcome = Promise<Result<Void, RecordingError>>()

    /// The longest time to wait for lines of the past, and for the header.
    private static let patience = Duration.seconds(20)

    /// Creates the file. The connection opens with ``run()``.
    ///
    /// - Parameters:
    ///   - endpoint: The place where the server is reached.
    ///   - span: The part of the process's time.
    ///   - instance: The identity of the run. Another run at the same place is not saved. Nil saves any run.
    ///   - path: The path of the new file; `-` for standard output.
    ///   - time: The time source of deadlines.
    /// - Throws: `RecordingError` if the file cannot be created.
    package init(
        _ endpoint: AttachEndpoint,
        _ span: Span = .live,
        of instance: String? = nil,
        to path: String,
        time: TimeSource = .system
    ) throws(RecordingError) {
        guard let wake = try? WakePipe() else { throw RecordingError("cannot record to '\(path)': too many files are open") }
        do throws(FileFault) {
            self.file = try OutputTarget(path).begin(mode: 0o600)
        } catch {
            let reason = error.kind == .exists ? "it already exists and is left unchanged" : error.reason
            throw RecordingError("cannot record to '\(path)': \(reason)")
        }
        self.path = self.file.path
        self.endpoint = endpoint
        self.span = span
        self.instance = instance
        self.time = time
        self.wake = wake
    }

    /// The number of bytes written so far.
    package var length: Int { self.state.withLock { $0.length } }

    /// Records until the stream ends, until ``stop()``, or until the task is canceled.
    ///
    /// - Throws: `RecordingError` if the file cannot be written, the process cannot be reached, or the connection is lost. The part written
    ///   before remains readable; without a snapshot, no file is left behind.
    package func run() async throws(RecordingError) {
        let isFirst = self.state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if isFirst, !LibraryThread.start(.attach, { self.outcome.fulfill(self.save()) }) {
            self.outcome.fulfill(.failure(self.failure("too many threads run in this program", isCutOff: false)))
        }
        let result = await withTaskCancellationHandler {
            await self.outcome.waitThroughCancellation()
        } onCancel: {
            self.stop()
        }
        try result.get()
    }

    /// Makes ``run()`` complete the file and return.
    package func stop() {
        self.state.withLock { $0.isStopped = true }
        self.wake.wake()
    }

    /// Returns the time up to which the stream is saved. Lines are saved as they arrive.
    package func record() throws(RecordingError) -> TimeSource.Instant {
        self.state.withLock { $0.time }
    }

    /// Does nothing: the process decides when it sends a snapshot.
    package func recordPicture() throws(RecordingError) {}

    /// Makes ``run()`` complete the file.
    package func finish() throws(RecordingError) {
        self.stop()
    }

    // MARK: The thread

    private func save() -> Result<Void, RecordingError> {
        var stream = SavedStream()
        let result = Result { () throws(RecordingError) in
            try self.copy(into: &stream)
        }
        if !stream.hasPicture {
            self.file.remove()
            if case .success = result { return .failure(self.failure("nothing arrived from \(self.endpoint)", isCutOff: false)) }
            return result
        }
        do throws(FileFault) {
            try self.file.finish()
        } catch {
            return .failure(self.failure(error.reason, isCutOff: true))
        }
        return result
    }

    /// Copies lines until the end of the stream or a stop.
    private func copy(into stream: inout SavedStream) throws(RecordingError) {
        var connection = try self.connected()
        defer { connection.close() }
        var heardAt = self.time.now
        while true {
            if self.state.withLock({ $0.isStopped }) {
                if stream.hasPicture { try self.write(stream.endLine()) }
                return
            }
            // A live stream is silent as long as its process is stopped.
            let mayBeSilent = self.span == .live && stream.hasPicture
            let limit = heardAt + Self.patience
            switch connection.next(until: mayBeSilent ? self.time.now + Self.patience : limit, self.wake) {
            case .nothing:
                if !mayBeSilent, self.time.now >= limit { throw self.failure("nothing arrived for \(Self.patience)", stream) }
            case .end(let reason): throw self.failure(reason, stream)
            case .lines(let lines):
                heardAt = self.time.now
                for line in lines {
                    if try self.take(line, into: &stream) { return }
                }
            }
        }
    }

    private func connected() throws(RecordingError) -> WatchConnection {
        do throws(AttachFailure) {
            switch self.span {
            case .live: return try WatchConnection(self.endpoint, .full, time: self.time)
            case .past(let last): return try WatchConnection(self.endpoint, .past, last: last, time: self.time)
            }
        } catch {
            throw self.failure(error.description, isCutOff: false)
        }
    }

    /// Writes a line. Returns true for the last one.
    private func take(_ line: [UInt8], into stream: inout SavedStream) throws(RecordingError) -> Bool {
        let isBeginning = !stream.hasHeader
        let meaning = stream.take(line[...])
        if isBeginning, stream.hasHeader { try self.check(header: line) }
        switch meaning {
        case .damaged(let reason): throw self.failure("a line is damaged: \(reason)", stream)
        case .refusal(_, let reason) where !stream.hasPicture: throw self.failure(reason.asSentence, isCutOff: false)
        case .line, .refusal, .end: break
        }
        try self.write(line + [UInt8(ascii: "\n")])
        let time = stream.time
        self.state.withLock { $0.time = time }
        return meaning == .end
    }

    /// Checks that a header is that of the run to save.
    private func check(header line: [UInt8]) throws(RecordingError) {
        var reader = RecordingReader()
        _ = reader.take(line[...])
        guard let attach = reader.header?.attach else {
            throw self.failure("\(self.endpoint) is not the server of a process", isCutOff: false)
        }
        guard let instance = self.instance, attach.instance != instance else { return }
        throw self.failure("the process has ended, and \(self.endpoint) is the server of another one", isCutOff: false)
    }

    private func write(_ bytes: [UInt8]) throws(RecordingError) {
        do throws(FileFault) {
            try self.file.append(bytes)
        } catch {
            throw self.failure(error.reason, isCutOff: self.length > 0)
        }
        self.state.withLock { $0.length += bytes.count }
    }

    private func failure(_ reason: String, _ stream: SavedStream) -> RecordingError {
        self.failure(reason, isCutOff: stream.hasPicture)
    }

    private func failure(_ reason: String, isCutOff: Bool) -> RecordingError {
        let what = isCutOff ? "the recording to '\(self.path)' is cut off after \(self.length) bytes" : "cannot record to '\(self.path)'"
        return RecordingError("\(what): \(reason)", isCutOff: isCutOff)
    }
}
