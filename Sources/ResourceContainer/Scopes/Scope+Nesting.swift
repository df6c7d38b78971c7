extension Scope {
    /// Runs `body` in a new scope inside this one, and closes it when the body has ended - by returning, by throwing, or cancelled.
    ///
    /// - Parameters:
    ///   - name: what to call it; names need not be unique.
    ///   - tag: what bindings with the lifetime `tagged` find it by, and what statistics of closed scopes are kept under.
    ///   - policy: whether a dispose that failed is thrown as ``DisposeError`` if the body succeeded.
    ///   - onClose: is given the report of what became of everything.
    /// - Throws: what `body` throws, unchanged; ``ResourceError`` if this scope is closed.
    public nonisolated(nonsending) func withScope<Result>(
        _ name: String = "scope",
        tag: String? = nil,
        policy: ClosePolicy = .report,
        onClose: ((DisposeReport) -> Void)? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        let scope = try self.engine.open(
            name,
            tag: tag,
            in: self,
            place: SourcePlace(file: fileID, line: line),
            synchronous: self.isSynchronous
        )
        let result: Result
        do {
            result = try await ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .body)) {
                try await body(scope)
            }
        } catch {
            let report = await self.engine.close(scope)
            onClose?(report)
            throw error
        }
        let report = await self.engine.close(scope)
        onClose?(report)
        try policy.check(report)
        return result
    }

    /// ``withScope(_:tag:policy:onClose:fileID:line:body:)`` for synchronous code: takes resources that are made and disposed without suspending.
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
        let scope = try self.engine.open(name, tag: tag, in: self, place: SourcePlace(file: fileID, line: line), synchronous: true)
        let result: Result
        do {
            result = try ScopeContext.$current.withValue(ScopeContext(scope: scope, activity: .body)) { try body(scope) }
        } catch {
            let report = self.engine.closeSynchronously(scope)
            onClose?(report)
            throw error
        }
        let report = self.engine.closeSynchronously(scope)
        onClose?(report)
        try policy.check(report)
        return result
    }

    /// Opens a scope inside this one that lives until it, or a scope around it, is closed.
    public func openScope(
        named name: String,
        tag: String? = nil,
        fileID: String = #fileID,
        line: UInt = #line
    ) throws(ResourceError) -> Scope {
        try self.engine.open(
            name,
            tag: tag,
            in: self,
            place: SourcePlace(file: fileID, line: line),
            synchronous: self.isSynchronous
        )
    }

    /// Closes the scope: refuses requests at once, closes the scopes inside it, waits for initialisations under way within their budgets,
    /// then disposes every resource it owns - dependents before what they depend on, the rest newest first.
    ///
    /// Everything is tried, whatever fails and whether or not the calling task is cancelled. Whoever closes a scope at the same time or
    /// again is given the same report.
    ///
    /// - Throws: ``ResourceError/Code/closedFromWithin`` if called from an initialisation or a dispose that closing would wait for.
    @discardableResult
    public nonisolated(nonsending) func close() async throws(ResourceError) -> DisposeReport {
        if ScopeContext.isWorking(below: self) {
            throw ResourceError(
                .closedFromWithin,
                scope: self.name,
                "scope \(self.name) cannot be closed by an initialisation or a dispose in it, which it would have to wait for: "
                    + "let the code that opened it close it"
            )
        }
        return await self.engine.close(self)
    }
}
