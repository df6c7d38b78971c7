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
    private var stream = RecordingStream()
    /// The number of bytes written so far.
    public private(set) var length = 0

    /// Creates the file and writes the header and the snapshot that the first input follows.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be created or written. No file is left behind.
    public init(path: String, header: RecordingHeader, snapshot: ContainerSnapshot) throws(RecordingError) {
        self.file = try Self.file(path)
        do {
            try self.write { stream in try stream.header(header, at: snapshot.time) }
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
        try self.write { stream in try stream.input(input) }
    }

    /// Whether a snapshot is due, from which reading can resume after damage.
    public var isPictureDue: Bool { self.stream.isPictureDue }

    /// Writes the end line, which marks the recording as complete.
    ///
    /// - Throws: ``RecordingError`` if the file cannot be written.
    public mutating func end() throws(RecordingError) {
        try self.write { stream in try stream.end() }
    }

    /// Writes a snapshot, unless it is older than the last input.
    ///
    /// - Returns: Whether the snapshot was written.
    /// - Throws: ``RecordingError`` if the file cannot be written.
    @discardableResult
    public mutating func write(_ snapshot: ContainerSnapshot) throws(RecordingError) -> Bool {
        try self.write { stream in try stream.picture(snapshot) }
    }

    /// Writes the line that `encode` takes from the stream, if it takes one. Returns whether it did.
    @discardableResult
    private mutating func write(_ encode: (inout RecordingStream) throws -> [UInt8]?) throws(RecordingError) -> Bool {
        let bytes: [UInt8]
        do {
            guard let line = try encode(&self.stream) else { return false }
            bytes = line
        } catch {
            throw RecordingError("cannot record to '\(self.file.path)': \(error)")
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
        return true
    }
}
