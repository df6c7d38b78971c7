extension Scope {
    /// Runs `body` in a new scope inside this one, and closes it when the body has ended - by returning, by throwing, or cancelled.
    ///
    /// - Parameters:
    ///   - name: what to call it; names need not be unique.
    ///   - tag: what bindings with the lifetime `tagged` find it by, and what statistics of closed scopes are kept under.
    ///   - disposal: whether what it owns is disposed one after the other or side by side; nil for as in this scope. The scopes inside it
    ///     are closed one after the other in any case.
    ///   - policy: whether a dispose that failed is thrown as ``DisposeError`` if the body succeeded.
    ///   - onClose: is given the report of what became of everything.
    ///   - fileID: the file it is opened in, filled in by the compiler.
    ///   - line: the line, likewise.
    ///   - body: is given the scope; it is also the one that `Container.get` finds.
    /// - Throws: what `body` throws, unchanged; ``ResourceError`` if this scope is closed.
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
        let place = SourcePlace(file: fileID, line: line)
        let opening = ScopeOpening(name: name, tag: tag, place: place, isSynchronous: self.isSynchronous, disposal: disposal)
        return try await self.run(opening, policy, onClose, isolation: #isolation, body: body)
    }

    /// `withScope` for synchronous code: takes resources that are made and disposed without suspending.
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
        let place = SourcePlace(file: fileID, line: line)
        return try self.runSynchronously(ScopeOpening(name: name, tag: tag, place: place, isSynchronous: true), policy, onClose, body: body)
    }

    /// Takes the isolation as a parameter that the closure below captures: without it the closure would leave the caller's actor, for
    /// `withValue` takes a function that belongs to none, and `body` would have to come back to it.
    func run<Result>(
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
            let report = await self.engine.close(scope, .drain)
            UserCode.begins()
            onClose?(report)
            throw error
        }
        let report = await self.engine.close(scope, .drain)
        UserCode.begins()
        onClose?(report)
        try policy.check(report)
        return result
    }

    func runSynchronously<Result>(
        _ opening: ScopeOpening,
        _ policy: ClosePolicy,
        _ onClose: ((DisposeReport) -> Void)?,
        body: (Scope) throws -> Result
    ) throws -> Result {
        if ThreadStack.isNearlyUsedUp {
            throw ResourceError(
                .nestedTooDeeply,
                scope: self.name,
                "scope \(self.name) (opened at \(self.place)) stands in \(self.depth) others, and \(ThreadStack.usedUp): close scopes before "
                    + "opening more inside them, open them side by side, or use a thread with a larger stack"
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
            let report = self.engine.closeSynchronously(scope)
            UserCode.begins()
            onClose?(report)
            throw error
        }
        let report = self.engine.closeSynchronously(scope)
        UserCode.begins()
        onClose?(report)
        try policy.check(report)
        return result
    }

    /// Opens a scope inside this one that lives until it, or a scope around it, is closed. Eager bindings wait for ``start(_:)``.
    public func openScope(
        named name: String,
        tag: String? = nil,
        disposal: StepOrder? = nil,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> Scope {
        let place = SourcePlace(file: fileID, line: line)
        let opening = ScopeOpening(name: name, tag: tag, place: place, isSynchronous: self.isSynchronous, disposal: disposal)
        return try self.engine.open(opening, in: self)
    }

    /// Makes what is bound as eager and lives in this scope or, as a singleton, in the root. `withScope` does it before its body.
    ///
    /// - Parameter order: one after the other in the order of binding, or side by side as far as they do not depend on each other.
    /// - Throws: ``ResourceError``, ``ResourceError/Code/containerClosed`` and ``ResourceError/Code/scopeClosed`` included; the error of the
    ///   first in the order of binding that could not be made. Nothing more is begun then; what was made stays.
    public nonisolated(nonsending) func start(_ order: StepOrder = .serial) async throws {
        guard self.isOpen else { throw ResourceError.closed(self, refused: "to start") }
        try await self.engine.start(self, order)
    }

    /// Closes the scope: refuses requests at once, closes the scopes inside it, waits for initialisations under way within their budgets,
    /// then disposes every resource it owns - dependents before what they depend on, the rest newest first.
    ///
    /// Everything is tried, whatever fails and whether or not the calling task is cancelled. Whoever closes a scope at the same time or
    /// again is given the same report.
    ///
    /// With a budget, closing is over when that is used up, whatever the disposes do: they run on threads of the library, which they
    /// may block, and not on the caller's. They run as they would without a budget, for the most of it. A tenth of it, half a
    /// second at most, is kept for what has not begun by then: all of that is begun at once, in order, and nothing is waited for any more.
    /// What has not come back at the end is abandoned, and its entry in the report says what it waited for.
    ///
    /// - Parameters:
    ///   - mode: `.force` waits for disposes only: what is initialising is abandoned, pools report who holds what; a close that is under
    ///     way is hurried.
    ///   - budget: how long closing may take. A close that is under way is given this budget besides; the first to be used up counts.
    ///     Negative ones count as zero.
    /// - Throws: ``ResourceError/Code/closedFromWithin`` if called from an initialisation or a dispose that closing would wait for.
    @discardableResult
    public nonisolated(nonsending) func close(
        _ mode: CloseMode = .drain,
        within budget: Duration? = nil
    ) async throws(ResourceError) -> DisposeReport {
        if ScopeContext.isWorking(below: self) {
            throw ResourceError(
                .closedFromWithin,
                scope: self.name,
                "scope \(self.name) cannot be closed by an initialisation or a dispose in it, which it would have to wait for: "
                    + "let the code that opened it close it"
            )
        }
        return await self.engine.close(self, mode, within: budget)
    }
}

/// How a scope is closed.
public struct CloseMode: Hashable, Sendable {
    let isForced: Bool

    /// Waits for what is under way - initialisations, leases - within the budgets.
    public static let drain = CloseMode(isForced: false)
    /// Waits for nothing but the disposes themselves, each within its budget, and all of them within that of the close if it has one.
    public static let force = CloseMode(isForced: true)
}
