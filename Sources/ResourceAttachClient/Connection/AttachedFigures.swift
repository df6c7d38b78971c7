import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The figures of an attached process: a fold of the items of its streams. A pure value.
///
/// Figures are those of the last input. Nothing is estimated between two inputs, so figures that are not renewed keep their time.
package struct AttachedFigures: Sendable {
    /// The header of the newest stream; nil before the first one.
    package private(set) var header: RecordingHeader?
    /// The time of the last input; nil before the first one.
    package private(set) var time: TimeSource.Instant?
    /// How late the process runs tasks; nil if that was not measured.
    package private(set) var lag: Duration?
    /// How far back the process's flight recorder reaches; nil without one.
    package private(set) var reach: Duration?
    /// The figures of the process's own monitor, which reach back before the attach; nil if it sent none.
    package private(set) var report: MonitorReport?
    /// Whether there are changes that no update contained.
    package private(set) var hasNews = false
    private var replay: MonitorReplay?
    /// Whether the last beat raised the finding about the concurrency pool.
    private var wasStarved = false
    /// The gaps that have ended and were not taken.
    private var gaps: [TimeGap] = []
    /// Why the last stream ended, while the next one has brought no input.
    private var lossReason: String?
    /// The number of the last event in the updates so far; nil before the first one.
    private var sequenceShown: UInt64?
    /// The number of the event after which the events of the next update begin; nil if they follow those of the update before.
    private var sequenceBefore: UInt64?
    /// The joining of the past, from its request until it is taken.
    private var join: PastJoin?
    private var isPastRequested = false
    /// The findings that the user suppressed. They are suppressed here only, not in the process.
    private var allowed: [String] = []

    /// The figures at the last input, as a row of a list needs them.
    package struct Shown: Sendable, Hashable {
        package var scopes: Int
        package var active: Int
        package var errors: Int
        package var pool: PoolUse?
        package var waiting: Int
        package var findings: Int
        package var worst: Finding.Severity?
        package var health: HealthStatus?
        /// All findings that are not of the lowest severity, highest severity first.
        package var attention: [AttentionLine]
    }

    /// The largest number of gaps that wait to be taken.
    private static let gapLimit = 100

    /// Creates figures of a process that has sent nothing.
    package init() {}

    /// The description of the server in the newest header.
    package var description: AttachDescription? { self.header?.attach }

    // MARK: Streams

    /// A stream begins with this header. The figures of the stream before stay until it brings an input.
    package mutating func begin(_ header: RecordingHeader) {
        self.header = header
        self.lag = nil
        self.reach = header.attach?.pastNanoseconds.map { .nanoseconds(max(0, $0)) }
    }

    /// The stream has ended. The next one leaves a gap in time.
    package mutating func lose(_ reason: String) {
        if self.replay != nil, self.lossReason == nil { self.lossReason = reason }
        self.lag = nil
    }

    /// The first input of a stream arrived: `replay` is the state of the stream's container after it. Returns false, and changes nothing, if
    /// it is before the last input: then the stream does not continue the same run.
    package mutating func begin(_ replay: MonitorReplay, at time: TimeSource.Instant) -> Bool {
        if let last = self.time, time < last { return false }
        if self.replay != nil, let last = self.time {
            let reason = self.lossReason ?? "the connection was lost"
            self.gaps.append(TimeGap(from: last, to: time, reason: reason))
            self.gaps.removeFirst(max(0, self.gaps.count - Self.gapLimit))
            self.sequenceBefore = self.sequenceShown
        }
        self.lossReason = nil
        self.replay = replay
        // Names that were accepted once are accepted again.
        for name in self.allowed { try? self.replay?.allow(named: name, at: time) }
        self.time = time
        self.hasNews = true
        return true
    }

    /// A further input of the stream arrived.
    package mutating func take(_ input: MonitorInput) {
        self.replay?.take(input)
        self.time = input.time
        self.hasNews = true
    }

    /// A beat arrived.
    package mutating func take(_ beat: AttachBeat) {
        // A task that waits is at least as late as it has waited.
        let nanoseconds = [beat.lagNanoseconds, beat.waitingNanoseconds].compactMap { $0 }.max()
        self.lag = nanoseconds.map { .nanoseconds(max(0, $0)) }
        if let past = beat.pastNanoseconds { self.reach = .nanoseconds(max(0, past)) }
        let isStarved = self.lag.map { $0 >= Finding.executorStarvedAfter } ?? false
        defer { self.wasStarved = isStarved }
        guard isStarved || self.wasStarved, let lag = self.lag, let time = self.time, self.replay != nil else { return }
        self.replay?.noteExecutorLag(lag, at: time)
        self.hasNews = true
    }

    /// The figures of the process's own monitor arrived.
    package mutating func take(_ report: MonitorReport) {
        self.report = report
    }

    // MARK: Reading

    /// Returns the changes since the last update; nil before the first input. The first update of each stream, and the first one after the past
    /// was requested, is a whole picture.
    package mutating func update() -> MonitorUpdate? {
        guard let time = self.time, var update = self.replay?.update(at: time) else { return nil }
        if let before = self.sequenceBefore {
            update = update.following(before)
            self.sequenceBefore = nil
        }
        self.hasNews = false
        self.sequenceShown = update.sequence
        self.join?.note(update)
        if self.join?.isOverdue ?? false { self.join = nil }
        return update
    }

    /// Removes and returns the gaps that have ended.
    package mutating func takeGaps() -> [TimeGap] {
        defer { self.gaps = [] }
        self.join?.note(self.gaps)
        return self.gaps
    }

    // MARK: The past that the server keeps

    /// Begins the joining of the past to the updates. Returns where the past ends; nil before the first input, and if it was requested before.
    mutating func requestPast() -> AttachedPast.End? {
        guard !self.isPastRequested, let time = self.time, let sequence = self.replay?.sequence else { return nil }
        let end = AttachedPast.End(time: time, sequence: sequence)
        self.isPastRequested = true
        self.join = PastJoin(end)
        self.replay?.beginAgain()
        self.sequenceBefore = self.sequenceShown
        self.hasNews = true
        return end
    }

    /// The past that was requested is loaded. It is empty if there is none.
    package mutating func load(_ past: [MonitorUpdate]) {
        guard self.join != nil else { return }
        if past.isEmpty {
            self.join = nil
        } else {
            self.join?.past = past
            self.hasNews = true
        }
    }

    /// Removes and returns the past for a consumer that has taken no update since the request; empty if it is not loaded.
    package mutating func takePast() -> [MonitorUpdate] {
        guard let join, let past = join.past, let last = past.last else { return [] }
        self.join = nil
        if join.updates.isEmpty { self.sequenceBefore = last.sequence }
        if let gap = join.gap { self.gaps.insert(gap, at: 0) }
        return past
    }

    /// Removes and returns the past with the updates before `update`, which replace everything that the consumer has taken; empty if the past
    /// is not loaded, or was taken. The gaps in it are returned again by ``takeGaps()``.
    package mutating func takePast(before update: MonitorUpdate) -> [MonitorUpdate] {
        guard let joined = self.join?.joined(before: update) else { return [] }
        self.join = nil
        self.gaps = joined.gaps + self.gaps
        return joined.updates
    }

    // MARK: Findings

    /// Suppresses findings with this name in this program.
    package mutating func allow(named name: String) throws(FindingRulesError) {
        guard let time = self.time, self.replay != nil else { return }
        try self.replay?.allow(named: name, at: time)
        if !self.allowed.contains(name) { self.allowed.append(name) }
        self.hasNews = true
    }

    // MARK: Reading without an update

    /// The figures of the container: those at the last input or, in a stream without inputs, those that the process's monitor last sent; nil
    /// before both. O(keys and open scopes).
    package var currentReport: MonitorReport? {
        var report = self.replay?.report ?? self.report
        if let lag { report?.executorLag = lag.inSeconds }
        return report
    }

    /// The figures at the last input; nil before the first one.
    package var shown: Shown? {
        self.replay.map(Shown.init)
    }

    /// The time since the start of the server, at the last input; nil before it.
    package var uptime: Duration? {
        guard let header, let description = header.attach, let time = self.time else { return nil }
        let now = header.clockOriginNanoseconds.addingReportingOverflow(time.nanoseconds)
        let passed = now.partialValue.subtractingReportingOverflow(description.started)
        return now.overflow || passed.overflow ? nil : .nanoseconds(max(0, passed.partialValue))
    }

    /// The time of day at the last input, as a Unix time in nanoseconds; nil before it.
    package var lastSeen: Int64? {
        guard let header, let time = self.time else { return nil }
        return header.clockOriginNanoseconds.addingSaturated(time.nanoseconds)
    }
}

extension AttachedFigures.Shown {
    init(_ replay: MonitorReplay) {
        let (books, pools, findings) = (replay.books, replay.pools, replay.groupedFindings)
        self.scopes = replay.openScopes
        self.active = books.active
        self.errors = books.errors
        let fullest = pools.max { $0.use < $1.use }
        self.pool = fullest.map { PoolUse(name: $0.name, used: $0.leased, limit: $0.maximum) }
        self.waiting = pools.reduce(0) { $0.addingSaturated($1.waiting) }
        self.findings = findings.count
        self.worst = findings.map(\.severity).max()
        self.health = replay.health?.verdict
        self.attention = findings.filter { $0.severity > .low }.map { AttentionLine(severity: $0.severity, text: $0.sentence) }
    }
}

extension PoolSample {
    /// The share of the pool's items that are leased.
    fileprivate var use: Double { self.maximum > 0 ? Double(self.leased) / Double(self.maximum) : 0 }
}

extension Finding {
    /// The subject and the observation, as one line.
    fileprivate var sentence: String { "\(self.subject.label): \(self.evidence)" }
}
