/// Acquiring and releasing.
extension PoolHub {
    /// Leases an idle item without suspending; nil if none is available.
    ///
    /// Also nil if the task is canceled, which ``acquire(group:fileID:line:budget:)`` then detects.
    @usableFromInline
    func leaseImmediately(group: Int = 0, fileID: StaticString, line: UInt) -> Grant? {
        let task = Self.currentTask
        if task == Self.cancelledTask { return nil }
        let requester = PoolStateMachine.Requester(fileID: fileID, line: line, scope: self.attached.callersScope, task: task)
        let now = self.time.now
        if let grant = self.front.lease(to: requester, at: now, self.environment) {
            self.attached.noteActivity()
            return grant
        }
        let (grant, actions) = self.state.withLock { state -> (Grant?, Actions?) in
            guard let use = state.machine.lease(group: group, to: requester, at: now) else { return (nil, nil) }
            return (state.grant(use), state.hasActions ? state.takeActions() : nil)
        }
        if let actions { self.perform(actions) }
        if grant != nil { self.attached.noteActivity() }
        return grant
    }

    /// Represents every canceled task.
    private static let cancelledTask = UInt.max

    /// The calling task; 0 outside a task, ``cancelledTask`` if it is canceled. Both come from one query, because every lease makes it.
    @inline(__always)
    private static var currentTask: UInt {
        withUnsafeCurrentTask { task in
            // The task's address identifies the task during its lifetime. Hashing it, the other way to get a number, costs a tenth of a
            // lease, and so does a copy of the reference, which reading the flag in place avoids.
            withUnsafeBytes(of: task) { bytes in
                let address = bytes.load(as: UInt.self)
                guard address != 0, let task = bytes.baseAddress?.assumingMemoryBound(to: UnsafeCurrentTask.self) else { return 0 }
                return task.pointee.isCancelled ? Self.cancelledTask : address
            }
        }
    }

    /// Leases an item, and waits for one if necessary.
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
            throw PoolError.invalidBudget(self.name, budget, location: CodeLocation(file: "\(fileID)", line: line))
        }
        if let grant = self.leaseImmediately(group: group, fileID: fileID, line: line) { return grant }
        let task = Self.currentTask
        if task == Self.cancelledTask { throw CancellationError() }
        let requester = PoolStateMachine.Requester(fileID: fileID, line: line, scope: self.attached.callersScope, task: task)
        let budget = budget ?? self.configuration.acquireBudget
        let grant =
            if let span = self.beginSpan(of: requester) {
                try await self.queue(group: group, requester, budget: budget, since: self.time.now, in: span)
            } else {
                try await self.queue(group: group, requester, budget: budget, since: self.time.now, trace: self.trace(of: nil))
            }
        self.attached.noteActivity()
        return grant
    }

    private func queue(
        group: Int,
        _ requester: PoolStateMachine.Requester,
        budget: Duration,
        since now: TimeSource.Instant,
        trace: TraceID?
    ) async throws -> Grant {
        let throwsWhenReentrant = self.configuration.reentrancy == .throw
        let (isReentrant, beginning) = self.update { state -> (Bool, PoolStateMachine.Beginning?) in
            let isReentrant = self.configuration.reentrancy != .allow && state.machine.isReentrant(task: requester.task, group: group)
            if isReentrant { state.machine.counts.reentrant += 1 }
            if isReentrant && throwsWhenReentrant { return (true, nil) }
            return (isReentrant, state.machine.begin(group: group, requester, at: now, deadline: now + budget))
        }
        if isReentrant { self.context?.emit(.leaseReentrant) }
        switch beginning {
        case nil:
            throw PoolError.reentrant(self.sample(), location: requester.location)
        case .refused(let refusal):
            throw self.error(refusal, requester)
        case .request(let id):
            self.environment.schedulePoint()
            await self.wait(for: id)
            self.environment.schedulePoint()
            return try self.collect(id, requester, trace)
        }
    }

    /// Begins the span of an acquisition that has to queue; nil if the pool has no tracer, or the tracer does not record acquisitions.
    private func beginSpan(of requester: PoolStateMachine.Requester) -> (any OperationSpan)? {
        guard let tracer = self.environment.tracer ?? self.attached.tracer else { return nil }
        UserCode.begins()
        let operation = TracedOperation.acquisition(pool: self.name, location: requester.location)
        return tracer.begin(operation, within: Scope.current?.enclosingSpan)
    }

    /// The trace of an acquisition that has to queue; nil if none is known.
    private func trace(of span: (any OperationSpan)?) -> TraceID? {
        if let current = self.environment.traceID ?? self.attached.traceID {
            UserCode.begins()
            return current()
        }
        if let span { return span.traceID }
        guard self.environment.tracer != nil || self.attached.tracer != nil else { return nil }
        return Scope.current?.enclosingSpan?.traceID
    }

    private func queue(
        group: Int,
        _ requester: PoolStateMachine.Requester,
        budget: Duration,
        since now: TimeSource.Instant,
        in span: any OperationSpan
    ) async throws -> Grant {
        let trace = self.trace(of: span)
        do {
            let grant = try await span.withCurrent(isolation: #isolation) {
                try await self.queue(group: group, requester, budget: budget, since: now, trace: trace)
            }
            UserCode.begins()
            span.end()
            return grant
        } catch {
            UserCode.begins()
            if error is CancellationError { span.cancel() } else { span.fail(with: error) }
            span.end()
            throw error
        }
    }

    /// Suspends until the request leaves the queue. A cancellation may come before it is queued, while it is queued, or after the grant.
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

    private func collect(_ id: PoolRequests.ID, _ requester: PoolStateMachine.Requester, _ trace: TraceID?) throws -> Grant {
        let (outcome, grant) = self.state.withLock { state in
            let outcome = state.machine.collect(id, trace: trace)
            if case .lease(let use, _) = outcome { return (outcome, state.grant(use)) }
            return (outcome, nil)
        }
        switch outcome {
        case .lease(_, let waited):
            guard let grant else { preconditionFailure("a leased slot holds no item") }
            if waited >= self.configuration.slowThreshold { self.context?.emit(.leaseSlow(waited: waited)) }
            return grant
        case .cancelled:
            throw CancellationError()
        case .refused(let refusal):
            throw self.error(refusal, requester)
        case .expired(let waited, let creating, let validating):
            let error = PoolError.timedOut(
                self.sample(),
                location: requester.location,
                waited: waited,
                creating: creating,
                validating: validating,
                cause: self.lastCreationError
            )
            self.context?.emit(.leaseTimedOut(waited: waited, message: error.description))
            throw error
        }
    }

    private func error(_ refusal: PoolRequests.Refusal, _ requester: PoolStateMachine.Requester) -> PoolError {
        switch refusal {
        case .closed:
            return PoolError.closed(self.sample(), location: requester.location)
        case .exhausted:
            self.context?.emit(.leaseExhausted)
            return PoolError.exhausted(self.sample(), location: requester.location)
        case .unavailable:
            return PoolError.unavailable(self.sample(), location: requester.location, cause: self.lastCreationError)
        }
    }

    var lastCreationError: UserError? {
        self.state.withLock { $0.lastCreationError }
    }

    /// Ends a lease for its only holder, which calls this once. O(1).
    @usableFromInline
    func releaseOwned(_ use: PoolStateMachine.Use) {
        let now = self.time.now
        switch self.front.release(use, at: now, self.environment) {
        case .done: self.attached.noteActivity()
        case .away(let isRecorded): self.release(use, isDropped: false, isRecorded: isRecorded, at: now)
        }
    }

    /// Ends a lease. Returns false and changes nothing if it has already ended: the item may have another holder by now.
    @discardableResult
    @usableFromInline
    func release(_ use: PoolStateMachine.Use, isDropped: Bool = false) -> Bool {
        self.release(use, isDropped: isDropped, isRecorded: false, at: self.time.now)
    }

    @discardableResult
    private func release(_ use: PoolStateMachine.Use, isDropped: Bool, isRecorded: Bool, at now: TimeSource.Instant) -> Bool {
        let (isTaken, actions) = self.state.withLock { state -> (Bool, Actions?) in
            state.machine.takeBack(use.slot, self.front)
            state.machine.readHolders(self.front)
            if state.machine.find(use, .leased) != nil { self.front.moveHolds(of: use.slot, to: &state.machine.counts.holds) }
            let isTaken = state.machine.release(use, isDropped: isDropped, isRecorded: isRecorded, at: now)
            if isTaken { state.expose(in: self.front, at: now) }
            return (isTaken, state.hasActions ? state.takeActions() : nil)
        }
        if let actions { self.perform(actions) }
        self.attached.noteActivity()
        return isTaken
    }
}
