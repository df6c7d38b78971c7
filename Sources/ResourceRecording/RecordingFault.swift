import ResourceContainer

/// A line of a recording that cannot be used, or the absence of lines before it.
public struct RecordingFault: Sendable, Hashable, CustomStringConvertible {
    /// The kind of a fault.
    public enum Kind: Sendable, Hashable {
        /// The line is malformed, its checksum does not match, or it contains impossible figures.
        case damaged
        /// The line is intact, but does not follow from the lines before it.
        case unusable
        /// Lines are missing before this one.
        case missing(lines: UInt64)
        /// The line repeats an earlier one.
        case repeated
        /// The last line is incomplete: the recording was cut off, or is still being written.
        case cutOff
    }

    /// The kind of the fault.
    public var kind: Kind
    /// The line number in the file, from 1.
    public var line: Int
    /// The reason why the line cannot be used; nil if the kind describes it completely.
    public var reason: String?

    /// The fault as a clause for users, such as `line 6 is damaged: its checksum does not match`.
    public var description: String {
        let because = self.reason.map { ": \($0)" } ?? ""
        return switch self.kind {
        case .damaged: "line \(self.line) is damaged\(because)"
        case .unusable: "line \(self.line) does not follow from the lines before it\(because)"
        case .missing(let lines): "\(lines == 1 ? "a line is" : "\(lines) lines are") missing before line \(self.line)"
        case .repeated: "line \(self.line) repeats an earlier line"
        case .cutOff: "line \(self.line), the last, is incomplete: the recording was cut off or is still being written"
        }
    }
}

/// A survey of the lines of a recording: the ones read, and the faults among them.
public struct RecordingSurvey: Sendable, Hashable {
    /// The number of lines read.
    public var lines = 0
    /// The number of lines that could not be used.
    public var unused = 0
    /// The first 100 faults, in file order.
    public var faults: [RecordingFault] = []
    /// The number of all faults.
    public var faultCount = 0
    /// The number of lines whose kind was added by a newer version.
    public var unknownLines = 0
    /// The number of events whose kind was added by a newer version.
    public var unknownEvents = 0
    /// Whether the recording has an end line.
    public var isComplete = false
    /// The version of the recording if it is newer than this library's; otherwise nil.
    public var newerVersion: String?
    /// The number of events that the recorder missed because they occurred faster than it read them. They are not in the file.
    public var missedEvents: UInt64 = 0
    /// Whether lines end with a carriage return, which the recorder does not write.
    public var hasCarriageReturns = false
    /// The length of the recording's end that cannot be shown because no snapshot follows the damage; nil if everything can be shown.
    public var unreadEnd: Duration?

    private static let faultLimit = 100

    /// Creates an empty survey.
    public init() {}

    mutating func note(_ kind: RecordingFault.Kind, line: Int, _ reason: String? = nil) {
        self.faultCount += 1
        if self.faults.count < Self.faultLimit { self.faults.append(RecordingFault(kind: kind, line: line, reason: reason)) }
    }

    /// Whether the recording is complete and without faults.
    public var isWhole: Bool {
        self.faultCount == 0 && self.isComplete
    }

    /// Remarks for the user, one line each; empty if ``isWhole`` is true and nothing is unusual.
    public var remarks: [String] {
        var remarks: [String] = []
        if let newerVersion {
            remarks.append(
                "the recording has version \(newerVersion), newer than \(RecordingHeader.currentVersion): its additions are skipped"
            )
        }
        if self.unknownLines > 0 || self.unknownEvents > 0 {
            remarks.append("\(self.unknownLines) lines and \(self.unknownEvents) events have kinds that this version does not know")
        }
        if self.missedEvents > 0 {
            remarks.append(
                "\(self.missedEvents) events were missed during recording: they occurred faster than the recorder read them"
            )
        }
        if self.hasCarriageReturns {
            remarks.append("its lines end with CR and LF: the line endings were changed after recording; the file is readable nevertheless")
        }
        remarks += self.faults.prefix(5).map(\.description)
        if self.faultCount > 5 { remarks.append("and \(self.faultCount - 5) more faults") }
        if self.unused > 0 {
            remarks.append("\(self.unused) of \(self.lines) lines could not be used; after a gap, figures resume at the next snapshot")
        }
        if let unreadEnd {
            remarks.append("the last \(unreadEnd.inSeconds) s cannot be shown: no snapshot follows the damage")
        }
        if !self.isComplete, !self.faults.contains(where: { $0.kind == .cutOff }) {
            remarks.append("the recording has no end line: the program was killed or is still recording")
        }
        return remarks
    }
}

extension Duration {
    /// The duration in seconds with one decimal, for display.
    fileprivate var inSeconds: String {
        let tenths = self.wholeNanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
