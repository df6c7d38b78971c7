import Synchronization

extension Engine {
    /// Closes a scope and everything in it; see ``Scope/close(_:)``.
    nonisolated(nonsending) func close(_ scope: Scope, _ mode: CloseMode) async -> DisposeReport {
        if let report = self.startClosing(scope, mode) { return report }
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
            let isFirst = registry.beginClosing(scope, force: mode.isForced, at: now)
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

    private func hurry(_ scope: Scope, at now: TimeSource.Instant) {
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
    private func run(_ run: ClosingRun, _ stack: [Scope], _ first: Registry.ClosingStep?) async {
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
                if pending == nil { return }
            case .closed(let ended):
                stack.removeLast()
                self.end(ended)
            }
        }
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
        UserCode.begins()
        if disposal.isForced { (disposal.instance.contextual as? any HurriedResource)?.hurry() }
        do {
            try await disposal.instance.dispose()
            try await self.suffer(disposal)
            return nil
        } catch { return DisposeFailure(error) }
    }

    /// Goes on without an instance that does not come back.
    private func watch(_ disposal: Registry.Disposal, _ run: ClosingRun) {
        let deadline = self.environment.time.schedule(at: disposal.deadline) {
            let now = self.now
            guard self.locked({ $0.disposeTimedOut(disposal.handle, at: now) }) else { return }
            let next = ClosingRun()
            next.leave()
            let stack = run.stack
            guard let scope = stack.first else { return }
            ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .closing)) {
                self.environment.startLater { await self.run(next, stack, nil) }
            }
        }
        run.keep(deadline, for: disposal.handle)
    }

    /// A scope is closed, and with it perhaps those around it whose container was dropped.
    private func end(_ ended: Registry.EndedScope) {
        self.tell(ended)
        if self.isDropped { self.endDropped() }
    }

    /// A scope is closed: whoever waits for it is told, and so are pools that may have lent to it.
    func tell(_ ended: Registry.EndedScope) {
        ended.scope.cache.withLock { $0.end(ended.report) }?.fulfil(ended.report)
        self.environment.schedulePoint()
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
            if self.locked({ $0.disposeTimedOut(handle, at: now) }) { ended.fulfil(()) }
        }
        await ended.waitThroughCancellation()
        deadline.cancel()
    }
}

/// What the run of a closing and those who watch over it tell each other.
///
/// The run begins on the caller's stack. Until it is left there - because something suspended - it registers no deadline: a dispose that
/// does not suspend cannot be interrupted anyway, and one that does is watched by the caller.
private final class ClosingRun: Sendable {
    private struct State: Sendable {
        var isLeft = false
        var disposal: Registry.Disposal?
        var stack: [Scope] = []
        var deadline: TimeSource.Deadline?
    }

    private let state = Lock(State())

    var isLeft: Bool {
        self.state.withLock { $0.isLeft }
    }

    /// What is being disposed.
    var current: Registry.Disposal? {
        self.state.withLock { $0.disposal }
    }

    /// The scopes that are still to be closed.
    var stack: [Scope] {
        self.state.withLock { $0.stack }
    }

    func leave() {
        self.state.withLock { $0.isLeft = true }
    }

    func begin(_ disposal: Registry.Disposal, _ stack: [Scope]) {
        self.state.withLock {
            $0.disposal = disposal
            $0.stack = stack
        }
    }

    func end() {
        let deadline = self.state.withLock { state in
            defer {
                state.disposal = nil
                state.deadline = nil
            }
            return state.deadline
        }
        deadline?.cancel()
    }

    /// Keeps the caller's deadline for the dispose it found under way, to be taken back when that ends; at once if it has.
    func keep(_ deadline: TimeSource.Deadline, for handle: ResourceHandle) {
        let obsolete = self.state.withLock { state in
            guard state.disposal?.handle == handle else { return deadline as TimeSource.Deadline? }
            defer { state.deadline = deadline }
            return state.deadline
        }
        obsolete?.cancel()
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
