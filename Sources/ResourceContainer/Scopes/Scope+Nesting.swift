extension Scope {
    /// Runs `body` in a new scope inside this one, and closes the new scope when the body returns, throws, or is canceled.
    ///
    /// Eager bindings of the new scope are initialized before `body` runs. The event of the close reports how `body` ended, as a
    /// ``ScopeOutcome``.
    ///
    /// - Parameters:
    ///   - name: The name of the scope; it need not be unique.
    ///   - tag: The tag by which bindings with the lifetime ``Lifetime/tagged(_:)`` find the scope, and under which statistics of closed
    ///     scopes are kept.
    ///   - disposal: Whether the scope disposes its instances serially or concurrently; nil inherits the order of this scope. Nested scopes
    ///     always close one at a time.
    ///   - policy: Whether a failed dispose is thrown as ``DisposeError`` if the body succeeds.
    ///   - onClose: Receives the report of the close.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    ///   - body: Receives the scope, which is also the one that `Container.get` uses inside the body.
    /// - Returns: The result of `body`.
    /// - Throws: The error of `body`, unchanged; ``ResourceError`` if this scope is closed, the scopes are nested too deeply, or an eager
    ///   instance cannot be created; ``DisposeError`` under ``ClosePolicy/throw``.
    public nonisolated(nonsending) func withScope<Result>(
        _ name: String = "scope",
        tag: String? = nil,
        disposal: StepOrder? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        let location = CodeLocation(file: fileID, line: line)
        let opening = ScopeOpening(name: name, tag: tag, location: location, isSynchronous: self.isSynchronous, disposal: disposal)
        return try await self.run(opening, policy, onClose, isolation: #isolation, body: body)
    }

    /// Runs a synchronous `body` in a new scope, which resolves only instances that are created and disposed without suspending.
    ///
    /// The parameters and errors are those of the asynchronous `withScope`.
    @available(*, noasync)
    @_disfavoredOverload
    public func withScope<Result>(
        _ name: String = "scope",
        tag: String? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: (Scope) throws -> Result
    ) throws -> Result {
        let location = CodeLocation(file: fileID, line: line)
        return try self.runSynchronously(
            ScopeOpening(name: name, tag: tag, location: location, isSynchronous: true),
            policy,
            onClose,
            body: body
        )
    }

    /// Opens a scope, runs `body` in it, and closes it.
    ///
    /// The closure below captures the isolation parameter to stay on the caller's actor: `withValue` takes a nonisolated function, so the
    /// closure would otherwise leave the actor and `body` would hop back to it.
    @inline(__always)
    func run<Result>(
        _ opening: ScopeOpening,
        _ policy: ClosePolicy,
        _ onClose: ((DisposeReport) -> Void)?,
        isolation: isolated (any Actor)?,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        if self.engine.environment.tracer != nil {
            return try await self.runTraced(opening, policy, onClose, isolation: isolation, body: body)
        }
        return try await self.runUntraced(opening, policy, onClose, isolation: isolation, body: body)
    }

    /// Opens a scope with the span of `opening`, if it has one, runs `body` in it, and closes it.
    private func runUntraced<Result>(
        _ opening: ScopeOpening,
        _ policy: ClosePolicy,
        _ onClose: ((DisposeReport) -> Void)?,
        isolation: isolated (any Actor)?,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        let scope = try self.engine.open(opening, in: self)
        let result: Result
        do {
            result = try await ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .body)) {
                _ = isolation
                self.engine.adoptOverlay(of: scope)
                if self.engine.hasEager { try await self.engine.start(scope) }
                UserCode.begins()
                return try await body(scope)
            }
        } catch {
            let report = await scope.close(after: ScopeOutcome(of: error), error: error)
            UserCode.begins()
            onClose?(report)
            throw error
        }
        let report: DisposeReport
        if let closed = self.engine.startClosing(scope, .drain, after: .returned) {
            report = closed
        } else {
            report = await self.engine.reportOfClosing(scope)
        }
        UserCode.begins()
        onClose?(report)
        try policy.check(report)
        return result
    }

    /// Runs `body` in a scope that a span records, if the tracer records it. The span is current in the body and during the close.
    @inline(never)
    private func runTraced<Result>(
        _ opening: ScopeOpening,
        _ policy: ClosePolicy,
        _ onClose: ((DisposeReport) -> Void)?,
        isolation: isolated (any Actor)?,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        guard let traced = self.engine.traced(opening, in: self), let span = traced.span else {
            return try await self.runUntraced(opening, policy, onClose, isolation: isolation, body: body)
        }
        do {
            return try await span.withCurrent(isolation: isolation) {
                try await self.runUntraced(traced, policy, onClose, isolation: isolation, body: body)
            }
        } catch {
            // The span of a scope that was opened has ended with the close, and ignores this.
            UserCode.begins()
            span.fail(with: error)
            span.end()
            throw error
        }
    }

    func runSynchronously<Result>(
        _ opening: ScopeOpening,
        _ policy: ClosePolicy,
        _ onClose: ((DisposeReport) -> Void)?,
        body: (Scope) throws -> Result
    ) throws -> Result {
        if let traced = self.engine.traced(opening, in: self), let span = traced.span {
            do {
                return try span.withCurrentSynchronously { try self.runSynchronously(traced, policy, onClose, body: body) }
            } catch {
                UserCode.begins()
                span.fail(with: error)
                span.end()
                throw error
            }
        }
        if ThreadStack.isNearlyUsedUp {
            throw ResourceError(
                .nestedTooDeeply,
                scope: self.name,
                "scope \(self.name) (opened at \(self.location)) is nested in \(self.depth) scopes, and \(ThreadStack.usedUp): "
                    + "close scopes before opening more inside them, open sibling scopes, or use a thread with a larger stack"
            )
        }
        let scope = try self.engine.open(opening, in: self)
        let result: Result
        do {
            result = try ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .body)) {
                self.engine.adoptOverlay(of: scope)
                if self.engine.hasEager { try self.engine.startSynchronously(scope) }
                UserCode.begins()
                return try body(scope)
            }
        } catch {
            let outcome = ScopeOutcome(of: error)
            scope.note(outcome, error)
            let report = self.engine.closeSynchronously(scope, after: outcome)
            UserCode.begins()
            onClose?(report)
            throw error
        }
        let report = self.engine.closeSynchronously(scope, after: .returned)
        UserCode.begins()
        onClose?(report)
        try policy.check(report)
        return result
    }

    /// Opens a scope inside this one. The scope stays open until it or an enclosing scope is closed.
    ///
    /// Unlike `withScope`, it does not initialize eager bindings. Call ``start(_:)`` on the new scope for that.
    ///
    /// - Parameters:
    ///   - name: The name of the scope; it need not be unique.
    ///   - tag: The tag by which bindings with the lifetime ``Lifetime/tagged(_:)`` find the scope, and under which statistics of closed
    ///     scopes are kept.
    ///   - disposal: Whether the scope disposes its instances serially or concurrently; nil inherits the order of this scope.
    ///   - fileID: The file of the caller, for diagnostics.
    ///   - line: The line of the caller, for diagnostics.
    /// - Returns: The open scope.
    /// - Throws: ``ResourceError`` if this scope is closed or the scopes are nested too deeply.
    public func openScope(
        _ name: String,
        tag: String? = nil,
        disposal: StepOrder? = nil,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> Scope {
        let location = CodeLocation(file: fileID, line: line)
        return try self.open(
            ScopeOpening(name: name, tag: tag, location: location, isSynchronous: self.isSynchronous, disposal: disposal)
        )
    }

    /// Opens a scope, with a span if the container is traced.
    func open(_ opening: ScopeOpening) throws(ResourceError) -> Scope {
        guard let traced = self.engine.traced(opening, in: self), let span = traced.span else {
            return try self.engine.open(opening, in: self)
        }
        do { return try self.engine.open(traced, in: self) } catch {
            UserCode.begins()
            span.fail(with: error)
            span.end()
            throw error
        }
    }

    /// Creates and initializes the eager bindings that live in this scope, and the eager singletons.
    ///
    /// `withScope` does this before it runs its body. After a failure, no further initialization starts; instances that are ready stay.
    ///
    /// - Parameter order: Whether to initialize serially, in binding order, or concurrently as far as dependencies allow.
    /// - Throws: ``ResourceError`` of the first binding, in binding order, that cannot be initialized;
    ///   ``ResourceError/Code/containerClosed`` or ``ResourceError/Code/scopeClosed`` if this scope is closed.
    public nonisolated(nonsending) func start(_ order: StepOrder = .serial) async throws {
        guard self.isOpen else { throw ResourceError.closed(self, refused: "to start") }
        guard self.engine.hasEager else { return }
        try await self.engine.start(self, order)
    }

    /// Closes the scope and disposes its instances.
    ///
    /// The scope refuses requests immediately, closes its nested scopes, waits for running initializations within their timeouts, and then
    /// disposes every instance it owns: dependents before their dependencies, otherwise newest first. The scope attempts every dispose,
    /// regardless of failures and of the cancellation of the calling task. A concurrent or repeated close returns the same report.
    ///
    /// With a budget, the close ends when the budget is spent, regardless of the disposes. Disposes then run on threads of the library, which
    /// they may block, and not on the caller's thread. A tenth of the budget, at most half a second, is reserved: when only the reserve is
    /// left, all remaining disposes start in order, without waiting for the earlier ones. Disposes that have not returned at the end are
    /// abandoned, and their entries in the report state what they waited for.
    ///
    /// - Parameters:
    ///   - mode: ``CloseMode/drain`` waits for initializations and leases. ``CloseMode/force`` waits for disposes only: it abandons running
    ///     initializations, makes pools report their holders, and expedites a close that is already running.
    ///   - budget: The total time that the close may take; nil for no limit. If a running close has a budget already, the earlier deadline
    ///     applies. A negative budget counts as zero.
    /// - Returns: The outcome of every dispose, including those of nested scopes.
    /// - Throws: ``ResourceError/Code/closedFromWithin`` if called from an initialization or a dispose that the close would wait for.
    @discardableResult
    public nonisolated(nonsending) func close(
        _ mode: CloseMode = .drain,
        within budget: Duration? = nil
    ) async throws(ResourceError) -> DisposeReport {
        if ScopeContext.isWorking(below: self) {
            throw ResourceError(
                .closedFromWithin,
                scope: self.name,
                "scope \(self.name) cannot be closed by one of its own initializations or disposes, because the close would wait for that step: "
                    + "close it from the code that opened it"
            )
        }
        return await self.engine.close(self, mode, within: budget)
    }
}

/// The work that a close waits for.
public struct CloseMode: Hashable, Sendable {
    let isForced: Bool

    /// Waits for running initializations, leases, and disposes, within their timeouts.
    public static let drain = CloseMode(isForced: false)
    /// Waits for disposes only, within their timeouts and the budget of the close, if it has one.
    public static let force = CloseMode(isForced: true)
}
