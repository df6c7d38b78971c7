import ResourceContainer

/// An event is a flat object with short names, and with durations in nanoseconds.
extension ResourceEvent: JSONWritable {
    // Names are in order, so the fields of a kind come before, between, and after the fields that all events have: b, k, n, r, s, t.
    func write(into json: inout JSONBytes) {
        json.open("{")
        switch self.kind {
        case .bound(let binding): json.bound(binding, .bound, in: self)
        case .rebound(let binding): json.bound(binding, .rebound, in: self)
        case .scopeOpened(let scope): json.opened(scope, in: self)
        case .scopeClosing: json.plain(.closing, self)
        case .closeExpedited(let left): json.counted(.hurried, "left", left, in: self)
        case .scopeClosed(let disposed, let threw, let abandoned, let took, let outcome):
            json.field("abandoned", abandoned)
            json.binding(of: self)
            json.field("disposed", disposed)
            json.kind(.closed)
            json.number(of: self)
            json.field("outcome", ifPresent: outcome?.kind.rawValue)
            json.instance(of: self)
            json.scopeAndTime(of: self)
            if case .threw(_, let text) = outcome { json.field("text", text) }
            json.field("threw", threw)
            json.field("took", took)
            if case .threw(let type, _) = outcome { json.field("type", type) }
        case .droppedOpen(let live): json.counted(.droppedOpen, "live", live, in: self)
        case .initializing: json.plain(.initializing, self)
        case .ready(let took, let order, let dependencies):
            json.head(.ready, self)
            json.number(of: self)
            if !dependencies.isEmpty { json.field("needs", dependencies) }
            json.field("order", order)
            json.instance(of: self)
            json.scopeAndTime(of: self)
            json.field("took", took)
        case .initializationFailed(let text, let took):
            json.plain(.failed, self)
            json.field("text", text)
            json.field("took", took)
        case .dependencyAdded(let dependency):
            json.head(.needs, self)
            json.number(of: self)
            json.field("needs", [dependency])
            json.instance(of: self)
            json.scopeAndTime(of: self)
        case .disposing: json.plain(.disposing, self)
        case .disposed(let took, let lived):
            json.counted(.disposed, "lived", lived.wholeNanoseconds, in: self)
            json.field("took", took)
        case .disposeThrew(let text, let took, let lived):
            json.counted(.threw, "lived", lived.wholeNanoseconds, in: self)
            json.field("text", text)
            json.field("took", took)
        case .abandoned(let phase, let budget):
            json.binding(of: self)
            json.field("budget", budget)
            json.kind(.abandoned)
            json.step(phase, in: self)
        case .completedLate(let phase, let took):
            json.head(.late, self)
            json.step(phase, in: self)
            json.field("took", took)
        case .noted(let text):
            json.plain(.noted, self)
            json.field("text", text)
        case .errorReported(let text):
            json.plain(.error, self)
            json.field("text", text)
        case .leaseSlow(let waited):
            json.plain(.leaseSlow, self)
            json.field("waited", waited)
        case .leaseTimedOut(let waited, let message):
            json.plain(.leaseTimedOut, self)
            json.field("text", message)
            json.field("waited", waited)
        case .leaseExhausted: json.plain(.leaseExhausted, self)
        case .leaseReentrant: json.plain(.leaseReentrant, self)
        case .leaseLost(let location, let scope, let held): json.held(.leaseLost, location, scope, held, in: self)
        case .leakSuspected(let location, let scope, let held): json.held(.leakSuspected, location, scope, held, in: self)
        case .leaseRecovered(let location, let after): json.released(.leaseRecovered, location, after, in: self)
        case .leakWithdrawn(let location, let after): json.released(.leakWithdrawn, location, after, in: self)
        case .healthChanged(let from, let to):
            json.binding(of: self)
            json.field("from", from)
            json.kind(.health)
            json.tail(self)
            json.field("to", to)
        case .fellBack(let from, let reason):
            json.binding(of: self)
            json.field("from", from)
            json.kind(.fellBack)
            json.tail(self)
            json.field("text", reason)
        case .faultInjected(let fault):
            json.binding(of: self)
            json.field("fault", fault)
            json.kind(.fault)
            json.tail(self)
        }
        json.close("}")
    }
}

// MARK: The fields of all events

extension JSONBytes {
    fileprivate mutating func binding(of event: ResourceEvent) {
        self.field("b", ifPresent: event.binding?.rawValue)
    }

    fileprivate mutating func kind(_ kind: RecordedEvent.Kind) {
        self.field("k", kind.rawValue)
    }

    fileprivate mutating func number(of event: ResourceEvent) {
        self.field("n", event.sequence)
    }

    fileprivate mutating func instance(of event: ResourceEvent) {
        self.field("r", ifPresent: event.resource?.rawValue)
    }

    fileprivate mutating func scopeAndTime(of event: ResourceEvent) {
        self.field("s", event.scope.rawValue)
        self.field("t", event.time.nanoseconds)
    }

    /// The fields `b` and `k`.
    fileprivate mutating func head(_ kind: RecordedEvent.Kind, _ event: ResourceEvent) {
        self.binding(of: event)
        self.kind(kind)
    }

    /// The fields `n`, `r`, `s`, and `t`.
    fileprivate mutating func tail(_ event: ResourceEvent) {
        self.number(of: event)
        self.instance(of: event)
        self.scopeAndTime(of: event)
    }

    /// The fields of all events, for kinds whose own fields come after them.
    fileprivate mutating func plain(_ kind: RecordedEvent.Kind, _ event: ResourceEvent) {
        self.head(kind, event)
        self.tail(event)
    }
}

// MARK: The fields of some kinds

extension JSONBytes {
    /// The fields of all events, with a number between `k` and `n`.
    fileprivate mutating func counted(
        _ kind: RecordedEvent.Kind,
        _ name: StaticString,
        _ count: some BinaryInteger,
        in event: ResourceEvent
    ) {
        self.head(kind, event)
        self.field(name, count)
        self.tail(event)
    }

    /// The fields of all events from `n` on, with the step of an instance.
    fileprivate mutating func step(_ phase: ResourceEvent.Phase, in event: ResourceEvent) {
        self.number(of: event)
        self.field("phase", phase.wireName)
        self.instance(of: event)
        self.scopeAndTime(of: event)
    }

    fileprivate mutating func bound(_ binding: BindingSnapshot, _ kind: RecordedEvent.Kind, in event: ResourceEvent) {
        self.head(kind, event)
        self.number(of: event)
        self.instance(of: event)
        self.field("row", binding)
        self.scopeAndTime(of: event)
    }

    /// A new scope. Its other properties have fixed initial values.
    fileprivate mutating func opened(_ scope: ScopeSnapshot, in event: ResourceEvent) {
        self.binding(of: event)
        self.field("file", scope.location.file)
        self.kind(.opened)
        self.field("limit", ifPresent: scope.disposal?.limit)
        self.field("line", scope.location.line)
        self.number(of: event)
        self.field("name", scope.name)
        self.field("parent", ifPresent: scope.parent?.rawValue)
        self.instance(of: event)
        self.scopeAndTime(of: event)
        self.field("tag", ifPresent: scope.tag)
        self.field("trace", ifPresent: scope.traceID?.rawValue)
        self.field("values", ifPresent: scope.values)
    }

    /// A lease that is held for too long.
    fileprivate mutating func held(
        _ kind: RecordedEvent.Kind,
        _ location: CodeLocation,
        _ scope: ScopeID?,
        _ held: Duration,
        in event: ResourceEvent
    ) {
        self.binding(of: event)
        self.field("file", location.file)
        self.field("held", held)
        self.field("in", ifPresent: scope?.rawValue)
        self.kind(kind)
        self.field("line", location.line)
        self.tail(event)
    }

    /// A lease that was held for too long and is released.
    fileprivate mutating func released(_ kind: RecordedEvent.Kind, _ location: CodeLocation, _ after: Duration, in event: ResourceEvent) {
        self.field("after", after)
        self.binding(of: event)
        self.field("file", location.file)
        self.kind(kind)
        self.field("line", location.line)
        self.tail(event)
    }
}
