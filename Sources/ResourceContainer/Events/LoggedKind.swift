/// An event's kind as the log stores it: frequent kinds inline, other kinds in a box.
///
/// Events are written far more often than they are read, so a kind is converted to ``ResourceEvent/Kind`` only when a subscriber reads it.
/// A stored kind references no scope and no instance, because the log outlives them.
enum LoggedKind: Sendable {
    case scopeOpened(OpenedScope)
    case scopeClosing
    /// A body that threw is stored boxed, with its error.
    case scopeClosed(disposed: Int32, threw: Int32, abandoned: Int32, outcome: PlainOutcome?, took: Int64)
    case initializing
    case ready(took: Int64, order: UInt64, dependencies: [ResourceHandle])
    case disposing
    case disposed(took: Int64, lived: Int64)
    case rare(RareKind)

    static func boxed(_ kind: ResourceEvent.Kind) -> LoggedKind {
        .rare(RareKind(kind))
    }

    /// The close of a scope.
    static func closed(disposed: Int, threw: Int, abandoned: Int, took: Int64, outcome: ScopeOutcome?) -> LoggedKind {
        let counts = (disposed: Int32(clamping: disposed), threw: Int32(clamping: threw), abandoned: Int32(clamping: abandoned))
        let plain: PlainOutcome?
        switch outcome {
        case .threw:
            return .boxed(
                .scopeClosed(
                    disposed: Int(counts.disposed),
                    threw: Int(counts.threw),
                    abandoned: Int(counts.abandoned),
                    took: .nanoseconds(took),
                    outcome: outcome
                )
            )
        case .returned: plain = .returned
        case .canceled: plain = .canceled
        case nil: plain = nil
        }
        return .scopeClosed(disposed: counts.disposed, threw: counts.threw, abandoned: counts.abandoned, outcome: plain, took: took)
    }

    var isError: Bool {
        if case .rare(let rare) = self { rare.kind.isError } else { false }
    }

    var kind: ResourceEvent.Kind {
        switch self {
        case .scopeOpened(let opened): .scopeOpened(opened.snapshot)
        case .scopeClosing: .scopeClosing
        case .scopeClosed(let disposed, let threw, let abandoned, let outcome, let took):
            .scopeClosed(
                disposed: Int(disposed),
                threw: Int(threw),
                abandoned: Int(abandoned),
                took: .nanoseconds(took),
                outcome: outcome?.outcome
            )
        case .initializing: .initializing
        case .ready(let took, let order, let dependencies):
            .ready(took: .nanoseconds(took), order: order, dependencies: dependencies.map(\.id))
        case .disposing: .disposing
        case .disposed(let took, let lived): .disposed(took: .nanoseconds(took), lived: .nanoseconds(lived))
        case .rare(let rare): rare.kind
        }
    }
}

/// A new scope as the log stores it. It does not refer to the scope, which the log outlives. The snapshot is built when a subscriber reads it.
final class OpenedScope: Sendable {
    private let id: ScopeID
    private let name: String
    private let tag: String?
    private let parent: ScopeID?
    private let location: CodeLocation
    private let openedAt: TimeSource.Instant
    private let disposal: StepOrder?
    private let traceID: TraceID?
    private let values: [BindingID]

    init(_ scope: Scope) {
        self.id = scope.id
        self.name = scope.name
        self.tag = scope.tag
        self.parent = scope.parent?.id
        self.location = scope.location
        self.openedAt = scope.openedAt
        self.disposal = scope.concurrentDisposal
        self.traceID = scope.traceID
        self.values = scope.values
    }

    /// The scope as it was opened.
    var snapshot: ScopeSnapshot {
        var snapshot = ScopeSnapshot(
            id: self.id,
            name: self.name,
            tag: self.tag?.asName,
            parent: self.parent,
            location: self.location,
            openedAt: self.openedAt
        )
        snapshot.disposal = self.disposal
        snapshot.traceID = self.traceID
        if !self.values.isEmpty { snapshot.values = self.values }
        return snapshot
    }
}

/// An outcome without an error, in one byte.
enum PlainOutcome: Sendable {
    case returned
    case canceled

    var outcome: ScopeOutcome {
        switch self {
        case .returned: .returned
        case .canceled: .canceled
        }
    }
}

/// A heap-allocated kind, which keeps ``LoggedKind`` small.
final class RareKind: Sendable {
    let kind: ResourceEvent.Kind

    init(_ kind: ResourceEvent.Kind) {
        self.kind = kind
    }
}

/// An event as the log stores it. Its number follows from its index in the ring.
struct LoggedEvent: Sendable {
    let time: TimeSource.Instant
    let scope: ScopeID
    /// 0 if the event has no resource.
    let resource: ResourceID
    /// Negative if the event has no binding.
    let binding: Int32
    let kind: LoggedKind

    func event(number: UInt64) -> ResourceEvent {
        ResourceEvent(
            sequence: number,
            time: self.time,
            scope: self.scope,
            resource: self.resource.rawValue == 0 ? nil : self.resource,
            binding: self.binding < 0 ? nil : BindingID(Int(self.binding)),
            kind: self.kind.kind
        )
    }
}
