import ResourceContainer

/// A place of a recording that could not be used, and what it costs.
public struct RecordingFault: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The line does not have the form of one, its checksum does not fit, or it tells what cannot be.
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
    /// Why it cannot be used, where there is more to say than its kind does.
    public var reason: String?

    public var description: String {
        let because = self.reason.map { ": \($0)" } ?? ""
        return switch self.kind {
        case .damaged: "line \(self.line) is damaged\(because)"
        case .unusable: "line \(self.line) does not follow from the lines before it\(because)"
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
    /// Events that the recorder missed, because more happened than it was told of in time: they are not in the file.
    public var missedEvents: UInt64 = 0
    /// Whether lines end with a carriage return, which the recorder does not write.
    public var hasCarriageReturns = false
    /// How long the end of the recording is that cannot be shown, because no whole picture follows the damage.
    public var unreadEnd: Duration?

    private static let faultLimit = 100

    public init() {}

    mutating func note(_ kind: RecordingFault.Kind, line: Int, _ reason: String? = nil) {
        self.faultCount += 1
        if self.faults.count < Self.faultLimit { self.faults.append(RecordingFault(kind: kind, line: line, reason: reason)) }
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
        if self.missedEvents > 0 {
            remarks.append(
                "\(self.missedEvents) events were missed while it was recorded: more happened than the recorder was told of in time"
            )
        }
        if self.hasCarriageReturns {
            remarks.append("its lines end with CR and LF: something changed the line ends since it was written; it is read all the same")
        }
        remarks += self.faults.prefix(5).map(\.description)
        if self.faultCount > 5 { remarks.append("and \(self.faultCount - 5) faults more") }
        if self.unused > 0 {
            remarks.append("\(self.unused) of \(self.lines) lines could not be used; figures after a gap begin from the next whole picture")
        }
        if let unreadEnd {
            remarks.append("the last \(unreadEnd.inSeconds) s cannot be shown: no whole picture follows the damage")
        }
        if !self.isComplete, !self.faults.contains(where: { $0.kind == .cutOff }) {
            remarks.append("the recording was not ended in order: the program was killed, or is still recording")
        }
        return remarks
    }
}

extension Duration {
    /// In seconds with a tenth, for people.
    fileprivate var inSeconds: String {
        let tenths = self.wholeNanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
