import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// A reader of the lines of a feed, which makes of them what a monitor takes: a snapshot, and the inputs that follow it.
///
/// Every figure was sent, or is computed from what was sent. A line that contradicts those before it is noted as an event and changes nothing
/// else, so the books always balance. It is a pure value, without a clock or a descriptor.
package struct FeedReader: Sendable {
    /// The meaning of lines.
    package enum Item: Sendable {
        /// The program.
        case header(RecordingHeader, at: TimeSource.Instant)
        /// The state that the next input follows.
        case snapshot(ContainerSnapshot)
        /// The events and samples since the item before.
        case input(MonitorInput)
        /// The outcome of a request.
        case answer(AttachAnswer, at: TimeSource.Instant)
        /// The program ended the feed.
        case end(RecordingEnd)
        /// The feed cannot be read, for this reason.
        case refusal(String)
    }

    private enum Phase: Sendable {
        /// No header has arrived.
        case expecting
        /// Lines describe what exists.
        case describing
        /// Lines report what happens.
        case following
        /// The feed has ended, or cannot be read.
        case over
    }

    private var phase = Phase.expecting
    private var clock: FeedClock
    private var header: FeedHeader?
    private var container: FeedContainer?
    /// The time of the last line.
    private var time: TimeSource.Instant
    /// The time of the last input, or of the snapshot before the first one.
    private var toldAt: TimeSource.Instant
    /// The time from which the next input has samples, and that of the last ones that contain the books.
    private var samplesDue: TimeSource.Instant
    private var slowSampledAt: TimeSource.Instant?
    /// Whether the header states the time.
    private var hasTimes = false
    /// Whether the description that is being read follows an earlier one of the same connection.
    private var continues = false
    /// The output before the header.
    private var preface: [String] = []
    private var items: [Item] = []
    private var number = 0
    /// The number of lines and of fields of the header that are not used, and why the first one is not.
    package private(set) var faults: (count: Int, first: String?) = (0, nil)
    /// Why the feed cannot be read; nil if it can.
    package private(set) var refusal: String?

    /// The number of lines before the header that are kept.
    private static let prefaceLimit = 100
    /// The time between samples that contain the books.
    private static let slowInterval = Duration.seconds(1)
    /// The largest number of samples between two lines of a file.
    private static let gapSamples: Int64 = 60
    /// The number of samples of a file of any length, apart from a logarithmic factor: the time between samples grows with that since its
    /// beginning.
    private static let samples: Int64 = 1_200
    /// The longest time between two lines of a file.
    private static let longestGap = Duration.seconds(300 * 86_400)

    /// Creates a reader before the first line.
    package init(_ clock: FeedClock) {
        self.clock = clock
        self.time = clock.fileBeginning
        self.toldAt = self.time
        self.samplesDue = self.time
    }

    /// Whether a line is the first line of a feed.
    package static func begins(with line: ArraySlice<UInt8>) -> Bool {
        let line = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
        if case .header = FeedLine(parsing: line).kind { return true }
        return false
    }

    // MARK: Lines

    /// Takes the next line, without its line feed, and returns the items that it completes. Events are returned by ``flush(at:)``.
    ///
    /// - Parameter now: The time on the reader's clock at which the line was received; nil for a file.
    package mutating func take(_ line: ArraySlice<UInt8>, at now: TimeSource.Instant?) -> [Item] {
        self.number += 1
        if line.allSatisfy({ $0 <= UInt8(ascii: " ") }) { return [] }
        let line = self.number == 1 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
        let parsed = FeedLine(parsing: line)
        switch self.phase {
        case .expecting: self.expect(parsed, at: now)
        case .describing: self.describe(parsed, at: now)
        case .following: self.follow(parsed, at: now)
        case .over: break
        }
        return self.takeItems()
    }

    /// Returns what has happened up to now as an input; nothing if nothing has happened and no samples are due.
    ///
    /// - Parameter now: The time on the reader's clock; nil for a file.
    package mutating func flush(at now: TimeSource.Instant?) -> [Item] {
        guard self.phase == .following else { return self.takeItems() }
        if let now { self.time = max(self.time, self.clock.instant(received: now)) }
        self.addInput(at: self.time)
        return self.takeItems()
    }

    /// The lines have ended without an end line. Returns what has happened, and the end.
    package mutating func finish(at now: TimeSource.Instant?, _ reason: String?) -> [Item] {
        switch self.phase {
        case .expecting, .over: break
        case .describing, .following: self.end(reason, at: now)
        }
        return self.takeItems()
    }

    /// The next line is the first one of a further connection to the same run. Everything that exists keeps its number.
    package mutating func reconnect() {
        self.phase = .expecting
        self.clock.reconnect()
        self.items = []
        self.number = 0
        _ = self.container?.takeEvents()
    }

    /// The state after the last input.
    package var snapshot: ContainerSnapshot? {
        self.phase == .following ? self.container?.snapshot(at: self.toldAt) : nil
    }

    private mutating func takeItems() -> [Item] {
        defer { self.items = [] }
        return self.items
    }

    // MARK: Phases

    private mutating func expect(_ line: FeedLine, at now: TimeSource.Instant?) {
        guard case .header(let header) = line.kind else {
            if self.preface.count < Self.prefaceLimit { self.preface.append(Self.text(of: line)) }
            return
        }
        guard header.version == FeedHeader.currentVersion else {
            self.phase = .over
            let version = "the feed has version \(header.version), and this resmon reads version \(FeedHeader.currentVersion)"
            self.refusal = version
            self.items.append(.refusal(version))
            return
        }
        self.begin(header, line.at, at: now)
    }

    private mutating func begin(_ header: FeedHeader, _ at: Double?, at now: TimeSource.Instant?) {
        let begin = max(self.time, now.map { self.clock.instant(received: $0) } ?? self.time)
        if let at { _ = self.clock.instant(of: at, received: begin) }
        self.time = begin
        if self.header?.instance != header.instance || self.header?.container != header.container { self.container = nil }
        self.header = header
        self.hasTimes = at != nil
        let started = self.hasTimes ? header.started.flatMap { self.clock.instant(of: $0, received: begin) } ?? begin : begin
        var container = self.container ?? FeedContainer(header.container, root: header.root, at: min(started, begin))
        container.rootName = header.root
        container.beginDescription(missed: 0, keepsFigures: false, at: begin)
        self.container = container
        self.continues = false
        self.phase = .describing
        if !header.tellsState { self.endDescription() }
        for text in self.preface + header.faults.map({ "feed: \($0)" }) { self.container?.note(text, at: begin) }
        self.faults.count += header.faults.count
        self.faults.first = self.faults.first ?? header.faults.first
        self.preface = []
    }

    /// A line that describes what exists.
    private mutating func describe(_ line: FeedLine, at now: TimeSource.Instant?) {
        let received = now.map { self.clock.instant(received: $0) } ?? self.time
        // Without the time of the header, those of what exists belong to no instant.
        let stated = self.hasTimes ? line.at.flatMap { self.clock.instant(of: $0, received: self.time) } : nil
        let moment = min(stated ?? self.time, self.time)
        self.applying(line, at: moment) { container throws(FeedFault) in
            switch line.kind {
            case .bind, .open, .make, .ready, .health, .use, .pool, .note, .unknown, .output, .fault:
                try container.apply(line.kind, at: moment)
            case .past(let type, let past): try container.past(type, past, at: moment)
            case .closed(let count, let outcomes): try container.closed(count, outcomes)
            case .beat, .live, .answer, .end: break
            case .header, .closing, .close, .failed, .error, .disposing, .disposed, .abandoned, .missed:
                throw FeedFault("a line that reports what happened comes before 'live'")
            }
        }
        switch line.kind {
        case .live:
            self.time = max(self.time, received)
            self.endDescription()
        case .end(let reason): self.end(reason, at: now)
        default: break
        }
    }

    /// A line that reports what happens.
    private mutating func follow(_ line: FeedLine, at now: TimeSource.Instant?) {
        let moment = self.moment(of: line, at: now)
        switch line.kind {
        case .missed(let count):
            self.addInput(at: moment)
            self.container?.beginDescription(missed: count, keepsFigures: true, at: moment)
            self.continues = true
            self.phase = .describing
        case .answer(let id, let refused): self.answer(id, refused, at: moment)
        case .end(let reason): self.end(reason, at: now)
        case .beat: break
        default:
            self.applying(line, at: moment) { container throws(FeedFault) in
                switch line.kind {
                case .header, .past, .closed, .live: throw FeedFault("a line that describes what exists comes after 'live'")
                default: try container.apply(line.kind, at: moment)
                }
            }
        }
    }

    /// Applies a line to the container, and notes its fault.
    private mutating func applying(_ line: FeedLine, at time: TimeSource.Instant, _ body: (inout FeedContainer) throws(FeedFault) -> Void) {
        guard var container = self.container.take() else { return }
        do throws(FeedFault) {
            try body(&container)
        } catch {
            container.note("feed: \(error.reason)", at: time)
            self.faults.count += 1
            self.faults.first = self.faults.first ?? error.reason
        }
        self.container = container
    }

    /// The instant of a line. Lines are in the order of their instants.
    private mutating func moment(of line: FeedLine, at now: TimeSource.Instant?) -> TimeSource.Instant {
        guard let now else {
            let stated = line.at.flatMap { self.clock.instant(of: $0, received: self.time) } ?? self.time
            if stated > self.time, stated - self.time <= Self.longestGap { self.passTime(until: stated) }
            return self.time
        }
        let received = self.clock.instant(received: now)
        let stated = line.at.flatMap { self.clock.instant(of: $0, received: received) } ?? received
        self.time = max(self.time, min(stated, received))
        return self.time
    }

    /// Time passes between two lines of a file: inputs are made as a monitor would have made them.
    private mutating func passTime(until moment: TimeSource.Instant) {
        if moment >= self.samplesDue {
            self.addInput(at: self.time)
            let whole = moment - (self.container?.scopes[.root]?.shown.openedAt ?? self.time)
            let step = max(
                Self.slowInterval,
                .nanoseconds((moment - self.time).wholeNanoseconds / Self.gapSamples),
                .nanoseconds(whole.wholeNanoseconds / Self.samples)
            )
            while self.time + step < moment {
                self.time = self.time + step
                self.addInput(at: self.time)
            }
        }
        self.time = moment
    }

    // MARK: Items

    /// Everything that exists is described.
    private mutating func endDescription() {
        guard let missed = self.container?.endDescription(at: self.time), let header = self.header, let container = self.container else {
            return
        }
        let snapshot = container.snapshot(at: self.time)
        if self.continues {
            let batch = EventBatch(missed: missed, snapshot: snapshot, events: [])
            self.slowSampledAt = nil
            self.items.append(.input(MonitorInput(time: self.time, batch: batch, samples: self.samples(at: self.time))))
        } else {
            self.items.append(.header(RecordingHeader(header, self.clock, started: self.started), at: self.time))
            self.items.append(.snapshot(snapshot))
            self.slowSampledAt = nil
            self.items.append(.input(MonitorInput(time: self.time, samples: self.samples(at: self.time))))
        }
        self.toldAt = self.time
        self.phase = .following
        let held = container.held
        self.container?.held = []
        for text in held { self.container?.note(text, at: self.time) }
    }

    /// The Unix time of the start of the program, in nanoseconds: on the clock of its lines if the header states their time.
    private var started: Int64 {
        if !self.hasTimes, let started = self.header?.started { return Int64(saturating: started * 1e9) }
        return self.clock.unixTime(of: self.container?.scopes[.root]?.shown.openedAt ?? self.time)
    }

    private mutating func addInput(at time: TimeSource.Instant) {
        guard let events = self.container?.takeEvents(), time >= self.samplesDue || !events.isEmpty else { return }
        let samples = time >= self.samplesDue ? self.samples(at: time) : nil
        self.toldAt = time
        self.items.append(.input(MonitorInput(time: time, batch: EventBatch(events: events), samples: samples)))
    }

    private mutating func samples(at time: TimeSource.Instant) -> MonitorSamples {
        self.samplesDue = MonitorTap.nextStep(after: time)
        guard let container = self.container else { return MonitorSamples() }
        let uses = container.usedInstances.sorted().compactMap { id in
            container.instances[id].map { MonitorSamples.Uses(resource: id, uses: $0.shown.uses) }
        }
        self.container?.usedInstances = []
        var samples = MonitorSamples(pools: container.poolSamples, uses: uses)
        if self.slowSampledAt.map({ time >= $0 + Self.slowInterval }) ?? true {
            self.slowSampledAt = time
            samples.slow = MonitorSamples.Slow(
                outliving: [],
                forgottenScopes: [],
                books: container.books,
                booksSequence: container.sequence
            )
        }
        return samples
    }

    private mutating func answer(_ id: Int, _ refused: String?, at time: TimeSource.Instant) {
        self.addInput(at: time)
        let report = self.container?.closes.answer(id)
        let error = refused ?? (report == nil ? "the program answered, but did not close the scope" : nil)
        self.items.append(.answer(AttachAnswer(id: id, error: error, report: error == nil ? report : nil), at: time))
    }

    private mutating func end(_ reason: String?, at now: TimeSource.Instant?) {
        if self.phase == .describing { self.endDescription() }
        if let now { self.time = max(self.time, self.clock.instant(received: now)) }
        self.samplesDue = min(self.samplesDue, self.time)
        self.addInput(at: self.time)
        self.items.append(.end(RecordingEnd(reason: reason)))
        self.phase = .over
    }

    private static func text(of line: FeedLine) -> String {
        switch line.kind {
        case .output(let text): text
        case .fault(let reason): "feed: \(reason)"
        default: "feed: a line comes before the first line of the feed"
        }
    }

    // MARK: Requests

    /// The line of a request to close a scope, with its line feed; nil if the scope is not open.
    package mutating func closeRequest(_ id: Int, _ scope: ScopeID, force: Bool) -> [UInt8]? {
        guard let container = self.container, let row = container.scopes[scope] else { return nil }
        let inside = container.scopesInside(scope).compactMap { container.scopes[$0] }
        self.container?.closes.request(id, [row] + inside)
        return FeedRequest(id: id, scope: row.name, force: force).line
    }
}

extension FeedContainer {
    /// Applies a line that has the same effect while lines describe what exists and while they report what happens.
    fileprivate mutating func apply(_ kind: FeedLine.Kind, at time: TimeSource.Instant) throws(FeedFault) {
        switch kind {
        case .bind(let type, let lifetime, let location): _ = try self.binding(of: type, lifetime: lifetime, location, at: time)
        case .open(let name, let parent, let tag, let location): try self.open(name, in: parent, tag: tag, location, at: time)
        case .closing(let name): try self.closing(name, at: time)
        case .close(let name, let outcome): try self.close(name, outcome, at: time)
        case .make(let type, let name, let scope, let needs): try self.make(type, name, in: scope, needs: needs, at: time)
        case .ready(let name, let took, let needs): try self.ready(name, took: took, needs: needs, at: time)
        case .failed(let name, let text, let took): try self.failed(name, text, took: took, at: time)
        case .error(let name, let text): try self.error(name, text, at: time)
        case .disposing(let name): try self.disposing(name, at: time)
        case .disposed(let name, let took, let threw): try self.disposed(name, took: took, threw: threw, at: time)
        case .abandoned(let name, let budget): try self.abandoned(name, budget: budget, at: time)
        case .health(let name, let status, let text, let took): try self.health(name, status, text, took: took, at: time)
        case .use(let name, let times): try self.use(name, times: times)
        case .pool(let pool): try self.sample(pool, at: time)
        case .note(let text, let scope): self.note(text, try self.scope(scope), at: time)
        case .output(let text): self.note(text, at: time)
        case .fault(let reason): throw FeedFault(reason)
        case .header, .past, .closed, .missed, .live, .beat, .answer, .end, .unknown: break
        }
    }
}
