import Synchronization

/// The part of a pool that does not know its elements' type: the lock, the state machine under it, and those who wait.
///
/// Everything is decided by the ``PoolStateMachine`` in one critical section; continuations are resumed, tasks started and events sent
/// after it. Not generic, so that nothing hot is looked up by type at run time.
@usableFromInline
final class PoolHub: Sendable {
    /// An element in a box, whose type the shell around this hub knows.
    @usableFromInline
    typealias Item = AnyObject & Sendable
    typealias Waiter = CheckedContinuation<Void, Never>

    struct State: Sendable {
        var machine: PoolStateMachine
        /// The items by slot.
        var items: [(any Item)?] = []
        /// The callers that sleep, by the row of their request.
        var waiters: [Waiter?] = []
        var lastCreationError: UserError?
        var alarm: Alarm?
        /// The alarm's moment; the end of time while there is none.
        var alarmAt = TimeSource.Instant(nanoseconds: .max)
        var lastAlarm: UInt64 = 0
        var lateness = Duration.zero
        var longestLateness = Duration.zero
        /// Those who wait for the minimum; all of them are told the same.
        var filling: [Promise<Bool>] = []
        var isClosing = false
        var isReported = false
        var closeErrors: [UserError] = []
    }

    /// The one registration for the earliest deadline.
    struct Alarm: Sendable {
        let instant: TimeSource.Instant
        let number: UInt64
        var deadline: TimeSource.Deadline?
    }

    /// A lease and what was lent.
    @usableFromInline
    struct Grant: Sendable {
        @usableFromInline
        let use: PoolStateMachine.Use
        @usableFromInline
        let item: any Item
    }

    typealias Hook<Result> = @Sendable (any Item) async throws -> Result

    /// What is done with the items; each is user code and runs in a task of the pool's own.
    struct Hooks: Sendable {
        let make: @Sendable (_ group: Int) async throws -> any Item
        let validate: Hook<Bool>?
        let reset: Hook<Void>?
        let close: Hook<Void>
        /// Called when nothing is left of a group.
        var groupUnused: @Sendable (_ hub: PoolHub, _ group: Int) -> Void = { _, _ in }
    }

    let name: String
    let configuration: PoolConfiguration
    let environment: ResourceEnvironment
    /// The environment's, where it is read without copying the rest.
    let time: TimeSource
    let hooks: Hooks
    let state: Lock<State>
    let drained = Promise<Void>()
    let allClosed = Promise<Void>()
    let report = Promise<PoolCloseReport>()
    /// The context, once it is attached: see ``PoolHub/attach(_:)``.
    let attached = AttachedContext()

    init(
        name: String,
        configuration: PoolConfiguration,
        maximumPerKey: Int? = nil,
        environment: ResourceEnvironment,
        hooks: Hooks
    ) {
        self.name = name.asName
        self.configuration = configuration
        self.environment = environment
        self.time = environment.time
        self.hooks = hooks
        let rules = PoolRules(
            configuration,
            maximumPerKey: maximumPerKey,
            validates: hooks.validate != nil,
            resets: hooks.reset != nil
        )
        self.state = Lock(State(machine: PoolStateMachine(rules: rules)))
    }

    func attach(_ context: ResourceContext) {
        self.attached.store(context)
    }

    var context: ResourceContext? {
        self.attached.context
    }

    func sample(listed: Int = 50) -> PoolSample {
        let resource = self.context?.resource
        return self.state.withLock { state in
            var sample = state.machine.sample(name: self.name, resource: resource, listed: listed)
            sample.lateness = state.lateness
            sample.longestLateness = state.longestLateness
            return sample
        }
    }

    // MARK: One critical section, and what follows from it

    /// What is to be done outside of the lock. A class, because there is mostly none of it and nothing is as cheap to pass on as nil.
    final class Actions: Sendable {
        let resumed: [Waiter]
        let steps: [(step: PoolEffects.Step, item: (any Item)?)]
        let notices: [PoolEffects.Notice]
        let alarm: AlarmChange?
        let filled: [Promise<Bool>]
        /// Whether the pool lends no more.
        let isClosing: Bool
        let isDrained: Bool
        let isAllClosed: Bool

        init(
            resumed: [Waiter],
            steps: [(step: PoolEffects.Step, item: (any Item)?)],
            notices: [PoolEffects.Notice],
            alarm: AlarmChange?,
            filled: [Promise<Bool>],
            isClosing: Bool,
            isDrained: Bool,
            isAllClosed: Bool
        ) {
            self.resumed = resumed
            self.steps = steps
            self.notices = notices
            self.alarm = alarm
            self.filled = filled
            self.isClosing = isClosing
            self.isDrained = isDrained
            self.isAllClosed = isAllClosed
        }
    }

    /// Changes the state machine and acts upon what it decided.
    @discardableResult
    func update<Result: Sendable>(_ body: @Sendable (inout State) -> Result) -> Result {
        let (result, actions) = self.state.withLock { state in
            let result = body(&state)
            return (result, state.hasActions ? state.takeActions() : nil)
        }
        if let actions { self.perform(actions) }
        return result
    }

    func perform(_ actions: Actions) {
        self.environment.schedulePoint()
        for waiter in actions.resumed { waiter.resume() }
        for (step, item) in actions.steps {
            // What is made outlives the borrower that caused it, and so must not see its scope.
            ScopeContext.$current.withValue(nil) {
                // Closing the pool may have to end by a moment: an item whose close blocks its thread must not hold one of the cooperative
                // pool, wherever the last borrower gave it back.
                if actions.isClosing, step.kind == .close {
                    self.environment.startApart { await self.run(step, item) }
                } else {
                    self.environment.startLater { await self.run(step, item) }
                }
            }
        }
        for notice in actions.notices { self.tell(notice) }
        if let alarm = actions.alarm { self.set(alarm) }
        for promise in actions.filled { promise.fulfil(true) }
        if actions.isDrained { self.drained.fulfil(()) }
        if actions.isAllClosed { self.allClosed.fulfil(()) }
    }

    private func tell(_ notice: PoolEffects.Notice) {
        switch notice {
        case .leakSuspected(let place, let scope, let held):
            self.context?.emit(.leakSuspected(place: place, scope: scope, held: held))
        case .leakWithdrawn(let place, let held):
            self.context?.emit(.leakWithdrawn(place: place, after: held))
        case .leaseLost(let place, let scope, let held):
            self.context?.emit(.leaseLost(place: place, scope: scope, held: held))
        case .leaseRecovered(let place, let held):
            self.context?.emit(.leaseRecovered(place: place, after: held))
        case .creationTimedOut:
            self.context?.report(PoolError.stepTimedOut(self.name, "making", self.configuration.createTimeout, then: "it is abandoned"))
        case .validationTimedOut:
            self.context?.report(PoolError.stepTimedOut(self.name, "validating", self.configuration.validateTimeout, then: "it is closed"))
        case .resetTimedOut:
            self.context?.report(PoolError.stepTimedOut(self.name, "resetting", self.configuration.resetTimeout, then: "it is closed"))
        case .circuitOpened:
            self.context?.note("pool \(self.name) has nothing to lend and cannot make anything: it refuses until it can")
        case .circuitClosed:
            self.context?.note("pool \(self.name) can make items again and lends")
        case .groupUnused(let group):
            self.hooks.groupUnused(self, group)
        }
        self.context?.noteActivity()
    }
}

extension PoolHub.State {
    func grant(_ use: PoolStateMachine.Use) -> PoolHub.Grant? {
        self.items[use.slot].map { PoolHub.Grant(use: use, item: $0) }
    }

    mutating func keep(_ waiter: PoolHub.Waiter, for id: PoolRequests.ID) {
        while self.waiters.count <= id.index { self.waiters.append(nil) }
        self.waiters[id.index] = waiter
    }

    mutating func put(_ item: any PoolHub.Item, in slot: Int) {
        while self.items.count <= slot { self.items.append(nil) }
        self.items[slot] = item
    }

    /// Whether the last change asks for anything outside of the lock. A few comparisons: every lease comes by here twice.
    @inline(__always)
    var hasActions: Bool {
        !self.machine.effects.isEmpty || self.machine.earliest < self.alarmAt || self.machine.phase != .open || !self.filling.isEmpty
    }

    mutating func takeActions() -> PoolHub.Actions {
        let effects = self.machine.effects.take()
        var filled: [Promise<Bool>] = []
        if !self.filling.isEmpty, self.machine.live >= self.machine.minimum { swap(&filled, &self.filling) }
        return PoolHub.Actions(
            resumed: effects.resumed.compactMap { self.takeWaiter($0) },
            steps: effects.steps.map { ($0, self.item(for: $0)) },
            notices: effects.notices,
            alarm: self.machine.earliest < self.alarmAt ? self.nextAlarm() : nil,
            filled: filled,
            isClosing: self.machine.phase != .open,
            isDrained: self.machine.phase == .draining && self.machine.isDrained,
            isAllClosed: self.machine.phase == .closed && self.machine.closing == 0
        )
    }

    /// Nil for one that is served before it sleeps.
    private mutating func takeWaiter(_ id: PoolRequests.ID) -> PoolHub.Waiter? {
        guard self.waiters.indices.contains(id.index) else { return nil }
        defer { self.waiters[id.index] = nil }
        return self.waiters[id.index]
    }

    private mutating func item(for step: PoolEffects.Step) -> (any PoolHub.Item)? {
        switch step.kind {
        case .make: return nil
        case .validate, .reset: return self.items[step.use.slot]
        case .close:
            defer { self.items[step.use.slot] = nil }
            return self.items[step.use.slot]
        }
    }

    private mutating func nextAlarm() -> PoolHub.AlarmChange {
        let replaced = self.alarm?.deadline
        self.lastAlarm += 1
        self.alarm = PoolHub.Alarm(instant: self.machine.earliest, number: self.lastAlarm)
        self.alarmAt = self.machine.earliest
        return PoolHub.AlarmChange(instant: self.machine.earliest, number: self.lastAlarm, replaced: replaced)
    }
}
