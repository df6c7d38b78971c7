import Synchronization

extension Engine {
    /// Closes a scope and everything in it. See ``Scope/close(_:within:)``.
    nonisolated(nonsending) func close(_ scope: Scope, _ mode: CloseMode, within budget: Duration? = nil) async -> DisposeReport {
        if let budget {
            self.startClosing(scope, mode, within: budget)
        } else if let report = self.startClosing(scope, mode) {
            return report
        }
        return await self.reportOfClosing(scope)
    }

    /// Closes a scope whose body ended with `outcome`, and everything in it.
    nonisolated(nonsending) func close(_ scope: Scope, after outcome: ScopeOutcome) async -> DisposeReport {
        if let report = self.startClosing(scope, .drain, after: outcome) { return report }
        return await self.reportOfClosing(scope)
    }

    /// The report of a close that has begun, after its end.
    nonisolated(nonsending) func reportOfClosing(_ scope: Scope) async -> DisposeReport {
        await scope.cache.withLock { $0.reportPromise() }.waitThroughCancellation()
    }

    /// Closes a scope whose body ended with `outcome` and whose resources do not suspend. The work ends before this blocks.
    func closeSynchronously(_ scope: Scope, after outcome: ScopeOutcome) -> DisposeReport {
        // Finding the current task costs more than closing an empty scope, so only callers that may be in none look for it.
        let isInTask = withUnsafeCurrentTask { $0 != nil }
        if let report = self.startClosing(scope, .drain, after: outcome, isInTask: isInTask) { return report }
        return scope.cache.withLock { $0.reportPromise() }.waitBlocking()
    }

    /// Begins to close a scope and continues until a step suspends. Returns the report if the scope was closed by then.
    ///
    /// - Parameters:
    ///   - outcome: How the scope's body ended; nil if it did not end, or there is none.
    ///   - isInTask: Whether the caller runs in a task.
    @inline(never)
    func startClosing(
        _ scope: Scope,
        _ mode: CloseMode,
        after outcome: ScopeOutcome? = nil,
        isInTask: Bool = true
    ) -> DisposeReport? {
        let now = self.now
        var step: Registry.ClosingStep?
        let isFirst = self.locked { registry in
            let isFirst = registry.beginClosing(scope, force: mode.isForced, budgeted: false, after: outcome, at: now)
            // The first step completes inline unless it runs user code. A forced close first deals with running steps.
            if isFirst, !mode.isForced { step = registry.closingStep(scope, at: now) }
            return isFirst
        }
        self.environment.schedulePoint()
        if mode.isForced { self.expedite(scope, at: now) }
        guard isFirst else { return scope.report }
        // Taken, because a copy of a step retains everything in it.
        switch step.take() {
        case .closed(let ended):
            self.end(ended)
            return ended.report
        case let step: return self.startRun(scope, step, isInTask: isInTask)
        }
    }

    /// Closes a scope in a task, beginning with `step`, until a step suspends. Returns the report if the scope was closed by then.
    private func startRun(_ scope: Scope, _ step: consuming Registry.ClosingStep?, isInTask: Bool) -> DisposeReport? {
        let run = ClosingRun(of: scope, from: step)
        ScopeContext.$current.withValue(run) {
            // User code must not observe the cancellation of the caller's task. Without a task there is no cancellation, and steps that do
            // not suspend need no task.
            if isInTask {
                self.environment.launch { await self.close(run) }
            } else {
                self.advance(run)
                if run.wait != .over { self.environment.launch { await self.close(run) } }
            }
        }
        if let report = scope.report { return report }
        self.environment.schedulePoint()
        // From now on the run schedules its own deadlines. The dispose that suspended is watched from here.
        if let disposal = run.leave() { self.watch(disposal, run) }
        return nil
    }

    func expedite(_ scope: Scope, at now: TimeSource.Instant) {
        let expedite = self.locked { $0.force(scope, at: now) }
        for promise in expedite.initializations {
            promise.fulfill(.failure(.abandoned(scope)))
        }
        for instance in expedite.disposing {
            UserCode.begins()
            (instance.contextual as? any ExpeditedResource)?.expedite()
        }
    }

    // MARK: Runs

    /// Closes the scopes of `run`, the innermost one first. Ends when all are closed, or when a dispose times out and another run takes
    /// over.
    ///
    /// A task allocates memory for every variable of an asynchronous function. So the work between two waits is in functions without
    /// `async`, the run itself holds what it waits for, and each kind of wait has its own function.
    func close(_ run: ClosingRun) async {
        if !run.hasBegun { self.advance(run) }
        while true {
            switch run.wait {
            case .dispose:
                let failure = await self.dispose(run)
                self.advance(run, after: failure)
            case .promise:
                await self.waitForPromise(of: run)
                self.advance(run)
            case .over: return
            }
        }
    }

    /// Waits until the step ends that `run` waits for.
    @inline(never)
    private func waitForPromise(of run: ClosingRun) async {
        switch run.promise {
        case .scope(let closed): _ = await closed.waitThroughCancellation()
        case .initialization(let initialized): _ = await initialized.waitThroughCancellation()
        case .disposal(let ended): await ended.waitThroughCancellation()
        case nil: break
        }
    }

    /// Performs the dispose that `run` has begun. Returns the error that it threw.
    @inline(never)
    private func dispose(_ run: ClosingRun) async -> DisposeFailure? {
        guard let disposal = run.disposal else { return nil }
        if disposal.scope === run.scope { return await self.failureOfWaiting(disposal) }
        return await ScopeContext.$current.withValue(ScopeContext(scope: disposal.scope, activity: .closing)) {
            await self.failureOfWaiting(disposal)
        }
    }

    /// Performs the steps of a close until one may suspend.
    @inline(never)
    private func advance(_ run: ClosingRun) {
        var (stack, step) = run.resume()
        self.advance(run, &stack, step.take())
    }

    /// Records the end of the dispose of `run` and performs the steps that follow it, until one may suspend.
    @inline(never)
    private func advance(_ run: ClosingRun, after failure: DisposeFailure?) {
        guard let (disposal, next) = run.end() else { return }
        self.environment.schedulePoint()
        let now = self.now
        guard var stack = next, let scope = stack.last else {
            // Another run has taken over, because this dispose was abandoned.
            _ = self.locked { $0.disposed(disposal.handle, error: failure, at: now) }
            return
        }
        self.advance(run, &stack, self.locked { $0.disposed(disposal, error: failure, closing: scope, at: now) })
    }

    /// Performs the steps of a close, beginning with `step`, until one may suspend. Stores in `run` what it waits for.
    private func advance(_ run: ClosingRun, _ stack: inout ScopeStack, _ step: consuming Registry.ClosingStep?) {
        var next = consume step
        while let scope = stack.last {
            let step: Registry.ClosingStep
            if let pending = next.take() {
                step = pending
            } else {
                let now = self.now
                step = self.locked { $0.closingStep(scope, at: now) }
            }
            self.environment.schedulePoint()
            switch consume step {
            case .enter(let inner): stack.append(inner)
            case .waitForScope(let inner): return run.wait(for: .scope(inner.cache.withLock { $0.reportPromise() }), stack)
            case .waitForInitialization(let initialized): return run.wait(for: .initialization(initialized), stack)
            case .waitForDisposal(let ended): return run.wait(for: .disposal(ended), stack)
            case .dispose(let disposal):
                if !disposal.isSynchronous {
                    if run.begin(disposal, stack) { self.watch(disposal, run) }
                    return
                }
                let failure = self.failureOfDisposing(disposal, inside: stack.first)
                self.environment.schedulePoint()
                let now = self.now
                next = self.locked { $0.disposed(disposal, error: failure, closing: scope, at: now) }
            case .disposeApart(let disposal): self.disposeApart(disposal)
            case .closed(let ended):
                stack.removeLast()
                self.end(ended)
            case .gone: stack.removeLast()
            }
        }
        run.finish()
    }

    /// Disposes an instance whose dispose does not suspend. The current context is that of a close of `scope`.
    private func failureOfDisposing(_ disposal: Registry.Disposal, inside scope: Scope) -> DisposeFailure? {
        guard disposal.scope === scope else {
            return ScopeContext.$current.withValue(ScopeContext(scope: disposal.scope, activity: .closing)) {
                self.failureOfDisposing(disposal, inside: disposal.scope)
            }
        }
        do {
            try disposal.instance.disposeSynchronously()
            try self.applyFaultSynchronously(disposal)
            return nil
        } catch { return DisposeFailure(error) }
    }

    /// Disposes an instance in a separate task and abandons it after its timeout. The run that closes the scope continues.
    func disposeApart(_ disposal: Registry.Disposal) {
        let deadline = self.environment.time.schedule(at: disposal.deadline) {
            let now = self.now
            _ = self.locked { $0.disposeTimedOut(disposal.handle, at: now) }
        }
        ScopeContext.$current.withValue(ScopeContext(scope: disposal.scope, activity: .closing)) {
            let dispose: @Sendable @concurrent () async -> Void = {
                let failure = await self.failureOfWaiting(disposal)
                deadline.cancel()
                self.environment.schedulePoint()
                let now = self.now
                _ = self.locked { $0.disposed(disposal.handle, error: failure, at: now) }
            }
            if disposal.isBudgeted { self.environment.startApart(dispose) } else { self.environment.startLater(dispose) }
        }
    }

    @inline(never)
    private func failureOfWaiting(_ disposal: Registry.Disposal) async -> DisposeFailure? {
        UserCode.begins()
        if disposal.isForced { (disposal.instance.contextual as? any ExpeditedResource)?.expedite() }
        do {
            try await disposal.instance.dispose()
            try await self.applyFault(disposal)
            return nil
        } catch { return DisposeFailure(error) }
    }

    /// Continues with another run if a dispose times out.
    private func watch(_ disposal: Registry.Disposal, _ run: ClosingRun) {
        let deadline = self.environment.time.schedule(at: disposal.deadline) {
            let now = self.now
            _ = self.locked { $0.disposeTimedOut(disposal.handle, at: now) }
            guard let stack = run.supersede(in: disposal.handle) else { return }
            let next = ClosingRun(of: stack)
            ScopeContext.$current.withValue(next) {
                self.environment.startLater { await self.close(next) }
            }
        }
        run.keep(deadline, for: disposal.handle)
    }

    /// Completes the close of a scope: resumes waiters and notifies pools that may have leases of the scope. In a dropped container, the
    /// scopes around it may now be closed as well.
    private func end(_ ended: Registry.EndedScope) {
        self.tell(ended)
        self.environment.schedulePoint()
        self.notifyWatchers(ended)
        if self.isDropped { self.endDropped() }
    }

    func tell(_ ended: Registry.EndedScope) {
        ended.scope.span?.end(with: ended.report)
        ended.scope.cache.withLock { $0.end(ended.report) }?.fulfill(ended.report)
    }

    func notifyWatchers(_ ended: Registry.EndedScope) {
        for watcher in ended.watchers {
            UserCode.begins()
            watcher.scopeClosed(ended.scope.id)
        }
    }

    // MARK: Parts

    /// Disposes an instance outside the close of its scope. Used for the parts of an instance whose initialization failed.
    func disposePart(_ handle: ResourceHandle) async {
        let now = self.now
        let (begun, elsewhere) = self.locked { registry in
            (registry.beginDispose(handle, at: now), registry.disposal(of: handle))
        }
        guard let disposal = begun else {
            // The close of its scope disposes it. Its dependencies must not be disposed before that ends.
            await elsewhere?.waitThroughCancellation()
            return
        }
        let ended = Promise<Void>()
        self.environment.launch {
            var failure: DisposeFailure?
            do {
                try await ScopeContext.$current.withValue(ScopeContext(scope: disposal.scope, activity: .closing)) {
                    try await disposal.instance.dispose()
                    try await self.applyFault(disposal)
                }
            } catch { failure = DisposeFailure(error) }
            self.environment.schedulePoint()
            let now = self.now
            _ = self.locked { [failure] in $0.disposed(handle, error: failure, at: now) }
            ended.fulfill(())
        }
        if ended.value != nil { return }
        let deadline = self.environment.time.schedule(at: disposal.deadline) {
            let now = self.now
            _ = self.locked { $0.disposeTimedOut(handle, at: now) }
            ended.fulfill(())
        }
        await ended.waitThroughCancellation()
        deadline.cancel()
    }
}

extension ResourceError {
    static func abandoned(_ scope: Scope) -> ResourceError {
        ResourceError(
            .initializationAbandoned,
            scope: scope.name,
            "scope \(scope.name) was closed by force during this initialization: get the resource in a scope that stays open"
        )
    }
}
