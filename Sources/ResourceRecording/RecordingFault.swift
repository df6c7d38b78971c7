import ResourceContainer

/// A place of a recording that could not be used, and what it costs.
public struct RecordingFault: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The line has not the form of one, or its checksum does not fit.
        case damaged
        /// The line is whole, but does not follow from what came before it.
        case unusable
        /// Lines are missing before this one.
        case missing(lines: UInt64)
        /// The line was there before.
        case repeated
        /// The last line has no end: the recording was cut off, or is being written.
        case cutOff
    }

    public var kind: Kind
    /// The line of the file, from 1 on.
    public var line: Int

    public var description: String {
        switch self.kind {
        case .damaged: "line \(self.line) is damaged"
        case .unusable: "line \(self.line) does not follow from the lines before it"
        case .missing(let lines): "before line \(self.line) \(lines == 1 ? "a line is" : "\(lines) lines are") missing"
        case .repeated: "line \(self.line) was there before"
        case .cutOff: "line \(self.line), the last, has no end: the recording was cut off, or is still being written"
        }
    }
}

/// What could be read of a recording.
public struct RecordingSurvey: Sendable, Hashable {
    /// How many lines were looked at, and how many of them could not be used.
    public var lines = 0
    public var unused = 0
    /// The first faults, in the order of the file; ``faultCount`` counts all.
    public var faults: [RecordingFault] = []
    public var faultCount = 0
    /// Lines and events of kinds that a newer version wrote.
    public var unknownLines = 0
    public var unknownEvents = 0
    /// Whether the recording was ended in order.
    public var isComplete = false
    /// The version, if it is a newer one than this library's.
    public var newerVersion: String?

    private static let faultLimit = 100

    public init() {}

    mutating func note(_ kind: RecordingFault.Kind, line: Int) {
        self.faultCount += 1
        if self.faults.count < Self.faultLimit { self.faults.append(RecordingFault(kind: kind, line: line)) }
    }

    /// Whether everything was read as it was written.
    public var isWhole: Bool {
        self.faultCount == 0 && self.isComplete
    }

    /// What a person should know, a line each; nothing if all is well.
    public var remarks: [String] {
        var remarks: [String] = []
        if let newerVersion {
            remarks.append(
                "the recording is of version \(newerVersion), newer than \(RecordingHeader.currentVersion): what it added is passed over"
            )
        }
        if self.unknownLines > 0 || self.unknownEvents > 0 {
            remarks.append("\(self.unknownLines) lines and \(self.unknownEvents) events are of kinds that this version does not know")
        }
        remarks += self.faults.prefix(5).map(\.description)
        if self.faultCount > 5 { remarks.append("and \(self.faultCount - 5) faults more") }
        if self.unused > 0 {
            remarks.append("\(self.unused) of \(self.lines) lines could not be used; figures after a gap begin from the next whole picture")
        }
        if !self.isComplete, !self.faults.contains(where: { $0.kind == .cutOff }) {
            remarks.append("the recording was not ended in order: the program was killed, or is still recording")
        }
        return remarks
    }
}
