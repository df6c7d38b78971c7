extension Engine {
    /// The value of an instance that was resolved under a key of the type `Value`.
    @inlinable
    static func value<Value: Sendable>(of instance: AnyInstance, as type: Value.Type) -> Value {
        // Safe because an instance is stored only under the key of its binding, which has the type it was created with.
        unsafeDowncast(instance, to: Instance<Value>.self).value
    }

    /// A request: the key, the requesting scope and the requesting instance.
    struct Query: Sendable {
        var key: KeyID
        let requestingScope: Scope
        /// The instance that depends on the result.
        let requester: ResourceHandle?
        /// The instance whose initialization waits for the result. It is another one if a provider of `requester`, which is ready, makes the
        /// request during that initialization.
        let waiter: ResourceHandle?
        /// The argument of the request; nil if it has none.
        var argument: RequestArgument?
        /// The bindings whose alias or fallback led to this request.
        var trail: [BindingID] = []

        init(
            key: KeyID,
            requestingScope: Scope,
            requester: ResourceHandle?,
            waiter: ResourceHandle? = nil,
            argument: RequestArgument? = nil
        ) {
            self.key = key
            self.requestingScope = requestingScope
            self.requester = requester
            self.waiter = waiter ?? requester
            self.argument = argument
        }

        /// The request for the target of an alias, or for a fallback, which may ignore the argument.
        func following(_ redirect: Redirect, from binding: Binding, isFallback: Bool = false) -> Query {
            var query = self
            query.key = redirect.key
            if isFallback { query.argument = self.argument?.forFallback }
            query.trail.append(binding.id)
            return query
        }

        func request(isSynchronous: Bool) -> Registry.Request {
            Registry.Request(
                requestingScope: self.requestingScope,
                requester: self.requester,
                waiter: self.waiter,
                argument: self.argument,
                isSynchronous: isSynchronous
            )
        }
    }

    func isBound(_ key: KeyID, in scope: Scope) -> Bool {
        self.locked { $0.binding(key, in: scope) != nil }
    }

    nonisolated(nonsending) func resolve<Value: Sendable>(
        _ key: ResourceKey<Value>,
        in requestingScope: Scope,
        for requester: ResourceHandle?,
        waiting waiter: ResourceHandle? = nil,
        argument: RequestArgument? = nil
    ) async throws -> Value {
        let query = Query(
            key: key.id,
            requestingScope: requestingScope,
            requester: requester,
            waiter: waiter,
            argument: argument
        )
        let instance: AnyInstance
        switch try self.begin(query, isSynchronous: false, text: key.text) {
        case .delivered(let delivered): instance = delivered
        case .pending(let pending): instance = try await self.finish(query, pending)
        }
        return Self.value(of: instance, as: Value.self)
    }

    func resolveSynchronously<Value: Sendable>(
        _ key: ResourceKey<Value>,
        in requestingScope: Scope,
        for requester: ResourceHandle?,
        waiting waiter: ResourceHandle? = nil,
        argument: RequestArgument? = nil
    ) throws -> Value {
        let query = Query(
            key: key.id,
            requestingScope: requestingScope,
            requester: requester,
            waiter: waiter,
            argument: argument
        )
        let instance = try self.instanceSynchronously(query, text: key.text)
        return Self.value(of: instance, as: Value.self)
    }

    /// The instance for `query`, created if none exists.
    nonisolated(nonsending) func instance(_ query: Query, text: @autoclosure () -> KeyText) async throws -> AnyInstance {
        switch try self.begin(query, isSynchronous: false, text: text()) {
        case .delivered(let instance): instance
        case .pending(let pending): try await self.finish(query, pending)
        }
    }

    /// The instance for `query`, created if none exists and creation does not suspend.
    func instanceSynchronously(_ query: Query, text: @autoclosure () -> KeyText) throws -> AnyInstance {
        switch try self.begin(query, isSynchronous: true, text: text()) {
        case .delivered(let instance): instance
        case .pending(let pending): try self.finishSynchronously(query, pending)
        }
    }

    // MARK: The first part of a request

    /// The result of the part of a request that does not suspend.
    private enum Begun {
        /// The instance is ready, and the requesting scope has it.
        case delivered(AnyInstance)
        /// The rest of the request is up to the driver, asynchronous or synchronous. Stored apart, because a request that is served at once
        /// would reserve memory for it.
        indirect case pending(Pending)
    }

    /// The rest of a request, for its driver.
    private enum Pending: Sendable {
        /// The creation of an instance, here or by another request. Its promise is nil if a request that joins found none.
        case waiting(Registry.Making, Registry.Initialized?)
        /// The initialization failed.
        case failed(Registry.Making, ResourceError)
        /// The initialization of an instance that was bound as an existing value.
        case adopted(Registry.Adopted)
        /// The creation of an instance, in a span.
        case traced(Registry.Making, any OperationSpan)
        /// Another request creates the instance, and this one cannot suspend.
        case joined(Registry.Making)
        /// The request for the target of an alias.
        case alias(Redirect, Binding)
        /// The binding is held back after a failure, and its fallback is due.
        case heldBack(ResourceError, Binding)
    }

    /// Performs a request as far as it does not suspend. Both drivers share it.
    ///
    /// It is a function without `async`, because a task allocates memory for every variable of an asynchronous function. It is not inlined,
    /// because its variables would become those of its caller.
    @inline(never)
    private func begin(_ query: Query, isSynchronous: Bool, text: @autoclosure () -> KeyText) throws -> Begun {
        let now = self.now
        let resolution = try self.lockedThrowing { registry throws(ResourceError) in
            try registry.request(query.key, query.request(isSynchronous: isSynchronous), at: now)
        }
        self.environment.schedulePoint()
        switch resolution {
        case .ready(let instance, let binding):
            return .delivered(try self.deliver(instance, of: binding, to: query.requestingScope))
        case .create(let making):
            if let span = self.beginSpan(of: making, for: query.requestingScope) { return .pending(.traced(making, span)) }
            switch self.beginCreating(making, isSynchronous: isSynchronous) {
            case .ended(.success(let instance)):
                self.environment.schedulePoint()
                self.endWait(query, making, succeeded: true)
                return .delivered(try self.deliver(instance, of: making.binding, to: query.requestingScope))
            case .ended(.failure(let error)): return .pending(.failed(making, error))
            case .waiting(let promise): return .pending(.waiting(making, promise))
            }
        case .join(let making):
            if isSynchronous, !making.isMadeSynchronously || making.initialized == nil { return .pending(.joined(making)) }
            return .pending(.waiting(making, making.initialized))
        case .adopted(let adopted): return .pending(.adopted(adopted))
        case .alias(let redirect, let binding):
            try Self.check(query, binding)
            return .pending(.alias(redirect, binding))
        case .missing: throw self.notBound(query.key, text(), in: query.requestingScope)
        case .heldBack(let error, let binding): return .pending(.heldBack(error, binding))
        }
    }

    // MARK: The drivers

    /// Performs the rest of a request.
    private nonisolated(nonsending) func finish(_ query: Query, _ pending: Pending) async throws -> AnyInstance {
        let (making, outcome): (Registry.Making, Result<AnyInstance, ResourceError>?)
        switch pending {
        case .waiting(let begun, let promise): (making, outcome) = (begun, await promise?.wait())
        case .failed(let begun, let error): (making, outcome) = (begun, .failure(error))
        case .adopted(let adopted): (making, outcome) = (adopted.making, await self.initialize(adopted))
        case .traced(let begun, let span): (making, outcome) = (begun, await self.createInstance(begun, span))
        case .joined(let joined): (making, outcome) = (joined, await joined.initialized?.wait())
        case .alias(let redirect, let binding):
            let instance = try await self.instance(query.following(redirect, from: binding), text: redirect.text)
            return try self.deliver(instance, as: binding, redirect, to: query.requestingScope)
        case .heldBack(let error, let binding): return try await self.resolveFallback(after: error, of: binding, query)
        }
        switch try self.settle(query, making, outcome) {
        case .success(let instance): return instance
        case .failure(let error): return try await self.resolveFallback(after: error, of: making.binding, query)
        case nil: throw CancellationError()
        }
    }

    /// Performs the rest of a request without suspending.
    private func finishSynchronously(_ query: Query, _ pending: Pending) throws -> AnyInstance {
        let (making, outcome): (Registry.Making, Result<AnyInstance, ResourceError>?)
        switch pending {
        case .waiting(let begun, let promise): (making, outcome) = (begun, promise?.waitBlocking())
        case .failed(let begun, let error): (making, outcome) = (begun, .failure(error))
        case .adopted(let adopted): (making, outcome) = (adopted.making, self.initializeSynchronously(adopted))
        case .traced(let begun, let span): (making, outcome) = (begun, self.createInstanceSynchronously(begun, span))
        case .joined(let joined):
            self.endWait(query, joined, succeeded: false)
            throw Self.initializingElsewhere(joined.binding, query.requestingScope)
        case .alias(let redirect, let binding):
            let instance = try self.instanceSynchronously(query.following(redirect, from: binding), text: redirect.text)
            return try self.deliver(instance, as: binding, redirect, to: query.requestingScope)
        case .heldBack(let error, let binding): return try self.resolveFallbackSynchronously(after: error, of: binding, query)
        }
        switch try self.settle(query, making, outcome) {
        case .success(let instance): return instance
        case .failure(let error): return try self.resolveFallbackSynchronously(after: error, of: making.binding, query)
        case nil: throw CancellationError()
        }
    }

    /// Ends the wait of a request, and delivers the instance. Returns a failure, for which there may be a fallback, and nil for a request
    /// that was canceled.
    @inline(never)
    private func settle(
        _ query: Query,
        _ making: Registry.Making,
        _ outcome: Result<AnyInstance, ResourceError>?
    ) throws(ResourceError) -> Result<AnyInstance, ResourceError>? {
        self.environment.schedulePoint()
        guard case .success(let instance) = outcome else {
            self.endWait(query, making, succeeded: false)
            return outcome
        }
        self.endWait(query, making, succeeded: true)
        return .success(try self.deliver(instance, of: making.binding, to: query.requestingScope))
    }

    /// Ends the wait of an initialization for the result, if there is one.
    private func endWait(_ query: Query, _ making: Registry.Making, succeeded: Bool) {
        // A request without a waiter has no requester either.
        guard let waiter = query.waiter else { return }
        let now = self.now
        self.locked { $0.endWait(of: waiter, for: query.requester, to: making.handle, succeeded: succeeded, at: now) }
    }

    // MARK: Returning instances

    /// Returns the instance unless the requesting scope has closed.
    private func deliver(_ instance: AnyInstance, of binding: Binding, to requestingScope: Scope) throws(ResourceError) -> AnyInstance {
        self.environment.schedulePoint()
        let isOpen = binding.lifetime == .transient ? requestingScope.isOpen : requestingScope.remember(instance, under: binding.key)
        guard isOpen else { throw .closed(requestingScope, key: binding.label, refused: "a request for \(binding.label)") }
        instance.uses.wrappingAdd(1, ordering: .relaxed)
        return instance
    }

    /// Returns another key's instance as an instance of `binding`. Its use is counted under the other key.
    func deliver(
        _ instance: AnyInstance,
        as binding: Binding,
        _ redirect: Redirect,
        to requestingScope: Scope
    ) throws(ResourceError) -> AnyInstance {
        let converted = try self.converted(instance, as: binding, redirect)
        guard !self.locked({ $0.isTransient(instance.handle) }) else { return converted }
        guard requestingScope.remember(converted, under: binding.key) else {
            throw .closed(requestingScope, key: binding.label, refused: "a request for \(binding.label)")
        }
        return converted
    }

    /// The instance of another key, converted to the type of `binding`. Each instance is converted once.
    func converted(_ instance: AnyInstance, as binding: Binding, _ redirect: Redirect) throws(ResourceError) -> AnyInstance {
        if let known = self.locked({ $0.alias(instance, as: binding, nil) }) { return known }
        guard let converted = redirect.convert(instance) else { throw .notConvertible(redirect, binding) }
        self.environment.schedulePoint()
        return self.locked { $0.alias(instance, as: binding, converted) } ?? converted
    }
}

// MARK: - Errors of requests

extension Engine {
    private func notBound(_ key: KeyID, _ text: KeyText, in requestingScope: Scope) -> ResourceError {
        let similar = self.locked { $0.namesBound(instead: key, in: requestingScope) }
        return ResourceError(
            .notBound,
            key: text.label,
            scope: requestingScope.name,
            "nothing is bound under \(text.label), requested in scope \(requestingScope.path): \(similar ?? "")"
                + "add container.bind(\(text.code)) { … } before the request"
        )
    }

    private static func initializingElsewhere(_ binding: Binding, _ requestingScope: Scope) -> ResourceError {
        ResourceError(
            .initializingElsewhere,
            key: binding.label,
            scope: requestingScope.name,
            "\(binding.label) is being initialized asynchronously by another task, and a synchronous request cannot wait for it: "
                + "retry later, or get it asynchronously"
        )
    }

    /// Throws if an alias leads back to itself.
    private static func check(_ query: Query, _ binding: Binding) throws(ResourceError) {
        guard query.trail.contains(binding.id) else { return }
        throw ResourceError(
            .dependencyCycle,
            key: binding.label,
            scope: query.requestingScope.name,
            "\(binding.label) (bound at \(binding.location)) is an alias that leads back to itself: bind one of the keys to an initializer"
        )
    }
}

extension ResourceError {
    fileprivate static func notConvertible(_ redirect: Redirect, _ binding: Binding) -> ResourceError {
        ResourceError(
            .notConvertible,
            key: binding.label,
            "\(binding.label) (bound at \(binding.location)) leads to \(redirect.text.label), whose instance is not of the type "
                + "\(binding.declaration.text.typeLabel): pass a closure that converts it"
        )
    }
}
