extension Engine {
    /// The maximum number of nested initializations on one stack if deeper ones can continue on another stack.
    private static let inlineDepth = 48
    /// The maximum number of nested synchronous initializations, which cannot continue on another stack.
    private static let synchronousDepth = 100

    /// The result of creating an instance on the caller's stack.
    private enum InlineResult {
        case done(Result<AnyInstance, ResourceError>)
        /// The remaining steps need a separate task. Has the instance if it has been created, and the context in which it was.
        case unfinished(AnyInstance?, ScopeContext?)
        case failed(any Error)
    }

    /// A creation after its steps that did not suspend.
    enum Creation: Sendable {
        case ended(Result<AnyInstance, ResourceError>)
        /// The rest runs in a separate task, which fulfills the promise.
        case waiting(Registry.Initialized)
    }

    /// Creates and initializes an instance, and resumes the requests that wait for it. Returns nil if the caller is canceled first; the
    /// work continues.
    nonisolated(nonsending) func createInstance(_ making: Registry.Making) async -> Result<AnyInstance, ResourceError>? {
        switch self.beginCreating(making, isSynchronous: false) {
        case .ended(let result): result
        case .waiting(let promise): await promise.wait()
        }
    }

    /// Creates and initializes an instance without suspending.
    func createInstanceSynchronously(_ making: Registry.Making) -> Result<AnyInstance, ResourceError> {
        switch self.beginCreating(making, isSynchronous: true) {
        case .ended(let result): result
        case .waiting(let promise): promise.waitBlocking()
        }
    }

    /// Creates and initializes an instance as far as no step suspends.
    ///
    /// Steps that do not suspend run in the caller's task. The remaining steps run in a separate task, which cancellation of the caller
    /// does not reach.
    func beginCreating(_ making: Registry.Making, isSynchronous: Bool) -> Creation {
        var (instance, context): (AnyInstance?, ScopeContext?)
        // Cancellation of the caller's task must not reach the work, which other requests share.
        if isSynchronous || making.isAtHand, !Task.isCancelled {
            switch self.createInline(making, within: isSynchronous ? Self.synchronousDepth : Self.inlineDepth) {
            case .done(let result): return .ended(result)
            case .unfinished(let made, let begun): (instance, context) = (made, begun)
            case .failed(let error):
                let promise = self.promise(of: making)
                self.environment.launch { await self.failInitialization(making, error) }
                return .waiting(promise)
            }
        }
        let promise = self.startCreationTask(making, instance, in: context)
        if let result = promise.value { return .ended(result) }
        if isSynchronous { return .waiting(promise) }
        self.environment.schedulePoint()
        if let result = promise.value { return .ended(result) }
        self.watch(making, promise)
        return .waiting(promise)
    }

    /// The promise that is fulfilled when the initialization ends.
    func promise(of making: Registry.Making) -> Registry.Initialized {
        if let promise = making.initialized { return promise }
        if let promise = self.locked({ $0.holds(making.handle) ? $0.promise(of: making.handle.row) : nil }) { return promise }
        // The initialization was abandoned before any request waited.
        let promise = Registry.Initialized()
        promise.fulfill(.failure(.abandoned(making.owner)))
        return promise
    }

    /// Starts the task that runs the remaining steps, and returns the promise that the task fulfills.
    ///
    /// - Parameter context: The context in which earlier steps ran on the caller's stack; nil if none did.
    private func startCreationTask(
        _ making: Registry.Making,
        _ instance: AnyInstance?,
        in context: ScopeContext?
    ) -> Registry.Initialized {
        let promise = self.promise(of: making)
        let context = context ?? ScopeContext(scope: making.owner, activity: .making(making.handle))
        let isInline = making.isMadeSynchronously || (context.depth < Self.inlineDepth && !ThreadStack.isNearlyUsedUp)
        // The new task takes the context from here: pushing it inside would cost another asynchronous frame.
        ScopeContext.$current.withValue(context) {
            if isInline {
                self.environment.launch { await self.runCreationTask(making, instance) }
            } else {
                self.environment.startLater { await self.runCreationTask(making, instance) }
            }
        }
        return promise
    }

    /// Abandons the initialization after its timeout.
    private func watch(_ making: Registry.Making, _ promise: Registry.Initialized) {
        let deadline = self.environment.time.schedule(at: making.createdAt + making.binding.initializeTimeout) {
            let now = self.now
            let error = self.timedOut(making)
            self.locked { $0.initializationTimedOut(making.handle, error, at: now) }?.fulfill(.failure(error))
        }
        promise.whenFulfilled { deadline.cancel() }
    }

    private func timedOut(_ making: Registry.Making) -> ResourceError {
        let (binding, owner) = (making.binding, making.owner)
        return ResourceError(
            .initializationTimedOut,
            key: binding.label,
            scope: owner.name,
            "\(binding.label)\(making.handle.id) was not ready within its initializeTimeout of \(binding.initializeTimeout) "
                + "in scope \(owner.path) and was abandoned: make it faster, or raise initializeTimeout in its BindingOptions"
                + self.environment.idleRemark(since: making.createdAt)
        )
    }

    // MARK: On the caller's stack

    /// Creates and initializes an instance on the caller's stack until a step has to suspend.
    private func createInline(_ making: Registry.Making, within depth: Int) -> InlineResult {
        guard let synchronous = making.binding.synchronousMaker else { return .unfinished(nil, nil) }
        if making.binding.faults != nil, !making.isMadeSynchronously { return .unfinished(nil, nil) }
        let context = ScopeContext(scope: making.owner, activity: .making(making.handle))
        if context.depth >= depth || ThreadStack.isNearlyUsedUp {
            return making.isMadeSynchronously ? .failed(Self.tooDeep(making, context.depth)) : .unfinished(nil, context)
        }
        do {
            let instance = try ScopeContext.$current.withValue(context) {
                UserCode.begins()
                let instance = try synchronous(Resolver(engine: self, owner: making.owner, requester: making.handle))
                try self.attach(instance, making)
                if instance.kind == .synchronous { try instance.initializeSynchronously() }
                if making.isMadeSynchronously { try self.applyFaultSynchronously(making) }
                return instance
            }
            if instance.kind == .asynchronous { return .unfinished(instance, context) }
            return .done(self.completeInitialization(instance, making))
        } catch {
            // The error is caused by the caller's cancellation. The work is repeated in a separate task, which is not canceled.
            if error is CancellationError, Task.isCancelled { return .unfinished(nil, context) }
            return .failed(error)
        }
    }

    /// Attaches an instance to its container. Throws if the owning scope is synchronous and cannot dispose it.
    private func attach(_ instance: AnyInstance, _ making: Registry.Making) throws(ResourceError) {
        let (binding, owner) = (making.binding, making.owner)
        UserCode.begins()
        if let contextual = instance.contextual { contextual.attach(self.context(of: making.handle, binding: binding.id, in: owner)) }
        if instance.kind == .asynchronous, making.isMadeSynchronously || owner.isSynchronous {
            throw ResourceError(
                .asynchronousOnly,
                key: binding.label,
                scope: owner.name,
                "\(binding.label) (bound at \(binding.location)) is disposed asynchronously, and scope \(owner.name) cannot wait for its disposal: "
                    + "get it in an asynchronous scope"
            )
        }
    }

    private static func tooDeep(_ making: Registry.Making, _ depth: Int) -> ResourceError {
        let limit = depth >= Self.synchronousDepth ? "the limit is \(depth)" : ThreadStack.usedUp
        return ResourceError(
            .nestedTooDeeply,
            key: making.binding.label,
            scope: making.owner.name,
            "\(making.binding.label) is number \(depth) in a chain of dependencies that are created synchronously, and "
                + "\(limit): get the first of them asynchronously, or get some of them earlier"
        )
    }

    // MARK: In a separate task

    /// Runs the steps that did not run on the caller's stack. Creates an instance if `made` is nil, and initializes it.
    private func runCreationTask(_ making: Registry.Making, _ made: AnyInstance?) async {
        do {
            let instance: AnyInstance
            if let made { instance = made } else { instance = try await self.callMaker(making) }
            try await self.applyFault(making)
            if instance.kind == .asynchronous || (made == nil && instance.kind == .synchronous) { try await instance.initialize() }
            _ = self.completeInitialization(instance, making)
        } catch {
            await self.failInitialization(making, error)
        }
    }

    /// Calls the closure of the binding, and attaches the instance that it returns.
    private func callMaker(_ making: Registry.Making) async throws -> AnyInstance {
        let resolver = Resolver(engine: self, owner: making.owner, requester: making.handle)
        let instance: AnyInstance
        UserCode.begins()
        switch making.binding.maker {
        case .either(_, let synchronous) where making.isMadeSynchronously || making.owner.isSynchronous:
            instance = try synchronous(resolver)
        case .either(let asynchronous, _), .asynchronous(let asynchronous):
            instance = try await asynchronous(resolver)
        case .alias, .value, .parameterized:
            preconditionFailure("an alias and a value have no instances, and an argument gives a binding another maker")
        }
        try self.attach(instance, making)
        return instance
    }

    // MARK: Completion

    /// Completes the initialization of an instance. If it was abandoned, no caller receives the instance, so it and its parts are disposed.
    func completeInitialization(_ instance: AnyInstance, _ making: Registry.Making) -> Result<AnyInstance, ResourceError> {
        self.environment.schedulePoint()
        let now = self.now
        switch self.locked({ $0.initialized(making.handle, instance, at: now) }) {
        case .ready(let promise):
            promise?.fulfill(.success(instance))
            return .success(instance)
        case .late(let parts):
            self.disposeAbandoned(instance, parts, making)
            return .failure(.abandoned(making.owner))
        case .overdue(let promise, let parts):
            self.disposeAbandoned(instance, parts, making)
            let error = self.timedOut(making)
            promise.fulfill(.failure(error))
            return .failure(error)
        }
    }

    /// Disposes an instance that no caller receives, and the transients created for it.
    private func disposeAbandoned(_ instance: AnyInstance, _ parts: [ResourceHandle], _ making: Registry.Making) {
        self.environment.launch {
            do { try await instance.dispose() } catch {
                self.context(of: making.handle, binding: making.binding.id, in: making.owner).report(error)
            }
            for part in parts { await self.disposePart(part) }
        }
    }

    /// Completes a failed initialization and disposes the transients created for it.
    private func failInitialization(_ making: Registry.Making, _ error: any Error) async {
        for part in self.locked({ $0.parts(of: making.handle) }) { await self.disposePart(part) }
        self.environment.schedulePoint()
        let now = self.now
        let failure = Self.failure(error, of: making, after: now - making.createdAt)
        self.locked { $0.initializationFailed(making.handle, failure, at: now) }?.fulfill(.failure(failure))
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
            .initializationFailed,
            key: binding.label,
            scope: owner.name,
            underlying: error,
            reason: (error as? ResourceError)?.reason ?? text,
            "creating \(binding.label)\(making.handle.id) (bound at \(binding.location)) in scope \(owner.path) failed"
                + (took < budget ? "" : " after \(took), beyond its initializeTimeout of \(budget)") + ": \(text)"
        )
    }
}
