import ResourceContainer
import ResourceMonitoring

/// The limits that a recording is checked against.
public struct RecordingLimits: Sendable, Hashable {
    /// A class of problems that fails the check.
    public enum Failure: String, Sendable, Hashable, CaseIterable, Codable {
        /// A scope or a lease was leaked, or an instance outlived its scope.
        case leak
        /// The settled health status of a resource was bad.
        case unhealthy
        /// A dispose threw.
        case disposeThrew = "dispose-threw"
        /// An initialize or a dispose did not finish within its budget.
        case abandoned
        /// The books did not balance.
        case books
        /// Most bodies of the scopes that one line of code opens threw.
        case scopesFailing = "scopes-failing"
    }

    /// The largest number of instances of a type that may be active at once.
    public struct Active: Sendable, Hashable {
        /// The label of the key, such as `Database` or `Database(primary)`.
        public var type: String
        /// The largest number of active instances.
        public var limit: Int

        /// Creates a limit.
        public init(type: String, limit: Int) {
            self.type = type
            self.limit = limit
        }
    }

    /// The longest lifetime of an instance of a type.
    public struct Lifetime: Sendable, Hashable {
        /// The label of the key, such as `Database` or `Database(primary)`.
        public var type: String
        /// The longest lifetime, from ready to the start of dispose.
        public var limit: Duration

        /// Creates a limit.
        public init(type: String, limit: Duration) {
            self.type = type
            self.limit = limit
        }
    }

    /// The problems that fail the check. Default: all but ``Failure/scopesFailing``, which is about the application's errors and not about
    /// its resources.
    public var failOn = Set(Failure.allCases).subtracting([.scopesFailing])
    /// The limits on active instances. Default: none.
    public var maxActive: [Active] = []
    /// The limits on lifetimes. Default: none.
    public var maxLifetime: [Lifetime] = []

    /// Creates the default limits.
    public init() {}
}

/// The result of checking a recording against limits.
///
/// The recording passes if there are no ``violations``. Missed events and damage, other than a cut-off last line, are always violations.
public struct RecordingVerdict: Sendable, Codable {
    /// A violation of one limit.
    public struct Violation: Sendable, Codable, Hashable {
        /// The name of the rule, such as `leak`, `max-active`, `missed`, or `damaged`.
        public var rule: String
        /// The label of the binding, resource, or scope, or `the recording`. If there are several subjects, the newest one.
        public var subject: String
        /// The number of subjects, such as the scopes leaked by one line of code.
        public var subjects: Int
        /// The source location in the application's code, if the violation has one.
        public var location: CodeLocation?
        /// The observation at the first occurrence.
        public var evidence: String
        /// The number of occurrences.
        public var count: Int
        /// The time of the first occurrence, in seconds since the beginning of the recording.
        public var at: Double
    }

    /// The findings of one kind in the recording.
    public struct Found: Sendable, Codable, Hashable {
        /// The kind of the findings.
        public var kind: Finding.Kind
        /// The number of findings, one per source location.
        public var findings: Int
        /// The number of subjects of these findings.
        public var subjects: Int
    }

    /// The violations, in the order in which they were detected.
    public let violations: [Violation]
    /// The findings of the whole recording, including ones that are allowed and ones that were withdrawn.
    public let found: [Found]
    /// Remarks for the user about the recording itself.
    public let remarks: [String]
    /// The number of events in the recording.
    public let events: Int
    /// The length of the recording in seconds.
    public let seconds: Double
    /// The container's figures at the end of the recording.
    public let report: MonitorReport

    /// Whether the recording has no violations.
    public var passed: Bool { self.violations.isEmpty }
    /// The length of the recording.
    public var span: Duration { .seconds(self.seconds) }

    private enum CodingKeys: String, CodingKey {
        case passed, violations, found, remarks, events, seconds, report
    }

    /// Encodes the verdict, including ``passed``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.passed, forKey: .passed)
        try container.encode(self.violations, forKey: .violations)
        try container.encode(self.found, forKey: .found)
        try container.encode(self.remarks, forKey: .remarks)
        try container.encode(self.events, forKey: .events)
        try container.encode(self.seconds, forKey: .seconds)
        try container.encode(self.report, forKey: .report)
    }

    /// Decodes a verdict. ``passed`` is derived from the violations.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.violations = try container.decode([Violation].self, forKey: .violations)
        self.found = try container.decode([Found].self, forKey: .found)
        self.remarks = try container.decode([String].self, forKey: .remarks)
        self.events = try container.decode(Int.self, forKey: .events)
        self.seconds = try container.decode(Double.self, forKey: .seconds)
        self.report = try container.decode(MonitorReport.self, forKey: .report)
    }

    /// Reads the whole recording at `path`, line by line, and checks it against `limits`.
    ///
    /// - Throws: ``RecordingError`` if the file contains nothing to check, or a limit names a type that is not in the recording.
    public init(path: String, limits: RecordingLimits) throws(RecordingError) {
        var cursor = RecordingCursor(try RecordingFile(path: path), readsAllPictures: true)
        var inspection = Inspection(limits: limits)
        while let input = try cursor.nextInput() {
            inspection.begin(at: cursor.beginning ?? input.time)
            if let replay = cursor.replay { inspection.take(input, replay) }
        }
        // A recording without any usable line still has a verdict: it is damaged.
        guard cursor.isDamagedRecording || (cursor.replay != nil && inspection.began != nil) else {
            throw RecordingError("'\(path)' \(cursor.emptiness)")
        }
        let end = cursor.time ?? TimeSource.Instant(nanoseconds: 0)
        let replay = cursor.replay ?? MonitorReplay(ContainerSnapshot(container: cursor.header?.container ?? "", time: end))
        try inspection.finish(replay, cursor.survey, at: end)
        self.violations = inspection.violations
        self.found = inspection.found
        self.remarks = cursor.survey.remarks
        self.events = inspection.events
        self.seconds = (end - (inspection.began ?? end)).inSeconds
        self.report = replay.report
    }
}

/// The check of a recording, input by input.
private struct Inspection {
    private struct Key: Hashable {
        var rule: String
        var subject: String?
        var location: CodeLocation?
    }

    let limits: RecordingLimits
    private(set) var violations: [RecordingVerdict.Violation] = []
    private(set) var events = 0
    private(set) var began: TimeSource.Instant?
    private var known: [Key: Int] = [:]
    private var findings = FoundSubjects()
    /// The events missed during recording, the number of gaps, and the time of the first gap.
    private var missed: (events: UInt64, gaps: Int, first: TimeSource.Instant?) = (0, 0, nil)

    init(limits: RecordingLimits) {
        self.limits = limits
    }

    /// Sets the time that other times are relative to: that of the first snapshot. The first events may have been read much later.
    mutating func begin(at time: TimeSource.Instant) {
        if self.began == nil { self.began = time }
    }

    mutating func take(_ input: MonitorInput, _ replay: MonitorReplay) {
        self.events += input.batch.events.count
        for event in input.batch.events { self.take(event, replay) }
        if input.batch.missed > 0 {
            self.missed.events.addSaturated(input.batch.missed)
            self.missed.gaps += 1
            self.missed.first = self.missed.first ?? input.time
        }
        // New findings in the order in which they were raised, so that the newest subject comes last.
        for finding in replay.findings.filter({ !self.findings.contains($0) }).sorted(by: { $0.id < $1.id }) {
            let isNew = self.findings.insert(finding)
            guard let failure = finding.failure, self.limits.failOn.contains(failure) else { continue }
            self.note(
                failure.rawValue,
                finding.subject.label,
                finding.evidence,
                location: finding.location,
                isNewSubject: isNew,
                at: finding.firstSeen
            )
        }
    }

    /// The findings by kind.
    var found: [RecordingVerdict.Found] { self.findings.found }

    private mutating func take(_ event: ResourceEvent, _ replay: MonitorReplay) {
        let label = event.binding.flatMap { replay.label(of: $0) } ?? "resource"
        switch event.kind {
        case .disposeThrew(let text, _, let lived):
            if self.limits.failOn.contains(.disposeThrew) { self.note("dispose-threw", label, text, at: event.time) }
            self.judge(lived: lived, label, at: event.time)
        case .abandoned(let phase, let budget):
            guard self.limits.failOn.contains(.abandoned) else { break }
            // A budget of zero is that of a dropped instance, whose dispose was not run.
            let text = budget == .zero ? ResourceEvent.droppedText : "its \(phase.rawValue) did not finish within \(budget)"
            self.note("abandoned", label, text, at: event.time)
        case .disposed(_, let lived): self.judge(lived: lived, label, at: event.time)
        default: break
        }
    }

    private mutating func judge(lived: Duration, _ label: String, at time: TimeSource.Instant) {
        for limit in self.limits.maxLifetime where limit.type == label && lived > limit.limit {
            self.note("max-lifetime", label, "an instance lived \(lived); the limit is \(limit.limit)", at: time)
        }
    }

    /// Checks the state at the end, and the recording itself.
    mutating func finish(_ replay: MonitorReplay, _ survey: RecordingSurvey, at end: TimeSource.Instant) throws(RecordingError) {
        let labels = replay.peaks.map(\.label)
        for type in self.limits.maxActive.map(\.type) + self.limits.maxLifetime.map(\.type) where !labels.contains(type) {
            let known = Set(labels).sorted().map { $0.cleaned(limit: 100) }.joined(separator: ", ")
            throw RecordingError("the recording has no type '\(type)'; its types are \(known)")
        }
        for limit in self.limits.maxActive {
            let peak = replay.peaks.filter { $0.label == limit.type }.map(\.active).max() ?? 0
            if peak > limit.limit {
                self.note("max-active", limit.type, "\(peak) were active at once; the limit is \(limit.limit)", at: end)
            }
        }
        for (label, age) in replay.ages(at: end) { self.judge(lived: age, label, at: end) }
        if self.limits.failOn.contains(.books), !replay.report.isBalanced {
            self.note("books", replay.report.container, "the books do not balance", at: end)
        }
        self.judgeUnseen(replay)
        if let fault = survey.faults.first(where: { $0.kind != .cutOff }) {
            self.note("damaged", "the recording", "\(fault); the missing part is not checked", at: end)
        }
    }

    /// Notes missed events, which always fail the check because they cannot be checked. The books reveal a part of them.
    private mutating func judgeUnseen(_ replay: MonitorReplay) {
        guard let first = self.missed.first else { return }
        let gaps = self.missed.gaps == 1 ? "one gap" : "\(self.missed.gaps) gaps"
        self.note(
            "missed",
            "the recording",
            "\(self.missed.events) events were missed in \(gaps), because too many occurred between two reads, and are not checked; "
                + "record more often, or record less",
            times: self.missed.gaps,
            at: first
        )
        for (label, books) in replay.unseen {
            if books.abandoned > 0, self.limits.failOn.contains(.abandoned) {
                let what = "\(books.abandoned) did not finish within their budget, according to the books; their events were missed"
                self.note("abandoned", label, what, times: books.abandoned, at: first)
            }
            let others = books.errors.subtractingSaturated(books.abandoned).subtractingSaturated(books.initFailed)
            if others > 0, self.limits.failOn.contains(.disposeThrew) {
                let what = "\(others) errors, such as disposes that threw, are in the books; their events were missed"
                self.note("errors", label, what, times: others, at: first)
            }
        }
    }

    /// Notes a violation. There is one per rule and source location or, without a source location, one per rule and subject.
    private mutating func note(
        _ rule: String,
        _ subject: String,
        _ evidence: String,
        location: CodeLocation? = nil,
        isNewSubject: Bool = true,
        times: Int = 1,
        at time: TimeSource.Instant
    ) {
        let (subject, evidence) = (subject.asName, evidence.asSentence)
        let key = Key(rule: rule, subject: location == nil ? subject : nil, location: location)
        if let index = self.known[key] {
            self.violations[index].count.addSaturated(times)
            if location != nil, isNewSubject { self.violations[index].subjects += 1 }
            self.violations[index].subject = subject
            return
        }
        self.known[key] = self.violations.count
        let at = (time - (self.began ?? time)).inSeconds
        self.violations.append(
            .init(rule: rule, subject: subject, subjects: 1, location: location, evidence: evidence, count: times, at: at)
        )
    }
}

/// The findings of a recording, counted by kind, source location, and subject.
private struct FoundSubjects {
    private struct Place: Hashable {
        var kind: Finding.Kind
        var location: CodeLocation?
    }

    private var ids: Set<UInt64> = []
    private var subjects: [Place: Set<Finding.Subject>] = [:]

    func contains(_ finding: Finding) -> Bool {
        self.ids.contains(finding.id)
    }

    /// Adds a finding about one subject. Returns whether the subject is new at its source location.
    mutating func insert(_ finding: Finding) -> Bool {
        self.ids.insert(finding.id)
        return self.subjects[Place(kind: finding.kind, location: finding.location), default: []].insert(finding.subject).inserted
    }

    /// The counts by kind, without findings caused by another finding at the same source location.
    var found: [RecordingVerdict.Found] {
        Finding.Kind.allCases.compactMap { kind in
            let own = self.subjects.filter { location, _ in
                guard location.kind == kind else { return false }
                guard location.location != nil, let cause = kind.cause else { return true }
                return self.subjects[Place(kind: cause, location: location.location)] == nil
            }
            return own.isEmpty ? nil : .init(kind: kind, findings: own.count, subjects: own.values.reduce(0) { $0 + $1.count })
        }
    }
}

extension Finding {
    /// The class of problems that this finding belongs to, if any.
    fileprivate var failure: RecordingLimits.Failure? {
        switch self.kind {
        case .leak, .outlivedScope, .leaseLost, .leaseHeldTooLong: .leak
        case .unhealthy: .unhealthy
        case .booksUnbalanced: .books
        case .scopesFailing: .scopesFailing
        default: nil
        }
    }
}

extension MonitorReport {
    fileprivate var isBalanced: Bool {
        ([self.overall] + self.keys.values).allSatisfy(\.isBalanced)
    }
}

extension MonitorReport.Group {
    fileprivate var isBalanced: Bool {
        let ended = self.resourcesDisposed.addingSaturated(self.initFailed).addingSaturated(self.abandoned)
        return self.resourcesCreated == self.activeResources.addingSaturated(ended)
            && [self.initializing, self.ready, self.disposing, ended, self.resourceErrors].allSatisfy { $0 >= 0 }
    }
}
