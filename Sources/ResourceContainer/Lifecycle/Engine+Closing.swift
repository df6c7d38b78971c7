extension Engine {
    /// Closes a scope and everything in it; see ``Scope/close()``.
    nonisolated(nonsending) func close(_ scope: Scope) async -> DisposeReport {
        self.startClosing(scope)
        return await scope.closed.waitThroughCancellation()
    }

    /// The same for a scope whose resources need no suspension: the work has then ended before this waits.
    func closeSynchronously(_ scope: Scope) -> DisposeReport {
        self.startClosing(scope)
        return scope.closed.waitBlocking()
    }

    private func startClosing(_ scope: Scope) {
        let now = self.now
        guard self.locked({ $0.beginClosing(scope.id, at: now) }) else { return }
        self.environment.start {
            let context = ScopeContext(scope: scope, activity: .closing)
            let report = await ScopeContext.$current.withValue(context) { await self.tearDown(scope, since: now) }
            scope.closed.fulfil(report)
        }
    }

    private func tearDown(_ scope: Scope, since start: TimeSource.Instant) async -> DisposeReport {
        var report = DisposeReport(scope: scope.id, name: scope.name)
        for child in self.locked({ $0.children(of: scope.id) }) {
            report.children.append(await self.close(child))
        }
        for record in self.locked({ $0.initialising(in: scope.id) }) {
            if case .failure(let error) = await record.initialised.waitThroughCancellation() {
                let outcome = error.code == .initialisationTimedOut ? DisposeReport.Outcome.abandoned : .neverInitialised
                report.entries.append(
                    .init(
                        order: report.entries.count + 1,
                        resource: record.id,
                        label: record.binding.label,
                        outcome: outcome,
                        took: .zero,
                        error: error.reason
                    )
                )
            }
        }
        for disposal in self.locked({ $0.disposals(in: scope.id) }) { await disposal.waitThroughCancellation() }
        for id in self.locked({ $0.teardown(of: scope.id) }) {
            guard var entry = await self.dispose(id) else { continue }
            entry.order = report.entries.count + 1
            report.entries.append(entry)
        }
        let now = self.now
        report.took = now - start
        self.locked { $0.closed(scope.id, took: report.took, at: now) }
        return report
    }

    /// Disposes one instance within its budget; nil if it is not there to be disposed.
    func dispose(_ id: ResourceID) async -> DisposeReport.Entry? {
        let start = self.now
        guard let record = self.locked({ $0.beginDispose(id, at: start) }), let instance = record.instance else { return nil }
        var entry = DisposeReport.Entry(order: 1, resource: id, label: record.binding.label, outcome: .disposed, took: .zero)
        switch instance.steps {
        case .none:
            self.finishDispose(id, error: nil)
        case .synchronous(_, let dispose):
            do {
                try dispose()
                self.finishDispose(id, error: nil)
            } catch {
                entry.fail(.threw, String(describing: error))
                self.finishDispose(id, error: String(describing: error))
            }
        case .asynchronous(_, let dispose):
            // Nil stands for an instance that did not come back.
            let ended = Promise<Result<Void, any Error>?>()
            self.environment.start {
                let result: Result<Void, any Error>
                do {
                    try await dispose()
                    result = .success(())
                } catch {
                    result = .failure(error)
                }
                // Whoever moved the instance on tells: the report says what the books say.
                if self.finishDispose(id, error: result.failureText) { ended.fulfil(result) }
            }
            if ended.value == nil {
                self.watch(ended, until: start + record.binding.options.disposeTimeout) {
                    let now = self.now
                    if self.locked({ $0.disposeTimedOut(id, at: now) }) { ended.fulfil(nil) }
                }
            }
            switch await ended.waitThroughCancellation() {
            case nil: entry.fail(.abandoned, "did not come back within \(record.binding.options.disposeTimeout)")
            case .some(let result): if let text = result.failureText { entry.fail(.threw, text) }
            }
        }
        entry.took = self.now - start
        return entry
    }

    /// False if the instance was abandoned before.
    @discardableResult
    private func finishDispose(_ id: ResourceID, error: String?) -> Bool {
        let now = self.now
        return self.locked { $0.disposed(id, error: error, at: now) }
    }

    /// Calls `onTimeout` at `deadline` unless `promise` is fulfilled before.
    func watch<Value>(_ promise: Promise<Value>, until deadline: TimeSource.Instant, onTimeout: @escaping @Sendable () -> Void) {
        let registration = self.environment.time.schedule(at: deadline) {
            if promise.value == nil { onTimeout() }
        }
        promise.whenFulfilled { registration.cancel() }
    }
}

extension DisposeReport.Entry {
    fileprivate mutating func fail(_ outcome: DisposeReport.Outcome, _ error: String) {
        self.outcome = outcome
        self.error = error
    }
}

extension Result where Failure == any Error {
    fileprivate var failureText: String? {
        if case .failure(let error) = self { return String(describing: error) }
        return nil
    }
}
