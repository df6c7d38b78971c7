import Synchronization

/// The non-generic core of a pool: the lock, the state machine it guards, and the waiters.
///
/// The ``PoolStateMachine`` makes every decision in one critical section. Resuming continuations, starting tasks and recording events
/// follow outside the lock. Non-generic, so that the fast path needs no type metadata lookup.
@usableFromInline
final class PoolHub: Sendable {
    /// An element in a box; the generic pool around this hub knows its type.
    @usableFromInline
    typealias Item = AnyObject & Sendable
    typealias Waiter = CheckedContinuation<Void, Never>

    struct State: Sendable {
        var machine: PoolStateMachine
        /// The items, by slot.
        var items: [(any Item)?] = []
        /// The suspended callers, by the row of their request.
        var waiters: [Waiter?] = []
        var lastCreationError: UserError?
        var alarm: Alarm?
        /// The alarm's instant; the end of the time scale if no alarm is set.
        var alarmAt = TimeSource.Instant(nanoseconds: .max)
        var lastAlarm: UInt64 = 0
        var lateness = Duration.zero
        var longestLateness = Duration.zero
        /// The callers that wait for the minimum; all of them get the same result.
        var filling: [Promise<Bool>] = []
        var isClosing = false
        var isReported = false
        var closeErrors: [UserError] = []
    }

    /// The single registration for the earliest deadline.
    struct Alarm: Sendable {
        let instant: TimeSource.Instant
        let number: UInt64
        var deadline: TimeSource.Deadline?
    }

    /// A lease and its item.
    @usableFromInline
    struct Grant: @unchecked Sendable {
        @usableFromInline
        let use: PoolStateMachine.Use
        /// The item, without a reference count of this lease: the pool retains an item until it has closed it, and it closes no leased item.
        /// Sendable, because every item is.
        @usableFromInline
        let item: Unmanaged<AnyObject>
    }

    typealias Hook<Result> = @Sendable (any Item) async throws -> Result

    /// The pool's hooks. Each is user code and runs in a task of the pool.
    struct Hooks: Sendable {
        let make: @Sendable (_ group: Int) async throws -> any Item
        let validate: Hook<Bool>?
        let reset: Hook<Void>?
        let close: Hook<Void>
        /// Called when a group has no items, requests or failures left.
        var groupUnused: @Sendable (_ hub: PoolHub, _ group: Int) -> Void = { _, _ in }
    }

    let name: String
    let configuration: PoolConfiguration
    let environment: ResourceEnvironment
    /// The environment's time source, stored separately so that reading it does not copy the rest.
    let time: TimeSource
    let hooks: Hooks
    let state: Lock<State>
    let front: PoolFront
    let drained = Promise<Void>()
    let allClosed = Promise<Void>()
    let report = Promise<PoolCloseReport>()
    /// The container's context; see ``PoolHub/attach(_:)``.
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
        self.front = PoolFront(rules: rules)
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
            state.takeBack(self.front)
            var sample = state.machine.sample(name: self.name, resource: resource, listed: listed)
            sample.lateness = state.lateness
            sample.longestLateness = state.longestLateness
            return sample
        }
    }

    // MARK: Critical sections and their effects

    /// The work to do outside the lock. A class, because there usually is none and nil is the cheapest value to pass.
    final class Actions: Sendable {
        let resumed: [Waiter]
        let steps: [(step: PoolEffects.Step, item: (any Item)?)]
        let notices: [PoolEffects.Notice]
        let alarm: AlarmChange?
        let filled: [Promise<Bool>]
        /// Whether the pool is closing or closed.
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

    /// Runs `body` on the state in a critical section, in which the state machine has every slot, then performs the resulting actions.
    @discardableResult
    func update<Result: Sendable>(_ body: @Sendable (inout State) -> Result) -> Result {
        let (result, actions) = self.state.withLock { state in
            state.takeBack(self.front)
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
            // The step outlives the caller that caused it, so it must not see the caller's scope.
            ScopeContext.$current.withValue(nil) {
                // Closing the pool may have a deadline, so a close hook that blocks its thread must not occupy a thread of the cooperative
                // pool.
                if actions.isClosing, step.kind == .close {
                    self.environment.startApart { await self.run(step, item) }
                } else {
                    self.environment.startLater { await self.run(step, item) }
                }
            }
        }
        for notice in actions.notices { self.send(notice) }
        if let alarm = actions.alarm { self.set(alarm) }
        for promise in actions.filled { promise.fulfill(true) }
        if actions.isDrained { self.drained.fulfill(()) }
        if actions.isAllClosed { self.allClosed.fulfill(()) }
    }

    private func send(_ notice: PoolEffects.Notice) {
        switch notice {
        case .leakSuspected(let location, let scope, let held):
            self.context?.emit(.leakSuspected(location: location, scope: scope, held: held))
        case .leakWithdrawn(let location, let held):
            self.context?.emit(.leakWithdrawn(location: location, after: held))
        case .leaseLost(let location, let scope, let held):
            self.context?.emit(.leaseLost(location: location, scope: scope, held: held))
        case .leaseRecovered(let location, let held):
            self.context?.emit(.leaseRecovered(location: location, after: held))
        case .creationTimedOut:
            self.context?.report(PoolError.stepTimedOut(self.name, "creating", self.configuration.createTimeout, then: "it is abandoned"))
        case .validationTimedOut:
            self.context?.report(PoolError.stepTimedOut(self.name, "validating", self.configuration.validateTimeout, then: "it is closed"))
        case .resetTimedOut:
            self.context?.report(PoolError.stepTimedOut(self.name, "resetting", self.configuration.resetTimeout, then: "it is closed"))
        case .circuitOpened:
            self.context?.note("pool \(self.name) has no item to lease and cannot create one: it refuses acquisitions until it can")
        case .circuitClosed:
            self.context?.note("pool \(self.name) can create items again and accepts acquisitions")
        case .groupUnused(let group):
            self.hooks.groupUnused(self, group)
        }
        self.context?.noteActivity()
    }
}

extension PoolHub.State {
    /// Takes all slots back from the front.
    mutating func takeBack(_ front: PoolFront) {
        if !self.machine.exposed.isEmpty {
            front.close()
            self.machine.takeBack(front)
        } else {
            self.machine.readHolders(front)
        }
    }

    /// Exposes the idle slots in the front, if nothing but a lease will change them.
    mutating func expose(in front: PoolFront, at now: TimeSource.Instant) {
        for slot in self.machine.slotsToExpose(front) {
            guard let item = self.items[slot] else { continue }
            self.machine.expose(slot, at: now)
            front.expose(self.machine.slots[slot], number: slot, item: item)
        }
    }

    func grant(_ use: PoolStateMachine.Use) -> PoolHub.Grant? {
        self.items[use.slot].map { PoolHub.Grant(use: use, item: Unmanaged.passUnretained($0)) }
    }

    mutating func keep(_ waiter: PoolHub.Waiter, for id: PoolRequests.ID) {
        while self.waiters.count <= id.index { self.waiters.append(nil) }
        self.waiters[id.index] = waiter
    }

    mutating func put(_ item: any PoolHub.Item, in slot: Int) {
        while self.items.count <= slot { self.items.append(nil) }
        self.items[slot] = item
    }

    /// Whether the last change requires work outside the lock. A few comparisons only, because every lease checks it twice.
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

    /// Nil if the request was served before its caller suspended.
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
