import ResourceContainer

/// The severity of an event line. Levels are ordered from `info` to `error`.
package enum EventLevel: Int, Comparable, Sendable, Codable {
    /// A normal event.
    case info
    /// Something unusual that is not an error.
    case warn
    /// An error; see the `isError` property of the container's events.
    case error

    /// Whether `left` is less severe than `right`.
    package static func < (left: EventLevel, right: EventLevel) -> Bool {
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

/// A line of the event log: an event of the container, or a note that the dashboard added.
///
/// The line keeps the names that its subject had when the event occurred, because the subject may be gone when the line is shown. Texts are
/// formatted on demand.
package struct EventLine: Sendable, Hashable {
    /// The sequence number of the event; for notes, the number of the preceding event.
    package let sequence: UInt64
    /// When the event occurred.
    package let time: TimeSource.Instant
    let content: Content

    enum Content: Sendable, Hashable {
        case event(ResourceEvent, label: String, scope: String)
        indirect case note(Note)
    }

    /// A line that the dashboard adds.
    struct Note: Sendable, Hashable {
        var source: String
        var level: EventLevel
        var what: String
        var who: String
        var message: String
    }

    /// Creates the line of `event` about an instance labeled `label` in a scope named `scope`.
    init(_ event: ResourceEvent, label: String, scope: String) {
        self.sequence = event.sequence
        self.time = event.time
        self.content = .event(event, label: label, scope: scope)
    }

    /// Creates the line of `event` with names from `picture`.
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

    /// The event; nil for a note.
    var event: ResourceEvent? {
        if case .event(let event, _, _) = self.content { event } else { nil }
    }

    private var words: (source: String, what: String, message: String) {
        switch self.content {
        case .event(let event, _, _): Self.words(event.kind)
        case .note(let note): (note.source, note.what, note.message)
        }
    }

    /// The origin of the line: `core`, `pool`, `health`, `user`, `stdout`, `stderr`, `monitor`, `attach`, `resmon`.
    package var source: String { self.words.source }
    /// The severity.
    package var level: EventLevel {
        switch self.content {
        case .event(let event, _, _): event.kind.level
        case .note(let note): note.level
        }
    }

    /// The kind of event, in one word.
    package var what: String { self.words.what }
    /// The details.
    package var message: String { self.words.message }

    /// The subject: `Database#12`, `scope req-7`.
    package var who: String {
        switch self.content {
        case .event(let event, let label, let scope): event.resource.map { "\(label)\($0)" } ?? "scope \(scope)"
        case .note(let note): note.who
        }
    }

    /// The name of the scope in which it happened; `-` for a note.
    package var scope: String {
        if case .event(_, _, let scope) = self.content { scope } else { "-" }
    }

    /// The resource that the line is about, to jump to.
    package var resource: ResourceID? { self.event?.resource }
    /// The scope in which it happened; nil for a note.
    package var scopeID: ScopeID? { self.event?.scope }

    /// The line as one string, for copying and for filters.
    var text: String {
        let words = self.words
        return "\(words.what) \(self.who) \(self.scope) \(words.message)"
    }

    /// Returns the text of an abandoned step.
    static func abandoned(_ phase: ResourceEvent.Phase, _ budget: Duration) -> String {
        budget == .zero ? ResourceEvent.droppedText : "\(phase.rawValue) did not finish within \(Format.duration(budget))"
    }

    /// Returns how a scope's body ended, before the figures of the close; nothing if it returned.
    private static func words(_ outcome: ScopeOutcome?) -> String {
        switch outcome {
        case .returned, nil: ""
        case .threw, .canceled: outcome.map { "\($0); " } ?? ""
        }
    }

    private static func words(_ kind: ResourceEvent.Kind) -> (source: String, what: String, message: String) {
        switch kind {
        case .bound(let binding):
            ("core", "bound", "\(binding.label) at \(binding.location)")
        case .rebound(let binding):
            ("core", "rebound", "\(binding.label) at \(binding.location)")
        case .droppedOpen(let live):
            (
                "core", "dropped-open",
                "the container was dropped without being closed, with \(live == 1 ? "1 live instance" : "\(live) live instances")"
            )
        case .scopeOpened(let scope):
            ("core", "open", "at \(scope.location)")
        case .scopeClosing:
            ("core", "closing", "")
        case .closeExpedited(let left):
            ("core", "expedite", "the budget is nearly spent: disposing \(left) without waiting")
        case .scopeClosed(let disposed, let threw, let abandoned, let took, let outcome):
            (
                "core", "closed",
                "\(Self.words(outcome))\(disposed) disposed\(threw > 0 ? ", \(threw) of them threw" : "")\(abandoned > 0 ? ", \(abandoned) abandoned" : "") in \(Format.duration(took))"
            )
        case .initializing:
            ("core", "created", "")
        case .ready(let took, _, _):
            ("core", "init", "took \(Format.duration(took))")
        case .initializationFailed(let error, let took):
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
            ("core", "late", "\(phase.rawValue) finished after \(Format.duration(took))")
        case .noted(let text):
            ("user", "note", text)
        case .errorReported(let text):
            ("user", "report", text)
        case .leaseSlow(let waited):
            ("pool", "slow", "waited \(Format.duration(waited)) for a lease")
        case .leaseTimedOut(let waited, let message):
            ("pool", "timeout", "no lease within \(Format.duration(waited)): \(message)")
        case .leaseExhausted:
            ("pool", "refused", "no item was free")
        case .leaseReentrant:
            ("pool", "nested", "a task that holds a lease requests another of the exhausted pool")
        case .leaseLost(let location, let scope, let held):
            (
                "pool", "lost",
                "leased at \(location)\(scope.map { " in \($0)" } ?? "") for \(Format.duration(held)), not released when its scope closed"
            )
        case .leaseRecovered(let location, let held):
            ("pool", "recovered", "leased at \(location), released after \(Format.duration(held))")
        case .fellBack(let key, let reason):
            ("core", "fallback", "used for \(key): \(reason)")
        case .leakSuspected(let location, let scope, let held):
            ("pool", "leak?", "leased at \(location)\(scope.map { " in \($0)" } ?? "") for \(Format.duration(held)) so far")
        case .leakWithdrawn(let location, let held):
            ("pool", "no leak", "leased at \(location), released after \(Format.duration(held))")
        case .faultInjected(let fault):
            ("user", "fault", "injected: \(fault)")
        case .healthChanged(let before, let result):
            (
                "health", "result",
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
    /// The severity. The kinds with level ``EventLevel/error`` are those for which ``isError`` is true.
    var level: EventLevel {
        switch self {
        case .initializationFailed, .disposeThrew, .abandoned, .errorReported, .leaseTimedOut, .leaseExhausted: .error
        // The errors of the close have their own lines.
        case .scopeClosed(_, let threw, let abandoned, _, let outcome):
            threw > 0 || abandoned > 0 || outcome?.kind == .threw ? .warn : .info
        case .ready(let took, _, _): took >= .seconds(1) ? .warn : .info
        case .healthChanged(_, let result): result.status == .healthy ? .info : .warn
        case .closeExpedited, .completedLate, .leaseSlow, .leaseReentrant, .leaseLost, .fellBack, .leakSuspected, .faultInjected,
            .droppedOpen:
            .warn
        case .bound, .rebound, .scopeOpened, .scopeClosing, .initializing, .dependencyAdded, .disposing, .disposed, .noted, .leaseRecovered,
            .leakWithdrawn:
            .info
        }
    }
}
