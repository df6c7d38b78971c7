import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// One connection as a state machine: bytes and time in, steps out. Pure.
///
/// The shell takes steps with ``next(at:_:)`` until there is none, and then waits for bytes, for room to write, or for
/// ``deadline(after:)``. Nothing in it grows with the client's behavior: one chunk of bytes to write, at most
/// ``AttachLimits/commands`` running commands, and about as many answers. While an answer waits for room, no further request is read.
struct AttachConnection: Sendable {
    /// The progress of a connection. It only advances.
    private enum Phase: Sendable, Hashable {
        /// No line of the client has arrived.
        case undecided
        /// The stream is to begin.
        case opening(Opening)
        /// The stream has begun.
        case streaming(AttachMode?)
        /// The last inputs of the container are written.
        case finishing
        /// The last line is written.
        case ended
        case closed
    }

    /// The shortest time between two snapshots after missed events.
    static let snapshotInterval = Duration.seconds(1)
    /// The time between two reports.
    static let reportInterval = Duration.seconds(1)
    /// The time that the end of the container waits for the answers of running commands, such as the one that closed it.
    static let endPatience = Duration.seconds(1)

    let permission: Consent.Permission
    let offers: Offers
    private let openedAt: TimeSource.Instant
    private(set) var input = RequestInput()
    var outbox = Outbox()
    private var answers: [AttachAnswer] = []
    private var phase = Phase.undecided
    /// The number of running commands.
    private(set) var running = 0
    /// The last time at which there was nothing to read.
    private var quietAt: TimeSource.Instant?
    /// Whether the full stream has begun without a request, which may still arrive.
    private var isUnasked = false
    private var nextBeat: TimeSource.Instant
    private var nextReport: TimeSource.Instant?
    /// The time of the last turn, or of the beginning.
    private var lastTurn: TimeSource.Instant
    /// The time of the last snapshot after missed events.
    private var lastSnapshot: TimeSource.Instant?
    /// Whether the next turn does not wait for its time, because a command has ended.
    private var isUrgent = false
    /// Whether the first turn has been taken. It follows the snapshot at once, because the samples of the pools are in it.
    private var hasTurned = false
    private var ending: (body: RecordingEnd, at: TimeSource.Instant)?

    init(_ permission: Consent.Permission, offers: Offers, at now: TimeSource.Instant) {
        self.permission = permission
        self.offers = offers
        self.openedAt = now
        self.nextBeat = now
        self.lastTurn = now
    }

    /// The content of the stream that has begun; nil before that, and for a stream of answers and beats.
    var mode: AttachMode? {
        if case .streaming(let mode) = self.phase { mode } else { nil }
    }

    /// Whether the stream has begun. Its mode never changes then.
    var hasBegun: Bool {
        switch self.phase {
        case .undecided, .opening: false
        case .streaming, .finishing, .ended, .closed: true
        }
    }

    var isClosed: Bool { self.phase == .closed }

    // MARK: Input

    /// Whether the shell should read from the client.
    var wantsInput: Bool {
        !self.isClosed && !self.input.hasEnded && !self.input.hasLines
    }

    /// Takes bytes of the client.
    mutating func receive(_ bytes: ArraySlice<UInt8>) {
        guard let fault = self.input.take(bytes) else { return }
        self.choose(Opening())
        self.answers.append(AttachAnswer(id: 0, error: fault.description))
        self.end(RecordingEnd(reason: fault.description), by: self.openedAt)
    }

    /// Notes that there was nothing to read at `moment`. Only then is it certain that the client has sent no line in time.
    mutating func receiveNothing(at moment: TimeSource.Instant) {
        self.quietAt = moment
    }

    /// Notes that the client has closed its side. It may still read.
    mutating func receiveEnd() {
        self.input.end()
    }

    /// Takes the answer of a command.
    mutating func take(_ answer: AttachAnswer) {
        if self.isClosed { return }
        self.running -= 1
        self.answers.append(answer)
        self.isUrgent = true
    }

    /// Ends the stream with `body` at the latest at `moment`. Until then, running commands may answer.
    mutating func end(_ body: RecordingEnd, by moment: TimeSource.Instant) {
        if let ending = self.ending, ending.at <= moment { return }
        self.ending = (body, moment)
    }

    /// Closes the connection without another line.
    mutating func close() {
        self.phase = .closed
        self.input.clear()
        self.outbox.clear()
        self.answers = []
    }

    private mutating func choose(_ opening: Opening) {
        if self.phase == .undecided { self.phase = .opening(opening) }
    }

    // MARK: Steps

    /// The next step; nil if there is none before the next bytes, room to write, answer, deadline, or round.
    mutating func next(at now: TimeSource.Instant, _ outlook: Outlook) -> Step? {
        if let limit = self.limit, now >= limit { return self.closing() }
        if let step = self.nextRequest() { return step }
        if self.phase == .undecided, let step = self.unasked(at: now) { return step }
        switch self.phase {
        case .undecided, .closed: return nil
        case .opening(let opening):
            if opening.mode == .full, !outlook.mayTakeSnapshot { return nil }
            self.phase = .streaming(opening.mode)
            if opening.mode == .past { self.input.clear() }
            return .begin(opening)
        case .streaming, .finishing, .ended: return self.outbox.isEmpty ? self.nextLine(at: now, outlook) : nil
        }
    }

    /// The time at which the connection is closed in any case; nil if there is none.
    private var limit: TimeSource.Instant? {
        let stuck = self.outbox.stuckSince.map { $0 + AttachLimits.stuckWriter }
        guard self.mode == .past else { return stuck }
        return min(self.lastTurn + AttachLimits.past, stuck ?? .distant)
    }

    private mutating func closing() -> Step {
        self.close()
        return .close
    }

    /// The next step for the client's lines. The first line determines what the client watches.
    private mutating func nextRequest() -> Step? {
        if self.ending != nil, self.hasBegun { self.input.clear() }
        if case .opening = self.phase { return nil }
        while self.answers.count < AttachLimits.commands, let entry = self.input.read() {
            var step: Step?
            switch entry {
            case .fault(let fault): self.answers.append(AttachAnswer(id: fault.id ?? 0, error: fault.description))
            case .request(let request): step = self.step(for: request)
            }
            self.choose(Opening())
            if let step { return step }
            if !self.hasBegun { return nil }
        }
        return nil
    }

    private mutating func step(for request: AttachRequest) -> Step? {
        if case .watch(let mode, let last) = request.command {
            if let refusal = self.refusal(of: mode) {
                self.answers.append(AttachAnswer(id: request.id, error: refusal))
                return nil
            }
            self.isUnasked = false
            self.choose(Opening(mode: mode, last: last, request: request.id))
            // The flight recorder numbers its lines itself, so that no answer can be among them.
            if mode != .past { self.answers.append(AttachAnswer(id: request.id)) }
        } else if case .watch(let reason) = self.permission {
            self.answers.append(AttachAnswer(id: request.id, error: reason))
        } else if self.running >= AttachLimits.commands {
            let reason = "\(self.running) commands of this client are running; send the next one when one of them has answered"
            self.answers.append(AttachAnswer(id: request.id, error: reason))
        } else {
            self.running += 1
            return .run(request)
        }
        return nil
    }

    /// The reason why the client cannot watch in a mode; nil if it can.
    private func refusal(of mode: AttachMode) -> String? {
        if self.hasBegun {
            // A relay may deliver the first line after the time for it has passed.
            if mode == .full, self.isUnasked { return nil }
            return "the first line of a connection determines what it watches; open another connection"
        }
        if mode == .past, !self.offers.past { return "this process has no flight recorder" }
        return nil
    }

    /// Chooses the full stream if the client has sent no line in time.
    private mutating func unasked(at now: TimeSource.Instant) -> Step? {
        if let ending = self.ending, now >= ending.at { return self.closing() }
        let isLate = self.quietAt.map { $0 >= self.openedAt + AttachLimits.firstLine } ?? false
        guard self.input.hasEnded || isLate else { return nil }
        self.isUnasked = true
        self.choose(Opening(mode: .full))
        return nil
    }

    /// Notes that the stream has begun, and sets its first deadlines.
    mutating func noteBegin(at now: TimeSource.Instant) {
        self.lastTurn = now
        // A list of processes shows the figures at once. In the full stream they are in the snapshot and in the first turn.
        self.nextBeat = self.mode == .full ? now + AttachLimits.beat : now
        if self.mode == .report || self.mode == .full && self.offers.figures { self.nextReport = now }
    }

    /// The next line of a stream that has begun and whose last line is written.
    private mutating func nextLine(at now: TimeSource.Instant, _ outlook: Outlook) -> Step? {
        if self.phase == .ended { return self.closing() }
        if self.mode == .past { return .write(.past) }
        if !self.answers.isEmpty { return .write(.answer(self.answers.removeFirst())) }
        if let ending = self.ending, self.running == 0 || now >= ending.at { return self.lastLine(ending.body, outlook) }
        if now >= self.nextBeat {
            self.nextBeat = now + AttachLimits.beat
            return .write(.beat)
        }
        if let due = self.nextReport, now >= due {
            self.nextReport = self.mode == .report ? now + Self.reportInterval : nil
            return .write(.report)
        }
        return self.mode == .full && self.isTurnDue(at: now, outlook) ? self.turn(at: now, outlook) : nil
    }

    private mutating func lastLine(_ body: RecordingEnd, _ outlook: Outlook) -> Step? {
        if self.mode == .full {
            if outlook.wouldMiss, !outlook.mayTakeSnapshot { return nil }
            self.phase = .finishing
            return .write(.turn)
        }
        self.phase = .ended
        return .write(.end(body))
    }

    /// Notes that the flight recorder has no further line.
    mutating func notePastEnd() {
        self.phase = .ended
    }

    // MARK: Pace

    private func isTurnDue(at now: TimeSource.Instant, _ outlook: Outlook) -> Bool {
        if outlook.wouldMiss {
            if let last = self.lastSnapshot, now < last + Self.snapshotInterval { return false }
            if !outlook.mayTakeSnapshot { return false }
        }
        if !self.hasTurned || self.isUrgent && outlook.hasNews { return true }
        return now >= RecordingPace().due(after: self.lastTurn, hasNews: outlook.hasNews)
    }

    private mutating func turn(at now: TimeSource.Instant, _ outlook: Outlook) -> Step {
        self.lastTurn = now
        self.isUrgent = false
        self.hasTurned = true
        if outlook.wouldMiss { self.lastSnapshot = now }
        return .write(.turn)
    }

    /// The time at which ``next(at:_:)`` may have a step although nothing else happens; nil if there is none.
    func deadline(after now: TimeSource.Instant) -> TimeSource.Instant? {
        if self.isClosed { return nil }
        if !self.outbox.isEmpty { return self.limit }
        let end = self.ending?.at
        guard self.hasBegun else { return min(self.openedAt + AttachLimits.firstLine, end ?? .distant) }
        var next = min(self.nextBeat, self.nextReport ?? .distant, end ?? .distant)
        if self.mode == .full {
            let due = RecordingPace().due(after: self.lastTurn, hasNews: true)
            // Nothing has happened so far. News are looked for on the grid.
            next = min(next, due > now ? due : MonitorTap.nextStep(after: now))
        }
        return next
    }
}

extension TimeSource.Instant {
    /// An instant that is never reached.
    fileprivate static let distant = TimeSource.Instant(nanoseconds: .max)
}
