import Synchronization

/// The part of a pool that does not know its elements' type: the lock, the state machine under it, and those who wait.
///
/// Everything is decided by the ``PoolStateMachine`` in one critical section; continuations are resumed, tasks started and events sent
/// after it. Not generic, so that nothing hot is looked up by type at run time.
final class PoolHub: Sendable {
    /// An element in a box, whose type the shell around this hub knows.
    typealias Item = any AnyObject & Sendable
    typealias Waiter = CheckedContinuation<Void, Never>

    struct State: Sendable {
        var machine: PoolStateMachine
        /// The items by slot.
        var items: [Item?] = []
        /// The callers that sleep, by the row of their request.
        var waiters: [Waiter?] = []
        var lastCreationError: (any Error)?
        var alarm: Alarm?
        var lastAlarm: UInt64 = 0
        var isClosing = false
        var closeErrors: [any Error] = []
    }

    /// The one registration for the earliest deadline.
    struct Alarm: Sendable {
        let instant: TimeSource.Instant
        let number: UInt64
        var deadline: TimeSource.Deadline?
    }

    /// A lease and what was lent.
    struct Grant: Sendable {
        let lease: PoolStateMachine.Lease
        let item: Item
    }

    let name: String
    let configuration: PoolConfiguration
    let environment: ResourceEnvironment
    let make: @Sendable () async throws -> Item
    let closeItem: @Sendable (Item) async throws -> Void
    let state: Lock<State>
    let drained = Promise<Void>()
    let allClosed = Promise<Void>()
    let report = Promise<PoolCloseReport>()
    private let attached = AtomicLazyReference<AttachedContext>()

    init(
        name: String,
        configuration: PoolConfiguration,
        environment: ResourceEnvironment,
        make: @escaping @Sendable () async throws -> Item,
        closeItem: @escaping @Sendable (Item) async throws -> Void
    ) {
        self.name = name
        self.configuration = configuration
        self.environment = environment
        self.make = make
        self.closeItem = closeItem
        self.state = Lock(
            State(
                machine: PoolStateMachine(
                    maximum: configuration.maximum,
                    creationConcurrency: configuration.creationConcurrency,
                    failsWhenEmpty: configuration.whenEmpty == .fail
                )
            )
        )
    }

    func attach(_ context: ResourceContext) {
        _ = self.attached.storeIfNil(AttachedContext(context))
    }

    var context: ResourceContext? {
        self.attached.load()?.context
    }

    func sample(listed: Int = 50) -> PoolSample {
        let resource = self.context?.resource
        return self.state.withLock { $0.machine.sample(name: self.name, resource: resource, listed: listed) }
    }

    // MARK: Borrowing

    /// Lends an idle item if there is one: the path without suspension.
    func lend(to borrower: PoolStateMachine.Borrower, at now: TimeSource.Instant) -> Grant? {
        self.state.withLock { state in
            guard let lease = state.machine.lend(to: borrower, at: now) else { return nil }
            return state.grant(lease)
        }
    }

    /// Lends an item as soon as there is one for this caller.
    ///
    /// - Throws: `PoolError`, `CancellationError`.
    func acquire(_ borrower: PoolStateMachine.Borrower, budget: Duration, since now: TimeSource.Instant) async throws -> Grant {
        let (beginning, isReentrant) = self.state.withLock { state in
            let isReentrant = state.machine.isReentrant(task: borrower.task)
            return (state.machine.begin(borrower, at: now, deadline: now + budget), isReentrant)
        }
        if isReentrant { self.context?.emit(.leaseReentrant) }
        switch beginning {
        case .closed:
            throw PoolError.closed(self.sample(), place: borrower.place)
        case .exhausted:
            self.context?.emit(.leaseExhausted)
            throw PoolError.exhausted(self.sample(), place: borrower.place)
        case .request(let id):
            await self.wait(for: id)
            return try self.collect(id, borrower)
        }
    }

    /// Sleeps until the request is no longer in the queue. A cancellation may come before it queues, meanwhile, or after the grant.
    private func wait(for id: PoolRequests.ID) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let now = self.environment.time.now
                let isQueued = self.state.withLock { state in
                    guard state.machine.enqueue(id, at: now) else { return false }
                    state.keep(waiter, for: id)
                    return true
                }
                if isQueued { self.serveDemand(at: now) } else { waiter.resume() }
            }
        } onCancel: {
            self.cancel(id)
        }
    }

    private func collect(_ id: PoolRequests.ID, _ borrower: PoolStateMachine.Borrower) throws -> Grant {
        let (outcome, grant, cause) = self.state.withLock { state in
            let outcome = state.machine.collect(id)
            if case .lease(let lease, _) = outcome { return (outcome, state.grant(lease), nil as (any Error)?) }
            return (outcome, nil, state.lastCreationError)
        }
        switch outcome {
        case .lease(_, let waited):
            guard let grant else { preconditionFailure("a slot was lent that holds nothing") }
            if waited >= self.configuration.slowThreshold { self.context?.emit(.leaseSlow(waited: waited)) }
            return grant
        case .cancelled:
            throw CancellationError()
        case .refused:
            throw PoolError.closed(self.sample(), place: borrower.place)
        case .expired(let waited, let creating):
            let error = PoolError.timedOut(self.sample(), place: borrower.place, waited: waited, creating: creating, cause: cause)
            self.context?.emit(.leaseTimedOut(waited: waited, message: error.description))
            throw error
        }
    }

    private func cancel(_ id: PoolRequests.ID) {
        let now = self.environment.time.now
        let (after, waiter) = self.state.withLock { state in
            switch state.machine.cancel(id, at: now) {
            case .none: (nil as Aftermath?, nil as Waiter?)
            case .resume: (nil, state.takeWaiter(id))
            case .passedOn(let placement): (state.aftermath(of: placement), nil)
            }
        }
        waiter?.resume()
        if let after { self.follow(after) }
    }

    // MARK: Giving back

    /// Ends a lease. One that has ended before is ignored: its item may be somebody else's by now.
    func giveBack(_ lease: PoolStateMachine.Lease) {
        let now = self.environment.time.now
        let after = self.state.withLock { state in
            state.machine.giveBack(lease, at: now).map { state.aftermath(of: $0) }
        }
        if let after { self.follow(after) }
    }

    /// What is to be done outside the lock after an item was placed.
    struct Aftermath: Sendable {
        var resume: Waiter?
        var close: (slot: Int, item: Item)?
        var isDrained = false
    }

    func follow(_ after: Aftermath) {
        after.resume?.resume()
        if let (slot, item) = after.close { self.close(item, in: slot) }
        if after.isDrained { self.drained.fulfil(()) }
    }
}

/// A box for the context, so that reading it costs one atomic load.
private final class AttachedContext: Sendable {
    let context: ResourceContext

    init(_ context: ResourceContext) {
        self.context = context
    }
}

extension PoolHub.State {
    func grant(_ lease: PoolStateMachine.Lease) -> PoolHub.Grant? {
        self.items[lease.slot].map { PoolHub.Grant(lease: lease, item: $0) }
    }

    mutating func keep(_ waiter: PoolHub.Waiter, for id: PoolRequests.ID) {
        while self.waiters.count <= id.index { self.waiters.append(nil) }
        self.waiters[id.index] = waiter
    }

    mutating func takeWaiter(_ id: PoolRequests.ID) -> PoolHub.Waiter? {
        defer { self.waiters[id.index] = nil }
        return self.waiters[id.index]
    }

    mutating func put(_ item: PoolHub.Item, in slot: Int) {
        while self.items.count <= slot { self.items.append(nil) }
        self.items[slot] = item
    }

    mutating func takeItem(_ slot: Int) -> (slot: Int, item: PoolHub.Item)? {
        guard let item = self.items[slot] else { return nil }
        self.items[slot] = nil
        return (slot, item)
    }

    mutating func aftermath(of placement: PoolStateMachine.Placement) -> PoolHub.Aftermath {
        var after = PoolHub.Aftermath()
        switch placement {
        case .idle: break
        case .handed(let id): after.resume = self.takeWaiter(id)
        case .close(let slot): after.close = self.takeItem(slot)
        }
        after.isDrained = self.machine.phase == .draining && self.machine.isDrained
        return after
    }
}
