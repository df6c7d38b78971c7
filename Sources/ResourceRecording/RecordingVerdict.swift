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
        /// `leak`, `max-active`, `missed`, `damaged`, and so on.
        public var rule: String
        /// What it is about: a binding, a resource, the recording. Of several subjects at one place, the newest.
        public var subject: String
        /// How many subjects it has: scopes that were leaked by one line of code, say.
        public var subjects: Int
        /// The place in the code, where it is about one.
        public var place: SourcePlace?
        /// What was seen first.
        public var evidence: String
        /// How often it was seen.
        public var count: Int
        /// When it was seen first, in seconds since the recording's beginning.
        public var at: Double
    }

    /// The findings of one kind that the recording has.
    public struct Found: Sendable, Codable, Hashable {
        public var kind: Finding.Kind
        /// How many places in the code it was found at, and what it was about there in all.
        public var findings: Int
        public var subjects: Int
    }

    public let violations: [Violation]
    /// What was found from the beginning to the end, whether it is allowed or not, and whether it was withdrawn or not.
    public let found: [Found]
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
        case passed, violations, found, remarks, events, seconds, report
    }

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

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.violations = try container.decode([Violation].self, forKey: .violations)
        self.found = try container.decode([Found].self, forKey: .found)
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
        self.found = inspection.found
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
        var subject: String?
        var place: SourcePlace?
    }

    let limits: RecordingLimits
    private(set) var violations: [RecordingVerdict.Violation] = []
    private(set) var events = 0
    private(set) var began: TimeSource.Instant?
    private var known: [Key: Int] = [:]
    private var findings = FoundSubjects()
    /// How many events were missed while it was recorded.
    private var missed: (events: UInt64, gaps: Int, first: TimeSource.Instant?) = (0, 0, nil)

    init(limits: RecordingLimits) {
        self.limits = limits
    }

    mutating func take(_ input: MonitorInput, _ replay: MonitorReplay) {
        if self.began == nil { self.began = input.time }
        self.events += input.batch.events.count
        for event in input.batch.events { self.take(event, replay) }
        if input.batch.missed > 0 {
            self.missed.events.addSaturated(input.batch.missed)
            self.missed.gaps += 1
            self.missed.first = self.missed.first ?? input.time
        }
        // Those that are new, in the order in which they were raised: the newest subject is the last one.
        for finding in replay.findings.filter({ !self.findings.contains($0) }).sorted(by: { $0.id < $1.id }) {
            let isNew = self.findings.insert(finding)
            guard let failure = finding.failure, self.limits.failOn.contains(failure) else { continue }
            self.note(
                failure.rawValue,
                finding.subject.label,
                finding.evidence,
                place: finding.place,
                isNewSubject: isNew,
                at: finding.firstSeen
            )
        }
    }

    /// What was found, by kind.
    var found: [RecordingVerdict.Found] { self.findings.found }

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
        let labels = replay.peaks.map(\.label)
        for type in self.limits.maxActive.map(\.type) + self.limits.maxLifetime.map(\.type) where !labels.contains(type) {
            let known = Set(labels).sorted().map { $0.cleaned(limit: 100) }.joined(separator: ", ")
            throw RecordingError("there is no type '\(type)' in the recording; there are \(known)")
        }
        for limit in self.limits.maxActive {
            let peak = replay.peaks.filter { $0.label == limit.type }.map(\.active).max() ?? 0
            if peak > limit.limit {
                self.note("max-active", limit.type, "\(peak) were alive at once, and \(limit.limit) are allowed", at: end)
            }
        }
        for (label, age) in replay.ages(at: end) { self.judge(lived: age, label, at: end) }
        if self.limits.failOn.contains(.books), !replay.report.isBalanced {
            self.note("books", replay.report.container, "the books do not balance", at: end)
        }
        self.judgeUnseen(replay)
        if let fault = survey.faults.first(where: { $0.kind != .cutOff }) {
            self.note("damaged", "the recording", "\(fault): nothing can be said of what is missing", at: end)
        }
    }

    /// What was missed is not allowed, whatever may happen: nothing can be said of it. The books tell a part of it.
    private mutating func judgeUnseen(_ replay: MonitorReplay) {
        guard let first = self.missed.first else { return }
        let gaps = self.missed.gaps == 1 ? "one gap" : "\(self.missed.gaps) gaps"
        self.note(
            "missed",
            "the recording",
            "\(self.missed.events) events were missed in \(gaps), as too much happened between two looks: what they told is not judged; "
                + "record more often, or less",
            times: self.missed.gaps,
            at: first
        )
        for (label, books) in replay.unseen {
            if books.abandoned > 0, self.limits.failOn.contains(.abandoned) {
                let what = "\(books.abandoned) did not come back within their budget, which only the books tell: their events were missed"
                self.note("abandoned", label, what, times: books.abandoned, at: first)
            }
            let others = books.errors.subtractingSaturated(books.abandoned).subtractingSaturated(books.initFailed)
            if others > 0, self.limits.failOn.contains(.disposeThrew) {
                let what = "\(others) errors are in the books, as of disposes that threw, and their events were missed"
                self.note("errors", label, what, times: others, at: first)
            }
        }
    }

    /// Notes what is not allowed: one violation for each rule and subject or, where it has a place in the code, for each rule and place.
    private mutating func note(
        _ rule: String,
        _ subject: String,
        _ evidence: String,
        place: SourcePlace? = nil,
        isNewSubject: Bool = true,
        times: Int = 1,
        at time: TimeSource.Instant
    ) {
        let (subject, evidence) = (subject.asName, evidence.asSentence)
        let key = Key(rule: rule, subject: place == nil ? subject : nil, place: place)
        if let index = self.known[key] {
            self.violations[index].count.addSaturated(times)
            if place != nil, isNewSubject { self.violations[index].subjects += 1 }
            self.violations[index].subject = subject
            return
        }
        self.known[key] = self.violations.count
        let at = Double((time - (self.began ?? time)).wholeNanoseconds) / 1e9
        self.violations.append(
            .init(rule: rule, subject: subject, subjects: 1, place: place, evidence: evidence, count: times, at: at)
        )
    }
}

/// What was found in a recording: how often each kind, at how many places, about how many subjects.
private struct FoundSubjects {
    private struct Place: Hashable {
        var kind: Finding.Kind
        var place: SourcePlace?
    }

    private var ids: Set<UInt64> = []
    private var subjects: [Place: Set<Finding.Subject>] = [:]

    func contains(_ finding: Finding) -> Bool {
        self.ids.contains(finding.id)
    }

    /// Takes in a finding about one subject. Returns whether its subject is a new one at its place.
    mutating func insert(_ finding: Finding) -> Bool {
        self.ids.insert(finding.id)
        return self.subjects[Place(kind: finding.kind, place: finding.place), default: []].insert(finding.subject).inserted
    }

    /// By kind, without what is a part of another kind at its place.
    var found: [RecordingVerdict.Found] {
        Finding.Kind.allCases.compactMap { kind in
            let own = self.subjects.filter { place, _ in
                guard place.kind == kind else { return false }
                guard place.place != nil, let cause = kind.cause else { return true }
                return self.subjects[Place(kind: cause, place: place.place)] == nil
            }
            return own.isEmpty ? nil : .init(kind: kind, findings: own.count, subjects: own.values.reduce(0) { $0 + $1.count })
        }
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
        ([self.overall] + self.keys.values).allSatisfy(\.isBalanced)
    }
}

extension MonitorReport.Group {
    fileprivate var isBalanced: Bool {
        let ended = self.resourcesDisposed.addingSaturated(self.initFailed).addingSaturated(self.abandoned)
        return self.resourcesCreated == self.activeResources.addingSaturated(ended)
            && [self.initialising, self.ready, self.disposing, ended, self.resourceErrors].allSatisfy { $0 >= 0 }
    }
}
