import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The source of all streams of a server. It belongs to the server's thread.
///
/// Figures that several clients need are read once for all of them.
final class StreamSource {
    let setup: AttachSetup
    /// Whether a snapshot was written in this round. Others are written in later rounds, so that the beats of all clients are sent in between.
    private(set) var hasTakenSnapshot = false
    /// The last snapshot of a stream, which the streams that need one share.
    private var lastSnapshot: ContainerSnapshot?
    private var lag = ExecutorLag()
    private var pooled: [PoolSample]?
    private var summary: (time: TimeSource.Instant, value: AttachSummary)?
    private var reported: (time: TimeSource.Instant, value: MonitorReport)?
    /// The monitor of clients in the mode `report`, if the program has none.
    private var ownMonitor: ResourceMonitor?

    /// The time for which figures are shared.
    private static let shared = Duration.milliseconds(500)
    /// The time for which a snapshot is shared.
    private static let sharedSnapshot = Duration.seconds(1)
    /// The most findings in a summary.
    private static let attentionLimit = 3

    init(_ setup: AttachSetup) {
        self.setup = setup
    }

    /// The time of the container, which is that of the lines.
    var containerTime: TimeSource.Instant { self.setup.container.environment.time.now }

    /// The time of the server, which is that of its deadlines.
    var now: TimeSource.Instant { self.setup.time.now }

    /// Begins a round. The pools are sampled again if a client needs them.
    func beginRound() {
        self.pooled = nil
        self.hasTakenSnapshot = false
        if let snapshot = self.lastSnapshot, self.containerTime >= snapshot.time + Self.sharedSnapshot { self.lastSnapshot = nil }
    }

    /// The snapshot of another stream, which is at most a second old.
    var snapshot: ContainerSnapshot? { self.lastSnapshot }

    /// Notes a snapshot that a stream has written in this round.
    func note(_ snapshot: ContainerSnapshot) {
        self.hasTakenSnapshot = true
        self.lastSnapshot = snapshot
    }

    /// Releases the figures, the monitor, and the snapshot that no client needs anymore, and measures the delay of tasks if a client needs it.
    func serve(_ modes: Set<AttachMode>) {
        if !modes.contains(.report) { self.ownMonitor = nil }
        if modes.isEmpty {
            self.pooled = nil
            self.summary = nil
            self.reported = nil
        }
        if !modes.contains(.full) { self.lastSnapshot = nil }
        guard modes.contains(.full) || modes.contains(.report) else { return self.lag.stop() }
        let executor = self.setup.container.environment.executor
        self.lag.measure(self.setup.time) { run in
            // Unstructured: its delay is measured, and no other task waits for it.
            Task(executorPreference: executor) { run() }
        }
    }

    /// Writes a line to the program's log.
    func log(_ text: String) { self.setup.log(text) }

    // MARK: Streams

    /// Begins a stream.
    ///
    /// - Returns: The stream, and its first lines.
    func begin(_ opening: AttachConnection.Opening, may: [String]) throws -> (ClientStream, [UInt8]) {
        let header = self.header(may: may)
        if opening.mode == .full {
            var pump = RecordingPump(self.setup.container, header: header, continuing: self.snapshot)
            let bytes = try pump.begin()
            if let snapshot = pump.takeSnapshot() { self.note(snapshot) }
            return (.recording(pump), bytes)
        }
        var reason: String?
        if opening.mode == .past, let flight = self.setup.flight {
            do {
                return (.past(try flight.excerpt(last: opening.last, header: header)), [])
            } catch {
                reason = error.description
            }
        }
        var stream = RecordingStream()
        let now = self.containerTime
        var bytes = try stream.header(header, at: now)
        if let reason {
            bytes += try stream.answer(AttachAnswer(id: opening.request, error: reason), at: now)
            bytes += try stream.end(RecordingEnd(reason: reason))
        }
        return (.figures(stream), bytes)
    }

    private func header(may: [String]) -> RecordingHeader {
        var header = RecordingHeader(ofProgramOn: self.setup.container.environment.time)
        header.container = self.setup.container.name
        header.rules = self.setup.options.rules
        var description = self.setup.description
        description.may = may
        description.commands = AttachCommand.Name.allCases.filter { may.contains(AttachDescription.act) || $0 == .watch }.map(\.rawValue)
        description.pastNanoseconds = self.setup.flight?.reach.wholeNanoseconds
        header.attach = description
        return header
    }

    /// The line of a client that is not accepted.
    func refusal(_ reason: String) -> [UInt8] {
        var stream = RecordingStream()
        return (try? stream.answer(AttachAnswer(id: 0, error: reason), at: self.containerTime)) ?? []
    }

    // MARK: Figures

    /// The samples of all pools in this round. Pools may be application code, so no lock is held.
    var pools: [PoolSample] {
        if let pooled = self.pooled { return pooled }
        let samples = self.setup.container.poolSamples()
        self.pooled = samples
        return samples
    }

    /// A beat of this moment.
    func beat(withSummary: Bool) -> AttachBeat {
        let (lag, waiting) = self.lag.reading(at: self.now)
        return AttachBeat(
            lagNanoseconds: lag?.wholeNanoseconds,
            waitingNanoseconds: waiting?.wholeNanoseconds,
            pastNanoseconds: self.setup.flight?.reach.wholeNanoseconds,
            summary: withSummary ? self.figures() : nil
        )
    }

    /// The figures of the monitor: that of the program, or one that is kept while clients need it.
    func report() -> MonitorReport {
        let now = self.now
        if let reported = self.reported, now < reported.time + Self.shared { return reported.value }
        let monitor = self.setup.monitor ?? self.ownMonitor ?? ResourceMonitor(self.setup.container, rules: self.setup.options.rules)
        if self.setup.monitor == nil { self.ownMonitor = monitor }
        var report = monitor.report()
        let (lag, waiting) = self.lag.reading(at: now)
        // A task that waits is at least as late as it has waited.
        if let late = [lag, waiting].compactMap({ $0 }).max() { report.executorLag = late.inSeconds }
        self.reported = (now, report)
        return report
    }

    private func figures() -> AttachSummary {
        let now = self.now
        if let summary = self.summary, now < summary.time + Self.shared { return summary.value }
        let container = self.setup.container
        let (books, pools) = (container.books().books, self.pools)
        var value = AttachSummary(
            uptimeNanoseconds: max(0, (now - self.setup.startedAt).wholeNanoseconds),
            scopes: container.openScopeCount,
            active: books.active,
            errors: books.errors,
            pool: Self.worst(pools),
            waiting: pools.reduce(0) { $0.addingSaturated($1.waiting) },
            health: container.healthVerdict
        )
        if let findings = self.setup.monitor?.findings() {
            value.findings = findings.count
            value.worstFinding = findings.map(\.severity).max().map { "\($0)" }
            value.attention = findings.prefix(Self.attentionLimit).map { finding in
                "\(finding.kind.rawValue) \(finding.subject.label): \(finding.evidence)".asSentence
            }
        }
        self.summary = (now, value)
        return value
    }

    /// The pool with the highest use, and of several the one with the most waiters.
    private static func worst(_ pools: [PoolSample]) -> PoolUse? {
        let worst = pools.max { left, right in
            let (a, b) = (Self.share(left), Self.share(right))
            return a == b ? left.waiting < right.waiting : a < b
        }
        return worst.map { PoolUse(name: $0.name, used: $0.leased, limit: $0.leaseLimit) }
    }

    private static func share(_ pool: PoolSample) -> Double {
        pool.leaseLimit > 0 ? Double(pool.leased) / Double(pool.leaseLimit) : 0
    }
}
