extension Engine {
    /// How many initialisations may run inside each other on one stack, where deeper ones can begin on a stack of their own.
    private static let inlineDepth = 48
    /// How many synchronous ones may, which cannot.
    private static let synchronousDepth = 100

    /// How an attempt to make an instance on the caller's own stack ended.
    private enum Attempt {
        case done(Result<AnyInstance, ResourceError>)
        /// The rest needs a task of its own. The instance, if it is made already.
        case unfinished(AnyInstance?)
        case failed(any Error)
    }

    /// Makes and initialises an instance and tells everybody who waits for it. Nil if the caller is cancelled before; the work goes on.
    ///
    /// What needs no suspension is done in the caller's task. The rest runs in one of its own, which nobody's cancellation reaches.
    nonisolated(nonsending) func make(_ making: Registry.Making) async -> Result<AnyInstance, ResourceError>? {
        var instance: AnyInstance?
        // A task that is cancelled must not lend its cancellation to work that is shared.
        if making.isAtHand, !Task.isCancelled {
            switch self.attempt(making, within: Self.inlineDepth) {
            case .done(let result): return result
            case .unfinished(let made): instance = made
            case .failed(let error):
                let promise = self.promise(of: making)
                self.environment.start { await self.fail(making, error) }
                return await promise.wait()
            }
        }
        let promise = self.startMaking(making, instance)
        self.environment.schedulePoint()
        if promise.value == nil { self.watch(making, promise) }
        return await promise.wait()
    }

    /// The same for one that needs no suspension at all.
    func makeSynchronously(_ making: Registry.Making) -> Result<AnyInstance, ResourceError> {
        if !Task.isCancelled {
            switch self.attempt(making, within: Self.synchronousDepth) {
            case .done(let result): return result
            case .unfinished: break
            case .failed(let error):
                let promise = self.promise(of: making)
                self.environment.start { await self.fail(making, error) }
                return promise.waitBlocking()
            }
        }
        return self.startMaking(making, nil).waitBlocking()
    }

    private func promise(of making: Registry.Making) -> Registry.Initialised {
        if let promise = making.initialised { return promise }
        if let promise = self.locked({ $0.holds(making.handle) ? $0.promise(of: making.handle.row) : nil }) { return promise }
        // It was abandoned meanwhile, before anybody waited.
        let promise = Registry.Initialised()
        promise.fulfil(.failure(.abandoned(making.owner)))
        return promise
    }

    private func startMaking(_ making: Registry.Making, _ instance: AnyInstance?) -> Registry.Initialised {
        let promise = self.promise(of: making)
        let context = ScopeContext(scope: making.owner, activity: .making(making.handle))
        let isInline = making.isMadeSynchronously || (context.depth < Self.inlineDepth && !ThreadStack.isNearlyUsedUp)
        // The new task takes the context from here: pushing it inside would cost another asynchronous frame.
        ScopeContext.$current.withValue(context) {
            if isInline {
                self.environment.start { await self.finishMaking(making, instance) }
            } else {
                self.environment.startLater { await self.finishMaking(making, instance) }
            }
        }
        return promise
    }

    private func watch(_ making: Registry.Making, _ promise: Registry.Initialised) {
        let deadline = self.environment.time.schedule(at: making.createdAt + making.binding.initializeTimeout) {
            let now = self.now
            let error = Self.timedOut(making)
            self.locked { $0.initialisationTimedOut(making.handle, error, at: now) }?.fulfil(.failure(error))
        }
        promise.whenFulfilled { deadline.cancel() }
    }

    private static func timedOut(_ making: Registry.Making) -> ResourceError {
        let (binding, owner) = (making.binding, making.owner)
        return ResourceError(
            .initialisationTimedOut,
            key: binding.label,
            scope: owner.name,
            "\(binding.label)\(making.handle.id) was not ready within its initializeTimeout of \(binding.initializeTimeout) "
                + "in scope \(owner.path) and was abandoned: make it quicker, or allow it more in its binding's options"
        )
    }

    // MARK: On the caller's stack

    private func attempt(_ making: Registry.Making, within depth: Int) -> Attempt {
        guard case .either(_, let synchronous) = making.binding.maker else { return .unfinished(nil) }
        if making.binding.faults != nil, !making.isMadeSynchronously { return .unfinished(nil) }
        let context = ScopeContext(scope: making.owner, activity: .making(making.handle))
        if context.depth >= depth || ThreadStack.isNearlyUsedUp {
            return making.isMadeSynchronously ? .failed(Self.tooDeep(making, context.depth)) : .unfinished(nil)
        }
        do {
            let instance = try ScopeContext.$current.withValue(context) {
                UserCode.begins()
                let instance = try synchronous(Resolver(engine: self, owner: making.owner, requester: making.handle))
                try self.attach(instance, making)
                if instance.kind == .synchronous { try instance.initializeSynchronously() }
                if making.isMadeSynchronously { try self.sufferSynchronously(making) }
                return instance
            }
            if instance.kind == .asynchronous { return .unfinished(instance) }
            return .done(self.arrive(instance, making))
        } catch {
            // The caller's cancellation is its own: the work is done again where nothing of it is seen.
            if error is CancellationError, Task.isCancelled { return .unfinished(nil) }
            return .failed(error)
        }
    }

    /// Tells an instance who made it. Refuses one that a synchronous scope could not dispose.
    private func attach(_ instance: AnyInstance, _ making: Registry.Making) throws(ResourceError) {
        let (binding, owner) = (making.binding, making.owner)
        UserCode.begins()
        if let contextual = instance.contextual { contextual.attach(self.context(of: making.handle, binding: binding.id, in: owner)) }
        if instance.kind == .asynchronous, making.isMadeSynchronously || owner.isSynchronous {
            throw ResourceError(
                .asynchronousOnly,
                key: binding.label,
                scope: owner.name,
                "\(binding.label) (bound at \(binding.place)) is disposed asynchronously, which scope \(owner.name) cannot wait for: "
                    + "get it in an asynchronous scope"
            )
        }
    }

    private static func tooDeep(_ making: Registry.Making, _ depth: Int) -> ResourceError {
        let limit = depth >= Self.synchronousDepth ? "\(depth) are the limit" : ThreadStack.usedUp
        return ResourceError(
            .nestedTooDeeply,
            key: making.binding.label,
            scope: making.owner.name,
            "\(making.binding.label) is number \(depth) in a chain of dependencies that are made synchronously inside each other, and "
                + "\(limit): get the first of them asynchronously, or get some of them before"
        )
    }

    // MARK: In a task of its own

    private func finishMaking(_ making: Registry.Making, _ made: AnyInstance?) async {
        do {
            let instance: AnyInstance
            if let made { instance = made } else { instance = try await self.makeInstance(making) }
            try await self.suffer(making)
            if instance.kind == .asynchronous || (made == nil && instance.kind == .synchronous) { try await instance.initialize() }
            _ = self.arrive(instance, making)
        } catch {
            await self.fail(making, error)
        }
    }

    private func makeInstance(_ making: Registry.Making) async throws -> AnyInstance {
        let resolver = Resolver(engine: self, owner: making.owner, requester: making.handle)
        let instance: AnyInstance
        UserCode.begins()
        switch making.binding.maker {
        case .either(_, let synchronous) where making.isMadeSynchronously || making.owner.isSynchronous:
            instance = try synchronous(resolver)
        case .either(let asynchronous, _), .asynchronous(let asynchronous):
            instance = try await asynchronous(resolver)
        case .alias:
            preconditionFailure("an alias is never made")
        }
        try self.attach(instance, making)
        return instance
    }

    // MARK: The end of it

    /// An instance is ready. One that was given up meanwhile is released, since nobody will ever see it, and so are its parts.
    func arrive(_ instance: AnyInstance, _ making: Registry.Making) -> Result<AnyInstance, ResourceError> {
        self.environment.schedulePoint()
        let now = self.now
        switch self.locked({ $0.initialised(making.handle, instance, at: now) }) {
        case .ready(let promise):
            promise?.fulfil(.success(instance))
            return .success(instance)
        case .late(let parts):
            self.release(instance, parts, making)
            return .failure(.abandoned(making.owner))
        case .overdue(let promise, let parts):
            self.release(instance, parts, making)
            let error = Self.timedOut(making)
            promise.fulfil(.failure(error))
            return .failure(error)
        }
    }

    /// Disposes an instance that is handed to no caller, and the parts made only for it.
    private func release(_ instance: AnyInstance, _ parts: [ResourceHandle], _ making: Registry.Making) {
        self.environment.start {
            do { try await instance.dispose() } catch {
                self.context(of: making.handle, binding: making.binding.id, in: making.owner).report(error)
            }
            for part in parts { await self.disposePart(part) }
        }
    }

    /// Making an instance failed: what was made only for it goes with it.
    private func fail(_ making: Registry.Making, _ error: any Error) async {
        for part in self.locked({ $0.parts(of: making.handle) }) { await self.disposePart(part) }
        self.environment.schedulePoint()
        let now = self.now
        let failure = Self.failure(error, of: making, after: now - making.createdAt)
        self.locked { $0.initialisationFailed(making.handle, failure, at: now) }?.fulfil(.failure(failure))
    }

    static func failure(_ error: any Error, of making: Registry.Making, after took: Duration = .zero) -> ResourceError {
        let (binding, owner, budget) = (making.binding, making.owner, making.binding.initializeTimeout)
        if let error = error as? ResourceError {
            let isItsOwn = error.key == binding.label
            if isItsOwn || error.code == .dependencyCycle || error.code == .captiveDependency || error.code == .nestedTooDeeply {
                return error
            }
        }
        let text = UserCode.text(of: error)
        return ResourceError(
            .initialisationFailed,
            key: binding.label,
            scope: owner.name,
            underlying: error,
            reason: (error as? ResourceError)?.reason ?? text,
            "making \(binding.label)\(making.handle.id) (bound at \(binding.place)) in scope \(owner.path) failed"
                + (took < budget ? "" : " after \(took), when its initializeTimeout of \(budget) was used up") + ": \(text)"
        )
    }
}
