/// The creation of eager instances when a scope opens or the container starts.
extension Engine {
    /// Creates the eager instances that live in `scope` or in the root.
    nonisolated(nonsending) func start(_ scope: Scope, _ order: StepOrder = .serial) async throws {
        let bindings = self.locked { $0.eager(for: scope) }
        if order.isSerial || bindings.count < 2 {
            for binding in bindings { try await self.createEager(binding, in: scope) }
        } else {
            try await self.createEager(bindings, in: scope, limit: order.limit)
        }
    }

    /// Creates the instance of one eager binding.
    nonisolated(nonsending) private func createEager(_ binding: Binding, in scope: Scope) async throws {
        let instance = try await self.instance(
            Query(key: binding.key, requestingScope: scope, requester: nil),
            text: binding.declaration.text
        )
        // Creating an eager instance is not a request, so it is not counted as one.
        instance.uses.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Creates up to `limit` instances at the same time. A dependency that several of them share is created by the first task that reaches
    /// it; the others wait.
    private func createEager(_ bindings: [Binding], in scope: Scope, limit: Int) async throws {
        let failed = await withTaskGroup(of: (index: Int, error: any Error)?.self) { group in
            var failed: [(index: Int, error: any Error)] = []
            for (index, binding) in bindings.enumerated() {
                if index >= limit, let ended = await group.next(), let failure = ended { failed.append(failure) }
                if !failed.isEmpty { break }
                group.addTask {
                    do {
                        try await self.createEager(binding, in: scope)
                        return nil
                    } catch { return (index, error) }
                }
            }
            for await failure in group { if let failure { failed.append(failure) } }
            return failed
        }
        if let first = failed.min(by: { $0.index < $1.index }) { throw first.error }
    }

    /// ``start(_:_:)`` for code that cannot suspend.
    func startSynchronously(_ scope: Scope) throws {
        for binding in self.locked({ $0.eager(for: scope) }) {
            let instance = try self.instanceSynchronously(
                Query(key: binding.key, requestingScope: scope, requester: nil),
                text: binding.declaration.text
            )
            instance.uses.wrappingSubtract(1, ordering: .relaxed)
        }
    }
}

extension Registry {
    /// Returns the eager bindings that a new scope initializes, in binding order.
    func eager(for scope: Scope) -> [Binding] {
        let bindings = self.currentBindings + (scope.overlay?.all ?? [])
        return bindings.sorted { $0.word < $1.word }.filter { binding in
            guard binding.options.eager, self.binding(binding.key, in: scope) === binding else { return false }
            let owner = try? self.owner(of: binding, for: scope)
            guard let owner, self.scopes[owner.row].shared.find(binding.word) == nil else { return false }
            return binding.lifetime == .singleton || owner === scope
        }
    }
}
