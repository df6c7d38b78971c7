import ResourceContainer
import ResourceMonitoring

/// What a recording is of: its first line.
public struct RecordingHeader: Sendable, Codable, Hashable {
    /// The version of the format that this library writes: the first number changes when older readers cannot follow.
    public static let currentVersion = "1.0"

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

    /// Whether this library can read a recording of this version.
    var isReadable: Bool {
        self.format == "resmon recording" && self.major == RecordingHeader.currentVersion.split(separator: ".")[0]
    }

    /// Whether it was written by a newer library of the same main version: what it added is passed over.
    var isNewer: Bool {
        let minor = self.version.split(separator: ".").dropFirst().first.flatMap { Int($0) }
        return (minor ?? 0) > 0
    }

    private var major: Substring? {
        self.version.split(separator: ".").first
    }
}
