extension Engine {
    /// The value of an instance that was found under `key`.
    static func value<Value: Sendable>(of instance: AnyInstance, _ key: ResourceKey<Value>) -> Value {
        // Right because an instance is only ever found under the key of its binding, which carries the type it was made with.
        unsafeDowncast(instance, to: Instance<Value>.self).value
    }

    nonisolated(nonsending) func resolve<Value: Sendable>(
        _ key: ResourceKey<Value>,
        in asker: Scope,
        for requester: ResourceID?
    ) async throws -> Value {
        let binding = try self.binding(key.id, label: key.label, in: asker)
        return Self.value(of: try await self.resolve(binding, in: asker, for: requester), key)
    }

    func resolveSynchronously<Value: Sendable>(
        _ key: ResourceKey<Value>,
        in asker: Scope,
        for requester: ResourceID?
    ) throws -> Value {
        let binding = try self.binding(key.id, label: key.label, in: asker)
        return Self.value(of: try self.resolveSynchronously(binding, in: asker, for: requester), key)
    }

    private func binding(_ key: KeyID, label: String, in asker: Scope) throws(ResourceError) -> Binding {
        if let binding = self.locked({ $0.bindingsByKey[key] }) { return binding }
        throw ResourceError(
            .notBound,
            key: label,
            scope: asker.name,
            "nothing is bound under \(label), asked for in scope \(asker.path): container.bind(\(label).self, …) before asking"
        )
    }

    /// The instance that `binding` has for `asker`, made if needed.
    nonisolated(nonsending) func resolve(
        _ binding: Binding,
        in asker: Scope,
        for requester: ResourceID?
    ) async throws -> AnyInstance {
        let request = Registry.Request(asker: asker, requester: requester, isSynchronous: false)
        let now = self.now
        let resolution = try self.lockedThrowing { registry throws(ResourceError) in try registry.request(binding, request, at: now) }
        switch resolution {
        case .ready(let instance):
            return try self.hand(instance, of: binding, to: asker)
        case .make(let record, let owner):
            self.make(record, in: owner)
            return try await self.outcome(of: record, binding, request)
        case .join(let record):
            return try await self.outcome(of: record, binding, request)
        }
    }

    private nonisolated(nonsending) func outcome(
        of record: Registry.ResourceRecord,
        _ binding: Binding,
        _ request: Registry.Request
    ) async throws -> AnyInstance {
        let outcome = await record.initialised.wait()
        return try self.finish(outcome, of: record, binding, request)
    }

    /// The instance that `binding` has for `asker`, made if that takes no suspension.
    func resolveSynchronously(_ binding: Binding, in asker: Scope, for requester: ResourceID?) throws -> AnyInstance {
        let request = Registry.Request(asker: asker, requester: requester, isSynchronous: true)
        let now = self.now
        let resolution = try self.lockedThrowing { registry throws(ResourceError) in try registry.request(binding, request, at: now) }
        switch resolution {
        case .ready(let instance):
            return try self.hand(instance, of: binding, to: asker)
        case .make(let record, let owner):
            self.make(record, in: owner)
            return try self.finish(record.initialised.waitBlocking(), of: record, binding, request)
        case .join(let record):
            guard record.isMadeSynchronously else {
                let now = self.now
                self.locked { $0.endWait(from: requester, to: record.id, succeeded: false, at: now) }
                throw ResourceError(
                    .initialisingElsewhere,
                    key: binding.label,
                    scope: asker.name,
                    "\(binding.label) is being made asynchronously by somebody else, which synchronous code cannot wait for: "
                        + "ask again later, or get it asynchronously"
                )
            }
            return try self.finish(record.initialised.waitBlocking(), of: record, binding, request)
        }
    }

    private func finish(
        _ outcome: Result<AnyInstance, ResourceError>?,
        of record: Registry.ResourceRecord,
        _ binding: Binding,
        _ request: Registry.Request
    ) throws -> AnyInstance {
        let instance = try? outcome?.get()
        if request.requester != nil {
            let now = self.now
            self.locked { $0.endWait(from: request.requester, to: record.id, succeeded: instance != nil, at: now) }
        }
        guard let outcome else { throw CancellationError() }
        return try self.hand(outcome.get(), of: binding, to: request.asker)
    }

    /// Gives an instance to whom it belongs, unless the asker closed meanwhile.
    private func hand(_ instance: AnyInstance, of binding: Binding, to asker: Scope) throws(ResourceError) -> AnyInstance {
        let isOpen = binding.lifetime == .transient ? asker.isOpen : asker.remember(instance, under: binding.key)
        guard isOpen else { throw .closed(asker, key: binding.label, refused: "a request for \(binding.label)") }
        instance.uses.wrappingAdd(1, ordering: .relaxed)
        return instance
    }

    // MARK: Making

    /// How many initialisations may run inside each other on one stack.
    private static let inlineDepth = 48

    /// Makes and initialises an instance outside of anybody's cancellation, and tells everybody who waits for it.
    private func make(_ record: Registry.ResourceRecord, in owner: Scope) {
        let context = ScopeContext(scope: owner, activity: .making(record.id))
        let work: @Sendable @concurrent () async -> Void = {
            await ScopeContext.$current.withValue(context) { await self.initialise(record, in: owner) }
        }
        if record.isMadeSynchronously || context.depth < Self.inlineDepth {
            self.environment.start(work)
        } else {
            self.environment.startLater(work)
        }
        if record.initialised.value == nil, !record.isMadeSynchronously {
            self.watch(record.initialised, until: record.createdAt + record.binding.options.initializeTimeout) {
                let error = ResourceError(
                    .initialisationTimedOut,
                    key: record.binding.label,
                    scope: owner.name,
                    "\(record.binding.label)\(record.id) was not ready within its initializeTimeout of \(record.binding.options.initializeTimeout) "
                        + "in scope \(owner.path) and was abandoned: make it quicker, or allow it more in its binding's options"
                )
                let now = self.now
                self.locked { $0.initialisationTimedOut(record.id, at: now) }?.fulfil(.failure(error))
            }
        }
    }

    private func initialise(_ record: Registry.ResourceRecord, in owner: Scope) async {
        do {
            let instance = try await self.makeInstance(record, in: owner)
            let now = self.now
            switch self.locked({ $0.initialised(record.id, instance, at: now) }) {
            case .ready(let promise): promise.fulfil(.success(instance))
            case .late(let parts):
                await self.disposeUnseen(instance, of: record, in: owner)
                for part in parts { _ = await self.dispose(part) }
            }
        } catch {
            // What was made only for it goes with it.
            for part in self.locked({ $0.parts(of: record.id) }) { _ = await self.dispose(part) }
            let failure = Self.failure(error, of: record, in: owner)
            let now = self.now
            self.locked { $0.initialisationFailed(record.id, failure, at: now) }?.fulfil(.failure(failure))
        }
    }

    private func makeInstance(_ record: Registry.ResourceRecord, in owner: Scope) async throws -> AnyInstance {
        let resolver = Resolver(engine: self, owner: owner, requester: record.id)
        let instance =
            switch record.binding.maker {
            case .either(_, let synchronous) where record.isMadeSynchronously || owner.isSynchronous: try synchronous(resolver, record.id)
            case .either(let asynchronous, _), .asynchronous(let asynchronous): try await asynchronous(resolver, record.id)
            case .foreign(let instance): instance
            }
        instance.contextual?.attach(self.context(of: record.id, binding: record.binding.id, in: owner))
        switch instance.steps {
        case .none:
            break
        case .synchronous(let initialize, _):
            try initialize()
        case .asynchronous(let initialize, _):
            if record.isMadeSynchronously || owner.isSynchronous {
                throw ResourceError(
                    .asynchronousOnly,
                    key: record.binding.label,
                    scope: owner.name,
                    "\(record.binding.label) (bound at \(record.binding.place)) is disposed asynchronously, which scope \(owner.name) cannot wait for: "
                        + "get it in an asynchronous scope"
                )
            }
            try await initialize()
        }
        return instance
    }

    private static func failure(_ error: any Error, of record: Registry.ResourceRecord, in owner: Scope) -> ResourceError {
        if let error = error as? ResourceError, error.key == record.binding.label { return error }
        if let error = error as? ResourceError, error.code == .dependencyCycle || error.code == .captiveDependency { return error }
        return ResourceError(
            .initialisationFailed,
            key: record.binding.label,
            scope: owner.name,
            underlying: error,
            "making \(record.binding.label)\(record.id) (bound at \(record.binding.place)) in scope \(owner.path) failed: \(error)"
        )
    }

    /// An instance that arrives after it was given up: nobody will see it, so it is released on the spot.
    private func disposeUnseen(_ instance: AnyInstance, of record: Registry.ResourceRecord, in owner: Scope) async {
        do {
            switch instance.steps {
            case .none: break
            case .synchronous(_, let dispose): try dispose()
            case .asynchronous(_, let dispose): try await dispose()
            }
        } catch {
            self.context(of: record.id, binding: record.binding.id, in: owner).report(error)
        }
    }
}

extension ResourceKey {
    var label: String {
        let type = typeLabel(Value.self)
        return self.name.map { "\(type)(\($0))" } ?? type
    }
}
