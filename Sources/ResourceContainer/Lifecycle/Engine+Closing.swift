import Synchronization

extension Engine {
    /// Closes a scope and everything in it; see ``Scope/close(_:within:)``.
    nonisolated(nonsending) func close(_ scope: Scope, _ mode: CloseMode, within budget: Duration? = nil) async -> DisposeReport {
        if let budget {
            self.startClosing(scope, mode, within: budget)
        } else if let report = self.startClosing(scope, mode) {
            return report
        }
        return await scope.cache.withLock { $0.reportPromise() }.waitThroughCancellation()
    }

    /// The same for a scope whose resources need no suspension: the work has then ended before this waits.
    func closeSynchronously(_ scope: Scope) -> DisposeReport {
        if let report = self.startClosing(scope, .drain) { return report }
        return scope.cache.withLock { $0.reportPromise() }.waitBlocking()
    }

    /// Begins to close a scope, and closes it as far as that takes no suspension. The report, if that was all.
    func startClosing(_ scope: Scope, _ mode: CloseMode) -> DisposeReport? {
        let now = self.now
        let (isFirst, step) = self.locked { registry in
            let isFirst = registry.beginClosing(scope, force: mode.isForced, budgeted: false, at: now)
            // What needs nobody's code is done on the spot; a forced close looks for what is under way first.
            return (isFirst, isFirst && !mode.isForced ? registry.closingStep(scope, at: now) : nil)
        }
        self.environment.schedulePoint()
        if mode.isForced { self.hurry(scope, at: now) }
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
        // From here on the run keeps its own deadlines; the dispose in which it was left is watched from here.
        run.leave()
        if let disposal = run.current { self.watch(disposal, run) }
        return nil
    }

    /// Whether the caller is in a task, whose cancellation user code must not see.
    private static var isInTask: Bool {
        withUnsafeCurrentTask { $0 != nil }
    }

    /// Takes the steps that need no suspension on a thread that is in no task: with nothing to shield from, they need no task either.
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
            try self.sufferSynchronously(disposal)
            return nil
        } catch { return DisposeFailure(error) }
    }

    func hurry(_ scope: Scope, at now: TimeSource.Instant) {
        let hurry = self.locked { $0.force(scope, at: now) }
        for promise in hurry.initialisations {
            promise.fulfil(.failure(.abandoned(scope)))
        }
        for instance in hurry.disposing {
            UserCode.begins()
            (instance.contextual as? any HurriedResource)?.hurry()
        }
    }

    /// Takes the steps of closing the scopes on `stack`, the last first, until all are closed or an instance does not come back: then it is
    /// abandoned, and another run goes on.
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
            case .waitForInitialisation(let initialised):
                _ = await initialised.waitThroughCancellation()
            case .waitForDisposal(let ended):
                await ended.waitThroughCancellation()
            case .dispose(let disposal):
                let failure = await self.failureOfDisposing(disposal, run, stack)
                self.environment.schedulePoint()
                let now = self.now
                pending = self.locked { $0.disposed(disposal, error: failure, closing: scope, at: now) }
                // Another run has gone on without this one.
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

    /// Disposes an instance while the run that closes its scope goes on, and gives it up after its budget.
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
        if disposal.isForced { (disposal.instance.contextual as? any HurriedResource)?.hurry() }
        do {
            try await disposal.instance.dispose()
            try await self.suffer(disposal)
            return nil
        } catch { return DisposeFailure(error) }
    }

    /// Disposes one instance; what it threw.
    private func failureOfDisposing(_ disposal: Registry.Disposal, _ run: ClosingRun, _ stack: [Scope]) async -> DisposeFailure? {
        if disposal.scope !== stack.first {
            let context = ScopeContext(scope: disposal.scope, activity: .closing)
            return await ScopeContext.$current.withValue(context) { await self.failureOfDisposingHere(disposal, run, stack) }
        }
        return await self.failureOfDisposingHere(disposal, run, stack)
    }

    private func failureOfDisposingHere(_ disposal: Registry.Disposal, _ run: ClosingRun, _ stack: [Scope]) async -> DisposeFailure? {
        // A fault may need to suspend, where anybody can wait for that.
        if disposal.instance.kind == .synchronous, disposal.binding.faults == nil || disposal.scope.isSynchronous {
            return self.failureOfDisposing(disposal)
        }
        run.begin(disposal, stack)
        defer { run.end() }
        if run.isLeft { self.watch(disposal, run) }
        return await self.failureOfWaiting(disposal)
    }

    /// Goes on without an instance that does not come back.
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

    /// A scope is closed: whoever waits for it is told, and so are pools that may have lent to it; and perhaps the scopes around it are closed
    /// with it, whose container was dropped.
    private func end(_ ended: Registry.EndedScope) {
        self.tell(ended)
        self.environment.schedulePoint()
        self.tellWatchers(ended)
        if self.isDropped { self.endDropped() }
    }

    func tell(_ ended: Registry.EndedScope) {
        ended.scope.cache.withLock { $0.end(ended.report) }?.fulfil(ended.report)
    }

    func tellWatchers(_ ended: Registry.EndedScope) {
        for watcher in ended.watchers {
            UserCode.begins()
            watcher.scopeClosed(ended.scope.id)
        }
    }

    // MARK: Parts

    /// Disposes an instance outside the closing of its scope: a part of one whose making failed.
    func disposePart(_ handle: ResourceHandle) async {
        let now = self.now
        let (begun, elsewhere) = self.locked { registry in
            (registry.beginDispose(handle, at: now), registry.disposal(of: handle))
        }
        guard let disposal = begun else {
            // The closing of its scope disposes it: what it depends on must not go before that is over.
            await elsewhere?.waitThroughCancellation()
            return
        }
        let ended = Promise<Void>()
        self.environment.start {
            var failure: DisposeFailure?
            do {
                try await ScopeContext.$current.withValue(ScopeContext(scope: disposal.scope, activity: .closing)) {
                    try await disposal.instance.dispose()
                    try await self.suffer(disposal)
                }
            } catch { failure = DisposeFailure(error) }
            self.environment.schedulePoint()
            let now = self.now
            _ = self.locked { [failure] in $0.disposed(handle, error: failure, at: now) }
            ended.fulfil(())
        }
        if ended.value != nil { return }
        let deadline = self.environment.time.schedule(at: disposal.deadline) {
            let now = self.now
            _ = self.locked { $0.disposeTimedOut(handle, at: now) }
            ended.fulfil(())
        }
        await ended.waitThroughCancellation()
        deadline.cancel()
    }
}

extension ResourceError {
    static func abandoned(_ scope: Scope) -> ResourceError {
        ResourceError(
            .initialisationAbandoned,
            scope: scope.name,
            "scope \(scope.name) was closed by force while this was being made: ask in a scope that stays open"
        )
    }
}
