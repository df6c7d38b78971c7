import ResourceContainer
import ResourceMonitoring

/// A writer of a recording's lines.
///
/// Lines are only appended; a reader of the growing file sees complete lines, except possibly the last one. Each file has one writer. The
/// file is created with mode 0600; an existing file is not changed, and a device or a pipe is written to.
public struct RecordingWriter: Sendable {
    private let file: OutputFile
    /// Whether the file contains its header and first snapshot, so that it can be shown.
    private var hasBegun = false
    private var encoder = RecordingEncoder()
    private var time: TimeSource.Instant
    /// The number of bytes written so far.
    public private(set) var length = 0
    /// The numbers of bytes written since the last snapshot, and for it.
    private var sincePicture = 0
    private var pictureLength = 0
    private var pictureTime: TimeSource.Instant
    private let beginning: TimeSource.Instant
    /// The number of the last event that was written.
    private var sequence: UInt64 = 0

    /// A snapshot is due after this multiple of the previous snapshot's length, but at least `pictureLeast` bytes. After a damaged line,
    /// the recording can be shown again from the next snapshot.
    private static let pictureFactor = 4
    private static let pictureLeast = 16 << 10
    /// A snapshot is also due after an eighth of the recorded time, within these limits, if it is small compared to the lines since.
    private static let pictureIntervals = Duration.milliseconds(2500)...Duration.seconds(60)
    private static let smallPicture = 64 << 10

    /// Creates the file and writes the header and the snapshot that the first input follows.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be created or written. No file is left behind.
    public init(path: String, header: RecordingHeader, snapshot: ContainerSnapshot) throws(RecordingError) {
        self.file = try Self.file(path)
        self.time = snapshot.time
        self.pictureTime = snapshot.time
        self.beginning = snapshot.time
        do {
            let head = Result { () throws -> [UInt8] in try self.encoder.line(header, at: snapshot.time) }
            try self.write(head)
            try self.write(snapshot)
            self.hasBegun = true
        } catch {
            self.file.remove()
            throw error
        }
    }

    private static func file(_ path: String) throws(RecordingError) -> OutputFile {
        do {
            return try OutputTarget(path).begin(mode: 0o600)
        } catch {
            let isThere = error.kind == .exists
            throw RecordingError("cannot record to '\(path)': \(isThere ? "it already exists and is left unchanged" : error.reason)")
        }
    }

    /// The path of the file; `-` for standard output.
    public var path: String { self.file.path }

    /// Writes the next input.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    public mutating func write(_ input: MonitorInput) throws(RecordingError) {
        self.time = input.time
        self.sequence = max(self.sequence, input.batch.events.last?.sequence ?? input.batch.snapshot?.sequence ?? 0)
        let line = Result { () throws -> [UInt8] in try self.encoder.line(input) }
        self.sincePicture += try self.write(line)
    }

    /// Whether a snapshot is due, from which reading can resume after damage.
    public var isPictureDue: Bool {
        if self.sincePicture > max(Self.pictureLeast, self.pictureLength * Self.pictureFactor) { return true }
        let (least, most) = (Self.pictureIntervals.lowerBound, Self.pictureIntervals.upperBound)
        let passed = self.time - self.pictureTime
        guard self.pictureLength <= max(Self.smallPicture, self.sincePicture) else { return passed > most }
        return passed > min(most, max(least, (self.time - self.beginning) / 8))
    }

    /// Writes the end line, which marks the recording as complete.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    public mutating func end() throws(RecordingError) {
        let line = Result { () throws -> [UInt8] in try self.encoder.end(at: self.time) }
        try self.write(line)
    }

    /// Writes a snapshot, unless it is older than the last input.
    ///
    /// - Returns: Whether the snapshot was written.
    /// - Throws: ``RecordingError`` if the file cannot be written.
    @discardableResult
    public mutating func write(_ snapshot: ContainerSnapshot) throws(RecordingError) -> Bool {
        guard snapshot.sequence >= self.sequence else { return false }
        let time = max(self.time, snapshot.time)
        let line = Result { () throws -> [UInt8] in try self.encoder.line(snapshot, at: time) }
        self.time = time
        self.pictureLength = try self.write(line)
        self.pictureTime = time
        self.sincePicture = 0
        return true
    }

    @discardableResult
    private mutating func write(_ line: Result<[UInt8], any Error>) throws(RecordingError) -> Int {
        let bytes: [UInt8]
        switch line {
        case .success(let encoded): bytes = encoded
        case .failure(let error): throw RecordingError("cannot record to '\(self.file.path)': \(error)")
        }
        do {
            try self.file.append(bytes)
        } catch {
            let what =
                self.hasBegun
                ? "the recording to \(self.file.name) is cut off after \(self.length) bytes" : "cannot record to \(self.file.name)"
            throw RecordingError("\(what): \(error.reason)", isCutOff: true)
        }
        self.length += bytes.count
        return bytes.count
    }
}
