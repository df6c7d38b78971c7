extension Engine {
    /// The value of an instance that was found under a key of the type `Value`.
    @inlinable
    static func value<Value: Sendable>(of instance: AnyInstance, as type: Value.Type) -> Value {
        // Right because an instance is only ever found under the key of its binding, which carries the type it was made with.
        unsafeDowncast(instance, to: Instance<Value>.self).value
    }

    /// What is asked for, where, and by whom.
    struct Query: Sendable {
        let key: KeyID
        let asker: Scope
        /// The instance in whose initialisation the question comes up.
        let requester: ResourceHandle?
        /// The bindings that led here over aliases and fallbacks.
        var trail: [BindingID] = []

        func following(_ stand: Stand, from binding: Binding) -> Query {
            Query(key: stand.key, asker: self.asker, requester: self.requester, trail: self.trail + [binding.id])
        }
    }

    func isBound(_ key: KeyID, in scope: Scope) -> Bool {
        self.locked { $0.binding(key, in: scope) != nil }
    }

    nonisolated(nonsending) func resolve<Value: Sendable>(
        _ key: ResourceKey<Value>,
        in asker: Scope,
        for requester: ResourceHandle?
    ) async throws -> Value {
        let instance = try await self.instance(Query(key: key.id, asker: asker, requester: requester), label: key.label)
        return Self.value(of: instance, as: Value.self)
    }

    func resolveSynchronously<Value: Sendable>(
        _ key: ResourceKey<Value>,
        in asker: Scope,
        for requester: ResourceHandle?
    ) throws -> Value {
        let instance = try self.instanceSynchronously(Query(key: key.id, asker: asker, requester: requester), label: key.label)
        return Self.value(of: instance, as: Value.self)
    }

    /// The instance for `query`, made if needed.
    nonisolated(nonsending) func instance(_ query: Query, label: @autoclosure () -> String) async throws -> AnyInstance {
        let request = Registry.Request(asker: query.asker, requester: query.requester, isSynchronous: false)
        let now = self.now
        let resolution = try self.lockedThrowing { registry throws(ResourceError) in try registry.request(query.key, request, at: now) }
        self.environment.schedulePoint()
        let (making, outcome): (Registry.Making, Result<AnyInstance, ResourceError>?)
        switch resolution {
        case .ready(let instance, let binding):
            return try self.hand(instance, of: binding, to: query.asker)
        case .adopted(let adopted):
            (making, outcome) = (adopted.making, await self.initialise(adopted))
        case .make(let begun):
            (making, outcome) = (begun, await self.make(begun))
        case .join(let joined):
            (making, outcome) = (joined, await joined.initialised?.wait())
        case .alias(let stand, let binding):
            try Self.check(query, binding)
            let instance = try await self.instance(query.following(stand, from: binding), label: stand.label)
            return try self.hand(instance, standingFor: binding, stand, to: query.asker)
        case .missing:
            throw Self.notBound(label(), in: query.asker)
        case .heldBack(let error, let binding):
            return try await self.standIn(after: error, of: binding, query)
        }
        self.environment.schedulePoint()
        self.endWait(query, making, outcome)
        switch outcome {
        case .success(let instance):
            return try self.hand(instance, of: making.binding, to: query.asker)
        case .failure(let error):
            return try await self.standIn(after: error, of: making.binding, query)
        case nil:
            throw CancellationError()
        }
    }

    /// What is given instead of an instance of `binding`, whose making failed with `error`; that error if there is nothing.
    private nonisolated(nonsending) func standIn(
        after error: ResourceError,
        of binding: Binding,
        _ query: Query
    ) async throws -> AnyInstance {
        guard let stand = self.fallback(after: error, of: binding, query) else { throw error }
        do {
            let instance = try await self.instance(query.following(stand, from: binding), label: stand.label)
            return try self.fallBack(to: instance, stand, error, binding, query.asker)
        } catch let second as ResourceError { throw Self.failure(error, and: second, binding, stand) }
    }

    /// The instance for `query`, made if that takes no suspension.
    func instanceSynchronously(_ query: Query, label: @autoclosure () -> String) throws -> AnyInstance {
        let request = Registry.Request(asker: query.asker, requester: query.requester, isSynchronous: true)
        let now = self.now
        let resolution = try self.lockedThrowing { registry throws(ResourceError) in try registry.request(query.key, request, at: now) }
        self.environment.schedulePoint()
        let (making, outcome): (Registry.Making, Result<AnyInstance, ResourceError>)
        switch resolution {
        case .ready(let instance, let binding):
            return try self.hand(instance, of: binding, to: query.asker)
        case .adopted(let adopted):
            (making, outcome) = (adopted.making, self.initialiseSynchronously(adopted))
        case .make(let begun):
            (making, outcome) = (begun, self.makeSynchronously(begun))
        case .join(let joined):
            guard joined.isMadeSynchronously, let initialised = joined.initialised else {
                self.endWait(query, joined, nil)
                throw Self.initialisingElsewhere(joined.binding, query.asker)
            }
            (making, outcome) = (joined, initialised.waitBlocking())
        case .alias(let stand, let binding):
            try Self.check(query, binding)
            let instance = try self.instanceSynchronously(query.following(stand, from: binding), label: stand.label)
            return try self.hand(instance, standingFor: binding, stand, to: query.asker)
        case .missing:
            throw Self.notBound(label(), in: query.asker)
        case .heldBack(let error, let binding):
            return try self.standInSynchronously(after: error, of: binding, query)
        }
        self.endWait(query, making, outcome)
        switch outcome {
        case .success(let instance):
            return try self.hand(instance, of: making.binding, to: query.asker)
        case .failure(let error):
            return try self.standInSynchronously(after: error, of: making.binding, query)
        }
    }

    /// ``standIn(after:of:_:)`` where nothing may suspend.
    private func standInSynchronously(after error: ResourceError, of binding: Binding, _ query: Query) throws -> AnyInstance {
        guard let stand = self.fallback(after: error, of: binding, query) else { throw error }
        do {
            let instance = try self.instanceSynchronously(query.following(stand, from: binding), label: stand.label)
            return try self.fallBack(to: instance, stand, error, binding, query.asker)
        } catch let second as ResourceError { throw Self.failure(error, and: second, binding, stand) }
    }

    private func endWait(_ query: Query, _ making: Registry.Making, _ outcome: Result<AnyInstance, ResourceError>?) {
        guard let requester = query.requester else { return }
        let succeeded = if case .success = outcome { true } else { false }
        let now = self.now
        self.locked { $0.endWait(from: requester, to: making.handle, succeeded: succeeded, at: now) }
    }

    // MARK: Handing out

    /// Gives an instance to whom it belongs, unless the asker closed meanwhile.
    private func hand(_ instance: AnyInstance, of binding: Binding, to asker: Scope) throws(ResourceError) -> AnyInstance {
        self.environment.schedulePoint()
        let isOpen = binding.lifetime == .transient ? asker.isOpen : asker.remember(instance, under: binding.key)
        guard isOpen else { throw .closed(asker, key: binding.label, refused: "a request for \(binding.label)") }
        instance.uses.wrappingAdd(1, ordering: .relaxed)
        return instance
    }

    /// Gives another key's instance out as one of `binding`. The use was counted under the other key.
    private func hand(
        _ instance: AnyInstance,
        standingFor binding: Binding,
        _ stand: Stand,
        to asker: Scope
    ) throws(ResourceError) -> AnyInstance {
        let converted = self.converted(instance, as: binding, stand)
        guard !self.locked({ $0.isTransient(instance.handle) }) else { return converted }
        guard asker.remember(converted, under: binding.key) else {
            throw .closed(asker, key: binding.label, refused: "a request for \(binding.label)")
        }
        return converted
    }

    private func converted(_ instance: AnyInstance, as binding: Binding, _ stand: Stand) -> AnyInstance {
        if let known = self.locked({ $0.alias(instance, as: binding, nil) }) { return known }
        let converted = stand.convert(instance)
        self.environment.schedulePoint()
        return self.locked { $0.alias(instance, as: binding, converted) } ?? converted
    }

    // MARK: Falling back

    /// What stands in for a binding whose making failed with `error`; nil if nothing does, or the failure is not one of making.
    private func fallback(after error: ResourceError, of binding: Binding, _ query: Query) -> Stand? {
        guard error.code == .initialisationFailed || error.code == .initialisationTimedOut else { return nil }
        guard !query.trail.contains(binding.id) else { return nil }
        return binding.fallback
    }

    private func fallBack(
        to instance: AnyInstance,
        _ stand: Stand,
        _ error: ResourceError,
        _ binding: Binding,
        _ asker: Scope
    ) throws(ResourceError) -> AnyInstance {
        let now = self.now
        self.locked { $0.fellBack(to: instance.handle, insteadOf: binding, because: error.reason, at: now) }
        // The root lives as long as the container: it must not keep to the stand-in for ever.
        if asker.isRootOrStandsIn { return self.converted(instance, as: binding, stand) }
        return try self.hand(instance, standingFor: binding, stand, to: asker)
    }
}

extension Registry {
    /// Whether an instance is one that is made for each request.
    func isTransient(_ handle: ResourceHandle) -> Bool {
        self.holds(handle) && self.resources[handle.row].binding.lifetime == .transient
    }

    /// An instance stands in for one of `binding` that could not be made: it counts as degraded.
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
        self.standIns[handle.id] = StandIn(binding: binding.word, label: label, reason: reason)
        let result = HealthResult(status: .healthy, probe: "fallback", latency: .zero, time: now)
        self.recordHealth(result, of: handle, at: now)
    }

    /// An instance that stands in for one of another binding.
    struct StandIn: Sendable {
        let binding: UInt
        let label: String
        let reason: String

        /// A health check's answer as it counts: what works in another's place is degraded at best, also where there is nothing to ask.
        func shown(in result: HealthResult) -> HealthResult {
            guard result.status == .healthy || result.probe == HealthResult.noProbe else { return result }
            var result = result
            result.status = .degraded
            result.message = "stands in for \(self.label): \(self.reason)"
            return result
        }
    }

    /// An instance of a binding is ready: nobody stands in for that binding any more. Health is that of the next check.
    mutating func endStandingIn(for binding: UInt) {
        self.standIns = self.standIns.filter { $0.value.binding != binding }
    }
}

// MARK: - What can be wrong with a request

extension Engine {
    private static func notBound(_ label: String, in asker: Scope) -> ResourceError {
        ResourceError(
            .notBound,
            key: label,
            scope: asker.name,
            "nothing is bound under \(label), asked for in scope \(asker.path): container.bind(\(label).self, …) before asking"
        )
    }

    private static func initialisingElsewhere(_ binding: Binding, _ asker: Scope) -> ResourceError {
        ResourceError(
            .initialisingElsewhere,
            key: binding.label,
            scope: asker.name,
            "\(binding.label) is being made asynchronously by somebody else, which synchronous code cannot wait for: "
                + "ask again later, or get it asynchronously"
        )
    }

    /// Refuses an alias that leads back to itself.
    private static func check(_ query: Query, _ binding: Binding) throws(ResourceError) {
        guard query.trail.contains(binding.id) else { return }
        throw ResourceError(
            .dependencyCycle,
            key: binding.label,
            scope: query.asker.name,
            "\(binding.label) (bound at \(binding.place)) is an alias that leads back to itself: bind one of the keys to a way to make it"
        )
    }

    private static func failure(_ first: ResourceError, and second: ResourceError, _ binding: Binding, _ stand: Stand) -> ResourceError {
        ResourceError(
            first.code,
            key: binding.label,
            scope: first.scope,
            underlying: first.underlying,
            reason: first.reason,
            "\(first.description); and \(stand.label), which it falls back to, failed too: \(second.description)"
        )
    }
}
