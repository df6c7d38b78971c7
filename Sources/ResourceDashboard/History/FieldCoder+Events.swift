import ResourceContainer
import ResourceMonitoring

extension ResourceEvent.Kind {
    /// The number under which the kind is packed; nil for rare kinds, which are stored unpacked.
    fileprivate var code: UInt64? {
        switch self {
        case .scopeOpened: 1
        case .scopeClosing: 2
        case .scopeClosed: 3
        case .initializing: 4
        case .ready: 5
        case .initializationFailed: 6
        case .dependencyAdded: 7
        case .disposing: 8
        case .disposed: 9
        case .disposeThrew: 10
        case .abandoned: 11
        case .noted: 12
        case .errorReported: 13
        case .leaseSlow: 14
        case .leaseTimedOut: 15
        case .leaseExhausted: 16
        default: nil
        }
    }
}

extension FieldCoder {
    /// Codes an event line. Returns false, and codes nothing, if the line's kind is stored unpacked. A reader starts with
    /// ``EventLine/blank``.
    mutating func code(_ line: inout EventLine, index: UInt64, near first: EventLine) -> Bool {
        guard case .event(var event, var label, var scope) = line.content, var code = event.kind.code else { return false }
        self.code(&code)
        // Events of a container are numbered without gaps.
        self.code(&event.sequence, near: first.sequence &+ index)
        self.code(&event.time, near: first.time)
        self.code(&event.scope, near: first.scopeID?.rawValue ?? 0)
        let resource = first.resource?.rawValue ?? 0
        self.code(&event.resource, blank: ResourceID(0)) { $0.code(&$1, near: resource) }
        self.code(&event.binding, blank: BindingID(0)) { $0.code(&$1) }
        self.codeShared(&label)
        self.codeShared(&scope)
        event.kind = self.coded(event.kind, code, event, scope)
        line = EventLine(event, label: label, scope: scope)
        return true
    }

    /// Codes the associated values of a kind and returns the kind with them.
    private mutating func coded(_ kind: ResourceEvent.Kind, _ code: UInt64, _ event: ResourceEvent, _ name: String) -> ResourceEvent.Kind {
        switch code {
        case 1:
            var scope = ScopeRow.blank.scope
            if case .scopeOpened(let opened) = kind { scope = opened }
            self.code(&scope.parent, blank: .root) { $0.code(&$1, near: event.scope.rawValue) }
            self.code(&scope.tag, blank: "") { $0.codeShared(&$1) }
            self.code(&scope.location)
            return .scopeOpened(
                ScopeSnapshot(
                    id: event.scope,
                    name: name,
                    tag: scope.tag,
                    parent: scope.parent,
                    location: scope.location,
                    openedAt: event.time
                )
            )
        case 3:
            var (disposed, threw, abandoned, took) = (0, 0, 0, Duration.zero)
            var outcome: ScopeOutcome?
            if case .scopeClosed(let a, let b, let c, let d, let e) = kind { (disposed, threw, abandoned, took, outcome) = (a, b, c, d, e) }
            self.code(&disposed)
            self.code(&threw)
            self.code(&abandoned)
            self.code(&took)
            self.code(&outcome)
            return .scopeClosed(disposed: disposed, threw: threw, abandoned: abandoned, took: took, outcome: outcome)
        case 5:
            var (took, order, dependencies) = (Duration.zero, UInt64(0), [ResourceID]())
            if case .ready(let a, let b, let c) = kind { (took, order, dependencies) = (a, b, c) }
            let id = event.resource?.rawValue ?? 0
            self.code(&took)
            self.code(&order, near: id)
            self.code(&dependencies, near: id)
            return .ready(took: took, order: order, dependencies: dependencies)
        case 6:
            var (error, took) = ("", Duration.zero)
            if case .initializationFailed(let a, let b) = kind { (error, took) = (a, b) }
            self.codeShared(&error)
            self.code(&took)
            return .initializationFailed(error, took: took)
        case 7:
            var dependency = ResourceID(0)
            if case .dependencyAdded(let added) = kind { dependency = added }
            self.code(&dependency, near: event.resource?.rawValue ?? 0)
            return .dependencyAdded(dependency)
        case 9:
            var (took, lived) = (Duration.zero, Duration.zero)
            if case .disposed(let a, let b) = kind { (took, lived) = (a, b) }
            self.code(&took)
            self.code(&lived)
            return .disposed(took: took, lived: lived)
        case 10:
            var (error, took, lived) = ("", Duration.zero, Duration.zero)
            if case .disposeThrew(let a, let b, let c) = kind { (error, took, lived) = (a, b, c) }
            self.codeShared(&error)
            self.code(&took)
            self.code(&lived)
            return .disposeThrew(error, took: took, lived: lived)
        case 11:
            var (isDispose, budget) = (false, Duration.zero)
            if case .abandoned(let phase, let given) = kind { (isDispose, budget) = (phase == .dispose, given) }
            self.code(&isDispose)
            self.code(&budget)
            return .abandoned(isDispose ? .dispose : .initialize, budget: budget)
        case 12:
            var text = ""
            if case .noted(let noted) = kind { text = noted }
            self.codeShared(&text)
            return .noted(text)
        case 13:
            var text = ""
            if case .errorReported(let reported) = kind { text = reported }
            self.codeShared(&text)
            return .errorReported(text)
        case 14:
            var waited = Duration.zero
            if case .leaseSlow(let time) = kind { waited = time }
            self.code(&waited)
            return .leaseSlow(waited: waited)
        case 15:
            var (waited, message) = (Duration.zero, "")
            if case .leaseTimedOut(let a, let b) = kind { (waited, message) = (a, b) }
            self.code(&waited)
            self.codeShared(&message)
            return .leaseTimedOut(waited: waited, message: message)
        case 2: return .scopeClosing
        case 4: return .initializing
        case 8: return .disposing
        default: return .leaseExhausted
        }
    }
}

extension EventLine {
    /// The line with which a reader starts.
    static let blank = EventLine(
        ResourceEvent(sequence: 0, time: TimeSource.Instant(nanoseconds: 0), scope: .root, kind: .scopeClosing),
        label: "",
        scope: ""
    )
}
