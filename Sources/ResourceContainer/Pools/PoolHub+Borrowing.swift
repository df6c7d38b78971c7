/// Borrowing and giving back.
extension PoolHub {
    /// Lends an idle item if there is one: the path without suspension. Nil too if the task is cancelled; ``acquire(group:fileID:line:budget:)``
    /// finds out.
    @usableFromInline
    func lendAtOnce(group: Int = 0, fileID: StaticString, line: UInt) -> Grant? {
        let task = Self.currentTask
        if task == Self.cancelledTask { return nil }
        let borrower = PoolStateMachine.Borrower(fileID: fileID, line: line, scope: self.attached.callersScope, task: task)
        let now = self.time.now
        let (grant, actions) = self.state.withLock { state -> (Grant?, Actions?) in
            guard let use = state.machine.lend(group: group, to: borrower, at: now) else { return (nil, nil) }
            return (state.grant(use), state.hasActions ? state.takeActions() : nil)
        }
        if let actions { self.perform(actions) }
        if grant != nil { self.attached.noteActivity() }
        return grant
    }

    /// Stands for any task that is cancelled.
    private static let cancelledTask = UInt.max

    /// The calling task, 0 outside of any, ``cancelledTask`` if it is cancelled: one question for both, because it is asked on every lease.
    @inline(__always)
    private static var currentTask: UInt {
        withUnsafeCurrentTask { task in
            if task?.isCancelled == true { return Self.cancelledTask }
            // The task's address, which names it as long as it lives: hashing it, the other way to get a number, costs a tenth of a lease.
            return unsafeBitCast(task, to: UInt.self)
        }
    }

    /// Lends an item at once, or as soon as there is one for this caller.
    ///
    /// - Throws: `PoolError`, `CancellationError`.
    @usableFromInline
    nonisolated(nonsending) func acquire(
        group: Int = 0,
        fileID: StaticString,
        line: UInt,
        budget: Duration?
    ) async throws -> Grant {
        if let budget, budget <= .zero {
            throw PoolError.invalidBudget(self.name, budget, place: SourcePlace(file: "\(fileID)", line: line))
        }
        if let grant = self.lendAtOnce(group: group, fileID: fileID, line: line) { return grant }
        let task = Self.currentTask
        if task == Self.cancelledTask { throw CancellationError() }
        let borrower = PoolStateMachine.Borrower(fileID: fileID, line: line, scope: self.attached.callersScope, task: task)
        let budget = budget ?? self.configuration.acquireBudget
        let grant = try await self.queue(group: group, borrower, budget: budget, since: self.time.now)
        self.attached.noteActivity()
        return grant
    }

    private func queue(
        group: Int,
        _ borrower: PoolStateMachine.Borrower,
        budget: Duration,
        since now: TimeSource.Instant
    ) async throws -> Grant {
        let throwsWhenReentrant = self.configuration.reentrancy == .throw
        let (isReentrant, beginning) = self.update { state -> (Bool, PoolStateMachine.Beginning?) in
            let isReentrant = self.configuration.reentrancy != .allow && state.machine.isReentrant(task: borrower.task, group: group)
            if isReentrant { state.machine.counts.reentrant += 1 }
            if isReentrant && throwsWhenReentrant { return (true, nil) }
            return (isReentrant, state.machine.begin(group: group, borrower, at: now, deadline: now + budget))
        }
        if isReentrant { self.context?.emit(.leaseReentrant) }
        switch beginning {
        case nil:
            throw PoolError.reentrant(self.sample(), place: borrower.place)
        case .refused(let refusal):
            throw self.error(refusal, borrower)
        case .request(let id):
            self.environment.schedulePoint()
            await self.wait(for: id)
            self.environment.schedulePoint()
            return try self.collect(id, borrower)
        }
    }

    /// Sleeps until the request is no longer in the queue. A cancellation may come before it queues, meanwhile, or after the grant.
    private func wait(for id: PoolRequests.ID) async {
        await withTaskCancellationHandler {
            self.environment.schedulePoint()
            await withCheckedContinuation { waiter in
                let now = self.environment.time.now
                let isQueued = self.update { state in
                    guard state.machine.enqueue(id, at: now) else { return false }
                    state.keep(waiter, for: id)
                    return true
                }
                if isQueued { self.context?.noteActivity() } else { waiter.resume() }
            }
        } onCancel: {
            let now = self.environment.time.now
            self.update { $0.machine.cancel(id, at: now) }
        }
    }

    private func collect(_ id: PoolRequests.ID, _ borrower: PoolStateMachine.Borrower) throws -> Grant {
        let (outcome, grant) = self.state.withLock { state in
            let outcome = state.machine.collect(id)
            if case .lease(let use, _) = outcome { return (outcome, state.grant(use)) }
            return (outcome, nil)
        }
        switch outcome {
        case .lease(_, let waited):
            guard let grant else { preconditionFailure("a slot was lent that holds nothing") }
            if waited >= self.configuration.slowThreshold { self.context?.emit(.leaseSlow(waited: waited)) }
            return grant
        case .cancelled:
            throw CancellationError()
        case .refused(let refusal):
            throw self.error(refusal, borrower)
        case .expired(let waited, let creating, let validating):
            let error = PoolError.timedOut(
                self.sample(),
                place: borrower.place,
                waited: waited,
                creating: creating,
                validating: validating,
                cause: self.lastCreationError
            )
            self.context?.emit(.leaseTimedOut(waited: waited, message: error.description))
            throw error
        }
    }

    private func error(_ refusal: PoolRequests.Refusal, _ borrower: PoolStateMachine.Borrower) -> PoolError {
        switch refusal {
        case .closed:
            return PoolError.closed(self.sample(), place: borrower.place)
        case .exhausted:
            self.context?.emit(.leaseExhausted)
            return PoolError.exhausted(self.sample(), place: borrower.place)
        case .unavailable:
            return PoolError.unavailable(self.sample(), place: borrower.place, cause: self.lastCreationError)
        }
    }

    var lastCreationError: UserError? {
        self.state.withLock { $0.lastCreationError }
    }

    /// Ends a lease; false if it has ended before: its item may be somebody else's by now, and nothing is changed.
    @discardableResult
    @usableFromInline
    func giveBack(_ use: PoolStateMachine.Use, isDropped: Bool = false) -> Bool {
        let now = self.time.now
        let (isTaken, actions) = self.state.withLock { state -> (Bool, Actions?) in
            let isTaken = state.machine.giveBack(use, isDropped: isDropped, at: now)
            return (isTaken, state.hasActions ? state.takeActions() : nil)
        }
        if let actions { self.perform(actions) }
        self.attached.noteActivity()
        return isTaken
    }
}
