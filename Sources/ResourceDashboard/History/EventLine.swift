import ResourceContainer

/// How much an event matters.
public enum EventLevel: Int, Comparable, Sendable, Codable {
    case info, warn, error

    public static func < (left: EventLevel, right: EventLevel) -> Bool {
        left.rawValue < right.rawValue
    }

    var label: String {
        switch self {
        case .info: "info"
        case .warn: "warn"
        case .error: "error"
        }
    }
}

/// A line of the list of events: an event with the names that what it is about had when it came, since that may be gone when it is shown; or
/// something that was noted by the dashboard itself. Words are made when they are needed.
public struct EventLine: Sendable, Hashable {
    /// The event's number; for lines that are not a container's, the number of the event before.
    public let sequence: UInt64
    public let time: TimeSource.Instant
    let content: Content

    enum Content: Sendable, Hashable {
        case event(ResourceEvent, label: String, scope: String)
        indirect case note(Note)
    }

    /// What the dashboard says itself.
    struct Note: Sendable, Hashable {
        var source: String
        var level: EventLevel
        var what: String
        var who: String
        var message: String
    }

    /// The line of `event`, about what is called `label` in a scope that is called `scope`.
    init(_ event: ResourceEvent, label: String, scope: String) {
        self.sequence = event.sequence
        self.time = event.time
        self.content = .event(event, label: label, scope: scope)
    }

    /// The line of `event`, with names from `picture`.
    init(_ event: ResourceEvent, _ picture: Picture) {
        let label =
            event.resource == nil
            ? ""
            : (event.binding ?? event.resource.flatMap { picture.resources[$0]?.resource.binding })
                .flatMap { picture.bindings[$0]?.binding.label } ?? ""
        self.init(event, label: label, scope: picture.scopeName(event.scope))
    }

    init(sequence: UInt64, time: TimeSource.Instant, _ note: Note) {
        self.sequence = sequence
        self.time = time
        self.content = .note(note)
    }

    /// The event; nil for what the dashboard says itself.
    var event: ResourceEvent? {
        if case .event(let event, _, _) = self.content { event } else { nil }
    }

    private var words: (source: String, what: String, message: String) {
        switch self.content {
        case .event(let event, _, _): Self.words(event.kind)
        case .note(let note): (note.source, note.what, note.message)
        }
    }

    /// Who tells it: `core`, `pool`, `health`, `user`, `stdout`, `stderr`, `monitor`.
    public var source: String { self.words.source }
    public var level: EventLevel {
        switch self.content {
        case .event(let event, _, _): event.kind.level
        case .note(let note): note.level
        }
    }

    /// What happened, in one word.
    public var what: String { self.words.what }
    /// The rest.
    public var message: String { self.words.message }

    /// Whom it happened to: `Database#12`, `scope req-7`.
    public var who: String {
        switch self.content {
        case .event(let event, let label, let scope): event.resource.map { "\(label)\($0)" } ?? "scope \(scope)"
        case .note(let note): note.who
        }
    }

    /// The scope it happened in.
    public var scope: String {
        if case .event(_, _, let scope) = self.content { scope } else { "-" }
    }

    /// What it is about, to jump to.
    public var resource: ResourceID? { self.event?.resource }
    public var scopeID: ScopeID? { self.event?.scope }

    /// The line as one string, for `y` and for filters.
    var text: String {
        let words = self.words
        return "\(words.what) \(self.who) \(self.scope) \(words.message)"
    }

    /// Why an instance was given up.
    static func abandoned(_ phase: ResourceEvent.Phase, _ budget: Duration) -> String {
        budget == .zero ? ResourceEvent.droppedText : "\(phase.rawValue) did not come back within \(Format.duration(budget))"
    }

    private static func words(_ kind: ResourceEvent.Kind) -> (source: String, what: String, message: String) {
        switch kind {
        case .bound(let binding):
            ("core", "bound", "\(binding.label) at \(binding.place)")
        case .rebound(let binding):
            ("core", "rebound", "\(binding.label) at \(binding.place)")
        case .droppedOpen(let live):
            (
                "core", "dropped-open",
                "the container was dropped without being closed, with \(live == 1 ? "1 live instance" : "\(live) live instances")"
            )
        case .scopeOpened(let scope):
            ("core", "open", "at \(scope.place)")
        case .scopeClosing:
            ("core", "closing", "")
        case .closingHurried(let left):
            ("core", "hurry", "the budget is nearly used up: \(left) left, disposed at once")
        case .scopeClosed(let disposed, let threw, let abandoned, let took):
            (
                "core", "closed",
                "\(disposed) disposed\(threw > 0 ? ", \(threw) of them threw" : "")\(abandoned > 0 ? ", \(abandoned) abandoned" : "") in \(Format.duration(took))"
            )
        case .initialising:
            ("core", "created", "")
        case .ready(let took, _, _):
            ("core", "init", "took \(Format.duration(took))")
        case .initialisationFailed(let error, let took):
            ("core", "init", "failed after \(Format.duration(took)): \(error)")
        case .dependencyAdded(let dependency):
            ("core", "needs", "\(dependency)")
        case .disposing:
            ("core", "dispose", "begins")
        case .disposed(let took, let lived):
            ("core", "disposed", "lived \(Format.duration(lived)), took \(Format.duration(took))")
        case .disposeThrew(let error, let took, let lived):
            ("core", "disposed", "threw: \(error) (lived \(Format.duration(lived)), took \(Format.duration(took)))")
        case .abandoned(let phase, let budget):
            ("core", "abandon", Self.abandoned(phase, budget))
        case .completedLate(let phase, let took):
            ("core", "late", "\(phase.rawValue) came back after \(Format.duration(took))")
        case .noted(let text):
            ("user", "note", text)
        case .errorReported(let text):
            ("user", "report", text)
        case .leaseSlow(let waited):
            ("pool", "slow", "a lease was waited for \(Format.duration(waited))")
        case .leaseTimedOut(let waited, let message):
            ("pool", "timeout", "no lease within \(Format.duration(waited)): \(message)")
        case .leaseExhausted:
            ("pool", "refused", "no item was free")
        case .leaseReentrant:
            ("pool", "nested", "a task that holds a lease asks for another of the exhausted pool")
        case .leaseLost(let place, let scope, let held):
            (
                "pool", "lost",
                "lent at \(place)\(scope.map { " in \($0)" } ?? "") for \(Format.duration(held)), still out when its scope had closed"
            )
        case .leaseRecovered(let place, let held):
            ("pool", "recovered", "lent at \(place), came back after \(Format.duration(held))")
        case .fellBack(let key, let reason):
            ("core", "fallback", "stands in for \(key): \(reason)")
        case .leakSuspected(let place, let scope, let held):
            ("pool", "leak?", "lent at \(place)\(scope.map { " in \($0)" } ?? "") for \(Format.duration(held)) now")
        case .leakWithdrawn(let place, let held):
            ("pool", "no leak", "lent at \(place), came back after \(Format.duration(held))")
        case .faultInjected(let fault):
            ("user", "fault", "injected: \(fault)")
        case .healthChanged(let before, let result):
            (
                "health", "answer",
                "\(result.status.rawValue)\(before == .unknown ? "" : " after \(before.rawValue)"); \(result.words)"
            )
        }
    }
}

extension HealthResult {
    /// `ping took 4ms: the message`.
    var words: String {
        "\(self.probe) took \(Format.duration(self.latency))\(self.message.map { ": \($0)" } ?? "")"
    }
}

extension ResourceEvent.Kind {
    /// How much it matters. An error is what the books count as one, ``isError``, and nothing else.
    var level: EventLevel {
        switch self {
        case .initialisationFailed, .disposeThrew, .abandoned, .errorReported, .leaseTimedOut, .leaseExhausted: .error
        // What went wrong in it was told before: one error is one line.
        case .scopeClosed(_, let threw, let abandoned, _): threw > 0 || abandoned > 0 ? .warn : .info
        case .ready(let took, _, _): took >= .seconds(1) ? .warn : .info
        case .healthChanged(_, let result): result.status == .healthy ? .info : .warn
        case .closingHurried, .completedLate, .leaseSlow, .leaseReentrant, .leaseLost, .fellBack, .leakSuspected, .faultInjected,
            .droppedOpen:
            .warn
        case .bound, .rebound, .scopeOpened, .scopeClosing, .initialising, .dependencyAdded, .disposing, .disposed, .noted, .leaseRecovered,
            .leakWithdrawn:
            .info
        }
    }
}
