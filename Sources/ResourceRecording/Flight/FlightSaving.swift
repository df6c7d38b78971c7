import ResourceContainer
import ResourceMonitoring

/// The occasions on which a ``FlightRecorder`` saves by itself, and the files that it keeps.
///
/// Each file is a recording of everything that the recorder keeps at that moment, and has a name such as
/// `flight-shop-20260101T120005Z-leak.jsonl`: the container, the time in UTC, and the reason. It is created with mode 0600 and never
/// replaces another file. Files for findings are at least a minute apart.
///
/// Old files are dropped after each save and once per hour. Only regular files with names of this form and of the same container are
/// dropped, so containers of different programs need different names or directories.
public struct FlightSaving: Sendable, Hashable {
    /// A chosen finding: a kind, and a pattern for the labels of its subjects.
    private struct Choice: Sendable, Hashable {
        var kind: Finding.Kind
        var subject: String?
    }

    /// The directory of the files. It is created with mode 0700 if it does not exist. A leading `~` is the home directory.
    public var directory: String
    /// The names of the findings that cause a save when they are raised, such as `leak` or `pool-starved:Database*`.
    public let findings: [String]
    /// Whether a close of the container with errors causes a save: a dispose threw, or a step was abandoned.
    public var atFailedClose: Bool
    /// The interval between saves without a cause, of at least a minute; nil for none.
    ///
    /// A recorder that keeps at least this time leaves no gap between the files.
    public var every: Duration?
    /// The age at which files are dropped.
    public var retain: Duration
    /// The most bytes of all files together. If they are exceeded, the oldest files are dropped. The newest file always stays.
    public var atMost: Int
    private let choices: [Choice]

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - directory: The directory of the files.
    ///   - findings: The findings that cause a save: a kind, such as `leak`, or a kind and a pattern for the labels of its subjects, in which
    ///     `*` matches any characters, such as `pool-starved:Database*`. The names are those of `FindingRules.allow(named:)`.
    ///   - atFailedClose: Whether a close of the container with errors causes a save.
    ///   - every: The interval between saves without a cause; nil for none.
    ///   - retain: The age at which files are dropped.
    ///   - atMost: The most bytes of all files together.
    /// - Throws: ``RecordingError`` for a name that is not a finding. The error lists the valid names.
    public init(
        directory: String,
        findings: [String] = [],
        atFailedClose: Bool = true,
        every: Duration? = nil,
        retain: Duration = .seconds(48 * 3_600),
        atMost: Int = 1 << 30
    ) throws(RecordingError) {
        var choices: [Choice] = []
        for name in findings { choices.append(try Self.choice(name)) }
        self.directory = directory
        self.findings = findings
        self.atFailedClose = atFailedClose
        self.every = every
        self.retain = retain
        self.atMost = atMost
        self.choices = choices
    }

    private static func choice(_ name: String) throws(RecordingError) -> Choice {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let kind = Finding.Kind(anySpelling: parts[0]) else {
            let names = Finding.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw RecordingError(
                "unknown finding '\(parts[0].asName)': expected one of \(names), alone or with a subject, as in leak:upload-*"
            )
        }
        guard parts.count == 1 || !parts[1].isEmpty else {
            throw RecordingError("'\(name.asName)' names no subject; write \(kind.rawValue) for all, or \(kind.rawValue):upload-* for some")
        }
        return Choice(kind: kind, subject: parts.count == 2 ? parts[1] : nil)
    }

    /// Whether any finding causes a save, so that findings must be computed.
    var needsFindings: Bool {
        !self.choices.isEmpty
    }

    /// Whether `finding` causes a save.
    func includes(_ finding: Finding) -> Bool {
        self.choices.contains { choice in
            choice.kind == finding.kind && (choice.subject.map { finding.subject.label.matches(glob: $0) } ?? true)
        }
    }
}
