import ResourceContainer
import ResourceMonitoring

/// What is not allowed in a recording.
public struct RecordingLimits: Sendable, Hashable {
    /// Things that can be asked not to happen.
    public enum Failure: String, Sendable, Hashable, CaseIterable, Codable {
        /// Something was not given back, or outlived its scope.
        case leak
        /// Health checks failed until it counted.
        case unhealthy
        /// A dispose threw.
        case disposeThrew = "dispose-threw"
        /// An initialise or a dispose did not come back within its budget.
        case abandoned
        /// The books did not balance.
        case books
    }

    /// How many instances of a type may be alive at once.
    public struct Active: Sendable, Hashable {
        public var type: String
        public var limit: Int

        public init(type: String, limit: Int) {
            self.type = type
            self.limit = limit
        }
    }

    /// How long an instance of a type may live.
    public struct Lifetime: Sendable, Hashable {
        public var type: String
        public var limit: Duration

        public init(type: String, limit: Duration) {
            self.type = type
            self.limit = limit
        }
    }

    public var failOn = Set(Failure.allCases)
    public var maxActive: [Active] = []
    public var maxLifetime: [Lifetime] = []

    public init() {}
}

/// Whether a recording keeps within limits, and if not, where.
public struct RecordingVerdict: Sendable, Codable {
    /// Something that is not allowed, and how often it was seen.
    public struct Violation: Sendable, Codable, Hashable {
        /// `leak`, `max-active`, `damaged`, and so on.
        public var rule: String
        /// What it is about: a binding, a resource, the recording.
        public var subject: String
        /// What was seen first.
        public var evidence: String
        public var count: Int
        /// When it was seen first, in seconds since the recording's beginning.
        public var at: Double
    }

    public let violations: [Violation]
    /// What a person should know about the recording.
    public let remarks: [String]
    public let events: Int
    /// How long the recording is, in seconds.
    public let seconds: Double
    /// The figures at its end.
    public let report: MonitorReport

    /// Whether nothing was seen that is not allowed.
    public var passed: Bool { self.violations.isEmpty }
    /// How long the recording is.
    public var span: Duration { .seconds(self.seconds) }

    private enum CodingKeys: String, CodingKey {
        case passed, violations, remarks, events, seconds, report
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.passed, forKey: .passed)
        try container.encode(self.violations, forKey: .violations)
        try container.encode(self.remarks, forKey: .remarks)
        try container.encode(self.events, forKey: .events)
        try container.encode(self.seconds, forKey: .seconds)
        try container.encode(self.report, forKey: .report)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.violations = try container.decode([Violation].self, forKey: .violations)
        self.remarks = try container.decode([String].self, forKey: .remarks)
        self.events = try container.decode(Int.self, forKey: .events)
        self.seconds = try container.decode(Double.self, forKey: .seconds)
        self.report = try container.decode(MonitorReport.self, forKey: .report)
    }

    /// Reads the recording at `path` from end to end, a line at a time, and judges it.
    ///
    /// - Throws: ``RecordingError`` if there is nothing in it to judge, or a limit names a type that it does not know.
    public init(path: String, limits: RecordingLimits) throws(RecordingError) {
        var cursor = RecordingCursor(try RecordingFile(path: path), readsAllPictures: true)
        var inspection = Inspection(limits: limits)
        while let input = try cursor.nextInput() {
            if let replay = cursor.replay { inspection.take(input, replay) }
        }
        // Of a recording that is damaged all over it can be said that it is.
        guard cursor.isDamagedRecording || (cursor.replay != nil && inspection.began != nil) else {
            throw RecordingError("'\(path)' \(cursor.emptiness)")
        }
        let end = cursor.time ?? TimeSource.Instant(nanoseconds: 0)
        let replay = cursor.replay ?? MonitorReplay(ContainerSnapshot(container: cursor.header?.container ?? "", time: end))
        try inspection.finish(replay, cursor.survey, at: end)
        self.violations = inspection.violations
        self.remarks = cursor.survey.remarks
        self.events = inspection.events
        self.seconds = Double((end - (inspection.began ?? end)).wholeNanoseconds) / 1e9
        self.report = replay.report
    }
}

/// Looks for what is not allowed, as a recording goes by.
private struct Inspection {
    private struct Key: Hashable {
        var rule: String
        var subject: String
    }

    let limits: RecordingLimits
    private(set) var violations: [RecordingVerdict.Violation] = []
    private(set) var events = 0
    private(set) var began: TimeSource.Instant?
    private var known: [Key: Int] = [:]
    private var findings: Set<UInt64> = []

    init(limits: RecordingLimits) {
        self.limits = limits
    }

    mutating func take(_ input: MonitorInput, _ replay: MonitorReplay) {
        if self.began == nil { self.began = input.time }
        self.events += input.batch.events.count
        for event in input.batch.events { self.take(event, replay) }
        for finding in replay.findings where self.findings.insert(finding.id).inserted {
            guard let failure = finding.failure, self.limits.failOn.contains(failure) else { continue }
            self.note(failure.rawValue, finding.subject.label, finding.evidence, at: finding.since)
        }
    }

    private mutating func take(_ event: ResourceEvent, _ replay: MonitorReplay) {
        let label = event.binding.flatMap { replay.label(of: $0) } ?? "resource"
        switch event.kind {
        case .disposeThrew(let text, _, let lived):
            if self.limits.failOn.contains(.disposeThrew) { self.note("dispose-threw", label, text, at: event.time) }
            self.judge(lived: lived, label, at: event.time)
        case .abandoned(let phase, let budget):
            guard self.limits.failOn.contains(.abandoned) else { break }
            self.note("abandoned", label, "its \(phase.rawValue) did not come back within \(budget)", at: event.time)
        case .disposed(_, let lived): self.judge(lived: lived, label, at: event.time)
        default: break
        }
    }

    private mutating func judge(lived: Duration, _ label: String, at time: TimeSource.Instant) {
        for limit in self.limits.maxLifetime where limit.type == label && lived > limit.limit {
            self.note("max-lifetime", label, "an instance lived \(lived), and \(limit.limit) is allowed", at: time)
        }
    }

    /// Judges what stands at the end, and the recording itself.
    mutating func finish(_ replay: MonitorReplay, _ survey: RecordingSurvey, at end: TimeSource.Instant) throws(RecordingError) {
        let labels = replay.peaks.map(\.binding.label)
        for type in self.limits.maxActive.map(\.type) + self.limits.maxLifetime.map(\.type) where !labels.contains(type) {
            let known = Set(labels).sorted().map { $0.plain(limit: 100) }.joined(separator: ", ")
            throw RecordingError("there is no type '\(type)' in the recording; there are \(known)")
        }
        for limit in self.limits.maxActive {
            let peak = replay.peaks.filter { $0.binding.label == limit.type }.map(\.active).max() ?? 0
            if peak > limit.limit {
                self.note("max-active", limit.type, "\(peak) were alive at once, and \(limit.limit) are allowed", at: end)
            }
        }
        for (label, age) in replay.ages(at: end) { self.judge(lived: age, label, at: end) }
        if self.limits.failOn.contains(.books), !replay.report.isBalanced {
            self.note("books", replay.report.container, "the books do not balance", at: end)
        }
        if let fault = survey.faults.first(where: { $0.kind != .cutOff }) {
            self.note("damaged", "the recording", "\(fault): nothing can be said of what is missing", at: end)
        }
    }

    private mutating func note(_ rule: String, _ subject: String, _ evidence: String, at time: TimeSource.Instant) {
        let key = Key(rule: rule, subject: subject)
        if let place = self.known[key] {
            self.violations[place].count += 1
            return
        }
        self.known[key] = self.violations.count
        let at = Double((time - (self.began ?? time)).wholeNanoseconds) / 1e9
        self.violations.append(.init(rule: rule, subject: subject, evidence: evidence, count: 1, at: at))
    }
}

extension Finding {
    /// What this is called among the things to fail on.
    fileprivate var failure: RecordingLimits.Failure? {
        switch self.kind {
        case .leak, .outlivedScope, .leaseLost, .leaseHeldTooLong: .leak
        case .unhealthy: .unhealthy
        case .booksUnbalanced: .books
        default: nil
        }
    }
}

extension MonitorReport {
    fileprivate var isBalanced: Bool {
        let all = self.overall
        return all.resourcesCreated == all.activeResources + all.resourcesDisposed + all.initFailed + all.abandoned
    }
}
