import Synchronization

extension Engine {
    /// Closes a scope and everything in it. See ``Scope/close(_:within:)``.
    nonisolated(nonsending) func close(_ scope: Scope, _ mode: CloseMode, within budget: Duration? = nil) async -> DisposeReport {
        if let budget {
            self.startClosing(scope, mode, within: budget)
        } else if let report = self.startClosing(scope, mode) {
            return report
        }
        return await scope.cache.withLock { $0.reportPromise() }.waitThroughCancellation()
    }

    /// Closes a scope whose body ended with `outcome`, and everything in it.
    nonisolated(nonsending) func close(_ scope: Scope, after outcome: ScopeOutcome) async -> DisposeReport {
        if let report = self.startClosing(scope, .drain, after: outcome) { return report }
        return await scope.cache.withLock { $0.reportPromise() }.waitThroughCancellation()
    }

    /// Closes a scope whose body ended with `outcome` and whose resources do not suspend. The work ends before this blocks.
    func closeSynchronously(_ scope: Scope, after outcome: ScopeOutcome) -> DisposeReport {
        if let report = self.startClosing(scope, .drain, after: outcome) { return report }
        return scope.cache.withLock { $0.reportPromise() }.waitBlocking()
    }

    /// Begins to close a scope and continues until a step suspends. Returns the report if the scope was closed by then.
    ///
    /// - Parameter outcome: How the scope's body ended; nil if it did not end, or there is none.
    func startClosing(_ scope: Scope, _ mode: CloseMode, after outcome: ScopeOutcome? = nil) -> DisposeReport? {
        let now = self.now
        let (isFirst, step) = self.locked { registry in
            let isFirst = registry.beginClosing(scope, force: mode.isForced, budgeted: false, at: now)
            if let outcome { registry.note(outcome, of: scope) }
            // The first step completes inline unless it runs user code. A forced close first deals with running steps.
            return (isFirst, isFirst && !mode.isForced ? registry.closingStep(scope, at: now) : nil)
        }
        self.environment.schedulePoint()
        if mode.isForced { self.expedite(scope, at: now) }
        guard isFirst else { return scope.report }
        var next = step
        if !Self.isInTask { self.closeInline(scope, &next) }
        if case .closed(let ended) = next {
            self.end(ended)
            return ended.report
        }
        let rest = next
        let run = ClosingRun()
        let context = ScopeContext(scope: scope, activity: .closing)
        ScopeContext.$current.withValue(context) {
            self.environment.start { await self.run(run, [scope], rest) }
        }
        if let report = scope.report { return report }
        self.environment.schedulePoint()
        // From now on the run schedules its own deadlines. The dispose that suspended is watched from here.
        run.leave()
        if let disposal = run.current { self.watch(disposal, run) }
        return nil
    }

    /// Whether the caller runs in a task. User code must not observe the cancellation of that task.
    private static var isInTask: Bool {
        withUnsafeCurrentTask { $0 != nil }
    }

    /// Executes steps that do not suspend on a thread that is in no task. There is no cancellation to shield from, so they need no task.
    private func closeInline(_ scope: Scope, _ step: inout Registry.ClosingStep?) {
        while case .dispose(let disposal) = step, disposal.instance.kind == .synchronous {
            let failure = ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
                self.failureOfDisposing(disposal)
            }
            let now = self.now
            step = self.locked { $0.disposed(disposal, error: failure, closing: scope, at: now) }
        }
    }

    private func failureOfDisposing(_ disposal: Registry.Disposal) -> DisposeFailure? {
        do {
            try disposal.instance.disposeSynchronously()
            try self.applyFaultSynchronously(disposal)
            return nil
        } catch { return DisposeFailure(error) }
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

    /// Closes the scopes on `stack`, the last one first. Ends when all are closed, or when a dispose times out and another run takes over.
    func run(_ run: ClosingRun, _ stack: [Scope], _ first: Registry.ClosingStep?) async {
        var stack = stack
        var pending = first
        while let scope = stack.last {
            let step: Registry.ClosingStep
            if let pending {
                step = pending
            } else {
                let now = self.now
                step = self.locked { $0.closingStep(scope, at: now) }
            }
            pending = nil
            self.environment.schedulePoint()
            switch step {
            case .enter(let inner):
                stack.append(inner)
            case .waitForScope(let inner):
                _ = await inner.cache.withLock { $0.reportPromise() }.waitThroughCancellation()
            case .waitForInitialization(let initialized):
                _ = await initialized.waitThroughCancellation()
            case .waitForDisposal(let ended):
                await ended.waitThroughCancellation()
            case .dispose(let disposal):
                let failure = await self.failureOfDisposing(disposal, run, stack)
                self.environment.schedulePoint()
                let now = self.now
                pending = self.locked { $0.disposed(disposal, error: failure, closing: scope, at: now) }
                // Another run has taken over.
                if run.isSuperseded { return }
            case .disposeApart(let disposal):
                self.disposeApart(disposal)
            case .closed(let ended):
                stack.removeLast()
                self.end(ended)
            case .gone:
                stack.removeLast()
            }
        }
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

    private func failureOfWaiting(_ disposal: Registry.Disposal) async -> DisposeFailure? {
        UserCode.begins()
        if disposal.isForced { (disposal.instance.contextual as? any ExpeditedResource)?.expedite() }
        do {
            try await disposal.instance.dispose()
            try await self.applyFault(disposal)
            return nil
        } catch { return DisposeFailure(error) }
    }

    /// Disposes one instance. Returns the error that it threw.
    private func failureOfDisposing(_ disposal: Registry.Disposal, _ run: ClosingRun, _ stack: [Scope]) async -> DisposeFailure? {
        if disposal.scope !== stack.first {
            let context = ScopeContext(scope: disposal.scope, activity: .closing)
            return await ScopeContext.$current.withValue(context) { await self.failureOfDisposingHere(disposal, run, stack) }
        }
        return await self.failureOfDisposingHere(disposal, run, stack)
    }

    private func failureOfDisposingHere(_ disposal: Registry.Disposal, _ run: ClosingRun, _ stack: [Scope]) async -> DisposeFailure? {
        // An injected fault may suspend. A synchronous scope cannot wait for that, so the fault is applied without suspending.
        if disposal.instance.kind == .synchronous, disposal.binding.faults == nil || disposal.scope.isSynchronous {
            return self.failureOfDisposing(disposal)
        }
        run.begin(disposal, stack)
        defer { run.end() }
        if run.isLeft { self.watch(disposal, run) }
        return await self.failureOfWaiting(disposal)
    }

    /// Continues with another run if a dispose times out.
    private func watch(_ disposal: Registry.Disposal, _ run: ClosingRun) {
        let deadline = self.environment.time.schedule(at: disposal.deadline) {
            let now = self.now
            _ = self.locked { $0.disposeTimedOut(disposal.handle, at: now) }
            guard let stack = run.supersede(in: disposal.handle), let scope = stack.first else { return }
            let next = ClosingRun()
            next.leave()
            ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
                self.environment.startLater { await self.run(next, stack, nil) }
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
        self.environment.start {
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
