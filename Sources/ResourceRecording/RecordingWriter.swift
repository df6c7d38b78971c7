import ResourceContainer
import ResourceMonitoring

/// Writes a recording, line by line: a reader of the growing file sees whole lines but for the last.
///
/// For one writer. The file is made with mode 0600, and one that exists is not touched; a device or a pipe is written to.
public struct RecordingWriter: Sendable {
    private let file: OutputFile
    /// Whether there is something in the file that can be shown: its head and a picture.
    private var hasBegun = false
    private var encoder = RecordingEncoder()
    private var time: TimeSource.Instant
    /// How many bytes were written, and how many of them since the last picture and for it.
    public private(set) var length = 0
    private var sincePicture = 0
    private var pictureLength = 0
    private var pictureTime: TimeSource.Instant
    private let beginning: TimeSource.Instant
    /// The number of the last event that was written.
    private var sequence: UInt64 = 0

    /// A picture is written again after this many times its own length, and at least so many bytes: where a line is damaged, what comes after
    /// it can be shown from the next picture on.
    private static let pictureFactor = 4
    private static let pictureLeast = 16 << 10
    /// And after an eighth of the time that is recorded, within these limits, if the picture is small or something happened meanwhile.
    private static let pictureIntervals = Duration.milliseconds(2500)...Duration.seconds(60)
    private static let smallPicture = 64 << 10

    /// Makes the file and writes its head: what it is of, and the picture that the first input follows.
    ///
    /// - Throws: ``RecordingError``; no file is left then.
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
            throw RecordingError("cannot record to '\(path)': \(isThere ? "it exists already, and is left as it is" : error.reason)")
        }
    }

    /// The file; `-` for standard output.
    public var path: String { self.file.path }

    /// Writes what a monitor was told next.
    public mutating func write(_ input: MonitorInput) throws(RecordingError) {
        self.time = input.time
        self.sequence = max(self.sequence, input.batch.events.last?.sequence ?? input.batch.snapshot?.sequence ?? 0)
        let line = Result { () throws -> [UInt8] in try self.encoder.line(input) }
        self.sincePicture += try self.write(line)
    }

    /// Whether a picture should follow, from which the recording can be read on if something before it is damaged.
    public var isPictureDue: Bool {
        if self.sincePicture > max(Self.pictureLeast, self.pictureLength * Self.pictureFactor) { return true }
        let (least, most) = (Self.pictureIntervals.lowerBound, Self.pictureIntervals.upperBound)
        let passed = self.time - self.pictureTime
        guard self.pictureLength <= max(Self.smallPicture, self.sincePicture) else { return passed > most }
        return passed > min(most, max(least, (self.time - self.beginning) / 8))
    }

    /// Says that the recording was ended in order.
    public mutating func end() throws(RecordingError) {
        let line = Result { () throws -> [UInt8] in try self.encoder.end(at: self.time) }
        try self.write(line)
    }

    /// Writes a whole picture, unless it is older than the last input. Returns whether it was written.
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
