/// Spans of scopes and initializations. Without a tracer, each operation reads one optional and does nothing else.
extension Engine {
    /// Begins a span; nil without a tracer, and for an operation that the tracer does not record.
    @inline(__always)
    private func beginSpan(_ operation: @autoclosure () -> TracedOperation, in scope: Scope) -> (any OperationSpan)? {
        guard let tracer = self.environment.tracer else { return nil }
        UserCode.begins()
        return tracer.begin(operation(), within: scope.enclosingSpan)
    }

    /// The parameters of a new scope in `parent`, with a span; nil if the scope is not traced, or has its span already.
    @inline(__always)
    func traced(_ opening: ScopeOpening, in parent: Scope) -> ScopeOpening? {
        guard self.environment.tracer != nil, opening.span == nil else { return nil }
        var opening = opening
        if opening.tag == nil, !opening.values.isEmpty {
            // The values may determine the tag. An error is thrown when the scope is opened.
            opening.tag = (try? self.lockedThrowing { registry throws(ResourceError) in try registry.checked(opening, in: parent) })?.tag
        }
        let operation = TracedOperation.scope(name: opening.name, tag: opening.tag?.asName, location: opening.location)
        guard let span = self.beginSpan(operation, in: parent) else { return nil }
        opening.span = span
        opening.traceID = span.traceID
        return opening
    }

    /// Begins the span of an initialization that `scope` requested. The span ends with the initialization, even if that outlives the
    /// request.
    @inline(__always)
    func beginSpan(of making: Registry.Making, for scope: Scope) -> (any OperationSpan)? {
        let binding = making.binding
        return self.beginSpan(
            .initialization(key: binding.label.asName, scope: making.owner.name, location: binding.location),
            in: scope
        )
    }

    /// Creates and initializes an instance like ``createInstance(_:)``, recorded by `span`.
    nonisolated(nonsending) func createInstance(
        _ making: Registry.Making,
        _ span: any OperationSpan
    ) async -> Result<AnyInstance, ResourceError>? {
        span.end(with: self.promise(of: making))
        return await span.withCurrent(isolation: #isolation) { await self.createInstance(making) }
    }

    /// Creates and initializes an instance like ``createInstanceSynchronously(_:)``, recorded by `span`.
    func createInstanceSynchronously(_ making: Registry.Making, _ span: any OperationSpan) -> Result<AnyInstance, ResourceError> {
        span.end(with: self.promise(of: making))
        return span.withCurrentSynchronously { self.createInstanceSynchronously(making) }
    }
}

extension OperationSpan {
    /// Ends the span when the initialization ends.
    func end(with initialized: Registry.Initialized) {
        // The promise holds the closure, so the closure must not hold the promise.
        initialized.whenFulfilled { [weak initialized] in
            UserCode.begins()
            if case .failure(let error) = initialized?.value { self.fail(with: error) }
            self.end()
        }
    }

    /// Ends the span of a scope that is closed.
    func end(with report: DisposeReport) {
        UserCode.begins()
        if !report.isClean { self.fail(with: DisposeError(report)) }
        self.end()
    }
}

extension Scope {
    /// The span of this scope, or of the innermost enclosing scope that has one. O(depth).
    var enclosingSpan: (any OperationSpan)? {
        var scope: Scope? = self
        while let candidate = scope {
            if let span = candidate.span { return span }
            scope = candidate.parent
        }
        return nil
    }

    /// Records in the span of the scope how its body ended. `error` is the one that the body threw.
    func note(_ outcome: ScopeOutcome, _ error: (any Error)?) {
        guard let span = self.span, let error else { return }
        UserCode.begins()
        switch outcome {
        case .returned: break
        case .threw: span.fail(with: error)
        case .canceled: span.cancel()
        }
    }
}
