import ResourceContainer
import ResourceMonitoring

/// What a recording is of: its first line.
public struct RecordingHeader: Sendable, Codable, Hashable {
    /// The version of the format that this library writes: the first number changes when older readers cannot follow.
    public static let currentVersion = "1.1"

    /// Always `resmon recording`.
    public var format = "resmon recording"
    public var version = RecordingHeader.currentVersion
    /// The container's name.
    public var container: String
    /// Where the picture came from, as the dashboard shows it: `in-process`, `simulated seed 7`.
    public var origin: String
    /// The Unix time at the origin of the container's time, and the distance of the place's time of day from UTC.
    public var clockOriginNanoseconds: Int64
    public var clockOffsetSeconds: Int64
    /// What the monitor judged by.
    public var rules: FindingRules

    public init(
        container: String,
        origin: String,
        clockOriginNanoseconds: Int64,
        clockOffsetSeconds: Int64 = 0,
        rules: FindingRules = FindingRules()
    ) {
        self.container = container
        self.origin = origin
        self.clockOriginNanoseconds = clockOriginNanoseconds
        self.clockOffsetSeconds = clockOffsetSeconds
        self.rules = rules
    }

    /// Why this library cannot read it, as the rest of a sentence about the file; nil if it can.
    var obstacle: String? {
        guard self.format == "resmon recording" else {
            return "is not a resmon recording: it says that it is '\(self.format.cleaned(limit: 40))'"
        }
        guard let (major, _) = Self.numbers(of: self.version) else {
            return
                "is of version '\(self.version.cleaned(limit: 40))', which is not a version; this resmon reads version \(Self.currentVersion)"
        }
        let own = Self.currentNumbers
        if major > own.major {
            return
                "is of version \(self.version.cleaned(limit: 40)), and this resmon reads version \(Self.currentVersion): use a newer resmon"
        }
        if major < own.major {
            return "is of version \(self.version.cleaned(limit: 40)), which was before there were recordings that this resmon reads "
                + "(version \(Self.currentVersion))"
        }
        return nil
    }

    /// Whether it was written by a newer library of the same main version: what it added is passed over.
    var isNewer: Bool {
        Self.numbers(of: self.version).map { $0.minor > Self.currentNumbers.minor } ?? false
    }

    /// What cannot be in it.
    func check() throws(Impossible) {
        try Plausible.check(
            Plausible.origins.contains(self.clockOriginNanoseconds),
            "the Unix time of the clock's origin, \(self.clockOriginNanoseconds) ns, is not a time between the years 1933 and 2116"
        )
        try Plausible.check(
            Plausible.offsets.contains(self.clockOffsetSeconds),
            "the distance from UTC, \(self.clockOffsetSeconds) s, is more than a day"
        )
        try self.rules.check()
    }

    private static let currentNumbers = Self.numbers(of: Self.currentVersion) ?? (1, 0)

    /// The two numbers of a version; nil if it is none.
    private static func numbers(of version: String) -> (major: Int, minor: Int)? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard let major = parts.first.flatMap({ Int($0) }), major >= 0 else { return nil }
        guard parts.count > 1 else { return (major, 0) }
        return Int(parts[1]).flatMap { $0 >= 0 ? (major, $0) : nil }
    }
}

extension FindingRules {
    /// What no program can have judged by. A limit that is never reached is no fault.
    fileprivate func check() throws(Impossible) {
        let durations = [
            self.slowInitialise, self.slowDispose, self.quietAfter, self.starvedAfter, self.unusedAfter, self.scopeAtLeast,
        ]
        for duration in durations { try Plausible.check(chosen: duration, "a limit of the findings") }
        let counts = [self.failuresInARow, self.stormRate, self.errorBurst, self.flapChanges, self.scopeHistory, self.transients]
        for count in counts { try Plausible.check(count >= 0, "a limit of the findings, \(count), is below 0") }
        try Plausible.check(self.scopeFactor.isFinite && self.scopeFactor >= 0, "the factor for scopes is not a number from 0 on")
    }
}
