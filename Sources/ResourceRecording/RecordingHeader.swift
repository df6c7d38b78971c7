import ResourceContainer
import ResourceMonitoring

/// The first line of a recording: its format version, its origin, and its clock.
public struct RecordingHeader: Sendable, Codable, Hashable {
    /// The version of the format that this library writes. The first number changes if older readers cannot read the format.
    public static let currentVersion = "1.1"

    /// The name of the format: always `resmon recording`.
    public var format = "resmon recording"
    /// The version of the format that the recording has.
    public var version = RecordingHeader.currentVersion
    /// The container's name.
    public var container: String
    /// The origin of the recording as shown by the dashboard, such as `in-process` or `simulated seed 7`.
    public var origin: String
    /// The Unix time, in nanoseconds, at the origin of the container's time.
    public var clockOriginNanoseconds: Int64
    /// The offset of the local time from UTC, in seconds.
    public var clockOffsetSeconds: Int64
    /// The thresholds for findings.
    public var rules: FindingRules
    /// The process behind an attached stream; nil in the files of a recorder.
    public var attach: AttachDescription?

    /// Creates a header of the current version.
    public init(
        container: String,
        origin: String,
        clockOriginNanoseconds: Int64,
        clockOffsetSeconds: Int64 = 0,
        rules: FindingRules = FindingRules(),
        attach: AttachDescription? = nil
    ) {
        self.container = container
        self.origin = origin
        self.clockOriginNanoseconds = clockOriginNanoseconds
        self.clockOffsetSeconds = clockOffsetSeconds
        self.rules = rules
        self.attach = attach
    }

    /// The reason why this library cannot read the recording, as the predicate of a sentence about the file; nil if it can.
    var obstacle: String? {
        guard self.format == "resmon recording" else {
            return "is not a resmon recording: its format is '\(self.format.cleaned(limit: 40))'"
        }
        guard let (major, _) = Self.numbers(of: self.version) else {
            return "has the invalid version '\(self.version.cleaned(limit: 40))'; this resmon reads version \(Self.currentVersion)"
        }
        let own = Self.currentNumbers
        if major > own.major {
            return
                "has version \(self.version.cleaned(limit: 40)), but this resmon reads version \(Self.currentVersion): use a newer resmon"
        }
        if major < own.major {
            return "has version \(self.version.cleaned(limit: 40)), too old for this resmon, which reads version \(Self.currentVersion)"
        }
        return nil
    }

    /// Whether it was written by a newer library of the same major version. Additions of that version are skipped.
    var isNewer: Bool {
        Self.numbers(of: self.version).map { $0.minor > Self.currentNumbers.minor } ?? false
    }

    /// Checks that the values are possible.
    func check() throws(Impossible) {
        try Plausible.check(
            Plausible.origins.contains(self.clockOriginNanoseconds),
            "the Unix time of the clock's origin, \(self.clockOriginNanoseconds) ns, is not a time between the years 1933 and 2116"
        )
        try Plausible.check(
            Plausible.offsets.contains(self.clockOffsetSeconds),
            "the offset from UTC, \(self.clockOffsetSeconds) s, is more than a day"
        )
        try self.rules.check()
        try self.attach?.check()
    }

    private static let currentNumbers = Self.numbers(of: Self.currentVersion) ?? (1, 0)

    /// The major and minor number of a version; nil if the version is invalid.
    private static func numbers(of version: String) -> (major: Int, minor: Int)? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard let major = parts.first.flatMap({ Int($0) }), major >= 0 else { return nil }
        guard parts.count > 1 else { return (major, 0) }
        return Int(parts[1]).flatMap { $0 >= 0 ? (major, $0) : nil }
    }
}

extension FindingRules {
    /// Checks that the thresholds are possible. A threshold that can never be reached is allowed.
    fileprivate func check() throws(Impossible) {
        let durations = [
            self.slowInitialize, self.slowDispose, self.quietAfter, self.starvedAfter, self.unusedAfter, self.scopeAtLeast,
        ]
        for duration in durations { try Plausible.check(chosen: duration, "a threshold for findings") }
        let counts = [self.failuresInARow, self.stormRate, self.errorBurst, self.flapChanges, self.scopeHistory, self.transients]
        for count in counts { try Plausible.check(count >= 0, "a threshold for findings, \(count), is below 0") }
        try Plausible.check(self.scopeFactor.isFinite && self.scopeFactor >= 0, "the factor for scopes is not a number of at least 0")
    }
}
