/// The use of a fallback when a binding cannot create an instance.
extension Engine {
    /// Resolves the fallback of a binding that failed with `error`. Rethrows `error` if there is no fallback.
    nonisolated(nonsending) func resolveFallback(
        after error: ResourceError,
        of binding: Binding,
        _ query: Query
    ) async throws -> AnyInstance {
        guard let redirect = self.fallback(after: error, of: binding, query) else { throw error }
        do {
            let instance = try await self.instance(query.following(redirect, from: binding, isFallback: true), text: redirect.text)
            return try self.fallBack(to: instance, redirect, error, binding, query.requestingScope)
        } catch let second as ResourceError { throw Self.failure(error, and: second, binding, redirect) }
    }

    /// ``resolveFallback(after:of:_:)`` for code that cannot suspend.
    func resolveFallbackSynchronously(after error: ResourceError, of binding: Binding, _ query: Query) throws -> AnyInstance {
        guard let redirect = self.fallback(after: error, of: binding, query) else { throw error }
        do {
            let instance = try self.instanceSynchronously(query.following(redirect, from: binding, isFallback: true), text: redirect.text)
            return try self.fallBack(to: instance, redirect, error, binding, query.requestingScope)
        } catch let second as ResourceError { throw Self.failure(error, and: second, binding, redirect) }
    }

    /// The fallback for a binding that failed with `error`. Nil if it has none, or if the error is not a failure to initialize.
    private func fallback(after error: ResourceError, of binding: Binding, _ query: Query) -> Redirect? {
        guard error.code == .initializationFailed || error.code == .initializationTimedOut else { return nil }
        guard !query.trail.contains(binding.id) else { return nil }
        return binding.fallback
    }

    /// Records the use of the fallback and delivers its instance.
    private func fallBack(
        to instance: AnyInstance,
        _ redirect: Redirect,
        _ error: ResourceError,
        _ binding: Binding,
        _ requestingScope: Scope
    ) throws(ResourceError) -> AnyInstance {
        let now = self.now
        self.locked { $0.fellBack(to: instance.handle, insteadOf: binding, because: error.reason, at: now) }
        // The root scope lives as long as the container. It does not cache the fallback, so that later requests try the binding again.
        if requestingScope.isRootOrOverlay { return try self.converted(instance, as: binding, redirect) }
        return try self.deliver(instance, as: binding, redirect, to: requestingScope)
    }

    /// The error of a binding that failed with `first` and whose fallback failed with `second`.
    private static func failure(_ first: ResourceError, and second: ResourceError, _ binding: Binding, _ redirect: Redirect)
        -> ResourceError
    {
        ResourceError(
            first.code,
            key: binding.label,
            scope: first.scope,
            underlying: first.underlying,
            reason: first.reason,
            "\(first.description); its fallback \(redirect.text.label) failed too: \(second.description)"
        )
    }
}

extension Registry {
    /// Records that an instance is used as the fallback of `binding`. It is reported as degraded.
    mutating func fellBack(to handle: ResourceHandle, insteadOf binding: Binding, because reason: String, at now: TimeSource.Instant) {
        guard self.holds(handle) else { return }
        let row = self.resources[handle.row]
        let label = self.label(of: binding)
        self.log.append(
            .boxed(.fellBack(from: label, reason: reason)),
            scope: self.scopes[row.scope].id,
            resource: handle.id,
            binding: row.binding.id,
            at: now
        )
        self.fallbackUses[handle.id] = FallbackUse(binding: binding.word, label: label, reason: reason)
        let result = HealthResult(status: .healthy, probe: "fallback", latency: .zero, time: now)
        self.recordHealth(result, of: handle, at: now)
    }

    /// An instance that is used as the fallback of another binding.
    struct FallbackUse: Sendable {
        let binding: UInt
        let label: String
        let reason: String

        /// The effective result of a health check: a healthy fallback, or one without a health check, counts as degraded.
        func shown(in result: HealthResult) -> HealthResult {
            guard result.status == .healthy || result.probe == HealthResult.noProbe else { return result }
            var result = result
            result.status = .degraded
            result.message = "fallback for \(self.label): \(self.reason)"
            return result
        }
    }

    /// Ends the use of fallbacks for a binding that has a ready instance again. Their health is that of their next check.
    mutating func endFallbackUse(for binding: UInt) {
        self.fallbackUses = self.fallbackUses.filter { $0.value.binding != binding }
    }
}
