import ResourceContainer

/// The time limits of the phases of a transfer.
struct TransferLimits: Sendable {
    /// The limit of resolving and connecting together.
    let connect: Duration?
    /// The limit of waiting for the first byte of the response.
    let firstByte: Duration?
    /// The limit of the time in which no byte of the body is sent or received.
    let silence: Duration?

    /// No limits.
    static let none = TransferLimits(connect: nil, firstByte: nil, silence: nil)

    /// The smallest limit.
    var smallest: Duration? {
        earlier(earlier(self.connect, self.firstByte), self.silence)
    }
}

/// The lesser of two values, if there are both. Without an array, because every request calls this.
func earlier<Value: Comparable>(_ first: Value?, _ second: Value?) -> Value? {
    guard let first, let second else { return first ?? second }
    return min(first, second)
}

/// A time limit that a transfer has exceeded, and the phase in which it did.
struct TimeExcess: Sendable {
    enum Limit: Sendable {
        case request, connect, firstByte, silence

        /// The setting of ``HTTPConfiguration``; nil for the timeout of the request.
        var setting: String? {
            switch self {
            case .request: nil
            case .connect: "connectTimeout"
            case .firstByte: "firstByteTimeout"
            case .silence: "silenceTimeout"
            }
        }
    }

    let limit: Limit
    let duration: Duration
    let phase: HTTPError.Phase
}

/// The bodies of a transfer: that of the request, and that of the response.
struct TransferBodies: OptionSet, Sendable {
    let rawValue: Int

    static let request = TransferBodies(rawValue: 1)
    static let response = TransferBodies(rawValue: 2)
}

/// The phase of a transfer, and when its time limit expires. Pure: the time is a parameter.
struct TransferProgress: Sendable {
    let limits: TransferLimits
    private(set) var phase: HTTPError.Phase
    /// When resolving began.
    private var began: TimeSource.Instant
    /// When the phase began, or the last byte was sent or received.
    private var moved: TimeSource.Instant
    /// The bodies for which the transfer waits for the application, so that the silence is not the server's.
    private var held: TransferBodies = []
    /// When the transfer began, and the phase.
    private let started: TimeSource.Instant
    private var entered: TimeSource.Instant
    /// The durations of the phases before the current one.
    private var spent = HTTPObserver.Durations()

    init(_ limits: TransferLimits, phase: HTTPError.Phase, at now: TimeSource.Instant) {
        self.limits = limits
        self.phase = phase
        self.began = now
        self.moved = now
        self.started = now
        self.entered = now
    }

    mutating func enter(_ phase: HTTPError.Phase, at now: TimeSource.Instant) {
        // libcurl connects again if a connection from earlier turns out to be closed.
        if phase == .connecting, self.phase != .resolving, self.phase != .connecting { self.began = now }
        self.spent[self.phase] += now - self.entered
        self.entered = now
        self.phase = phase
        // A response can begin while the body of the request waits for the application.
        self.move(phase == .receiving ? .response : [.request, .response], at: now)
    }

    /// Records that bytes of these bodies were sent or received, or that the transfer continues with them.
    mutating func move(_ bodies: TransferBodies, at now: TimeSource.Instant) {
        self.moved = now
        self.held.subtract(bodies)
    }

    /// Records that the transfer waits for the application.
    mutating func hold(_ body: TransferBodies) {
        self.held.insert(body)
    }

    /// The durations of the phases until now.
    func durations(at now: TimeSource.Instant) -> HTTPObserver.Durations {
        var durations = self.spent
        durations[self.phase] += now - self.entered
        durations.total = now - self.started
        return durations
    }

    /// The limit of the current phase and when it expires; nil if there is none.
    private var expiry: (limit: TimeExcess.Limit, duration: Duration, instant: TimeSource.Instant)? {
        let (limit, duration, start): (TimeExcess.Limit, Duration?, TimeSource.Instant) =
            switch self.phase {
            case .resolving, .connecting: (.connect, self.limits.connect, self.began)
            case .waiting: (.firstByte, self.limits.firstByte, self.moved)
            default: (.silence, self.held.isEmpty ? self.limits.silence : nil, self.moved)
            }
        return duration.map { (limit, $0, start + $0) }
    }

    /// The exceeded limit; nil if there is none.
    func excess(at now: TimeSource.Instant) -> TimeExcess? {
        guard let expiry = self.expiry, expiry.instant <= now else { return nil }
        return TimeExcess(limit: expiry.limit, duration: expiry.duration, phase: self.phase)
    }

    /// When to look again: no limit expires earlier, including those of later phases. Nil if there are no limits.
    func nextCheck(at now: TimeSource.Instant) -> TimeSource.Instant? {
        guard let smallest = self.limits.smallest else { return nil }
        return min(self.expiry?.instant ?? now + smallest, now + smallest)
    }
}
