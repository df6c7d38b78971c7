extension Registry {
    /// The result of a request, which states what the engine does next.
    enum Resolution: Sendable {
        /// The instance is ready.
        case ready(AnyInstance, Binding)
        /// The instance was bound as an existing value, and this request must initialize it.
        case adopted(Adopted)
        /// No instance exists. The caller creates it.
        case create(Making)
        /// Another request is creating the instance. The caller waits for it.
        case join(Making)
        /// The key is an alias, or redirects to another key.
        case alias(Redirect, Binding)
        /// Nothing is bound under the key.
        case missing
        /// The singleton failed recently, and its next attempt is not due yet.
        case heldBack(ResourceError, Binding)
    }

    /// An instance that is initializing.
    struct Making: Sendable {
        let handle: ResourceHandle
        let binding: Binding
        let owner: Scope
        let createdAt: TimeSource.Instant
        let isMadeSynchronously: Bool
        /// Whether all dependencies are ready and the instance can be created without suspending.
        var isAtHand = false
        /// The promise of the initialization. Set for a request that joins, and if another request may have to wait.
        var initialized: Initialized?
    }

    /// The origin and kind of a request.
    struct Request: Sendable {
        let requestingScope: Scope
        /// The instance that depends on the result.
        let requester: ResourceHandle?
        /// The instance whose initialization waits for the result.
        let waiter: ResourceHandle?
        /// The argument of the request; nil if it has none.
        var argument: RequestArgument?
        let isSynchronous: Bool

        var withoutArgument: Request {
            var request = self
            request.argument = nil
            return request
        }
    }

    /// Resolves a request for `key`.
    mutating func request(_ key: KeyID, _ request: Request, at now: TimeSource.Instant) throws(ResourceError) -> Resolution {
        guard let binding = self.binding(key, in: request.requestingScope) else {
            if self.isOver { throw .closed(request.requestingScope, refused: "a request") }
            return .missing
        }
        return try self.request(binding, request, at: now)
    }

    /// Resolves a request for `binding`.
    ///
    /// A request made during an initialization is also a dependency and is recorded. It is rejected if a longer-lived instance would hold a
    /// shorter-lived one, or if it closes a cycle of initializations that wait for each other, whichever tasks they run in.
    mutating func request(_ binding: Binding, _ request: Request, at now: TimeSource.Instant) throws(ResourceError) -> Resolution {
        guard self.isOpen(request.requestingScope) else {
            throw .closed(request.requestingScope, key: binding.label, refused: "a request for \(binding.label)")
        }
        switch binding.maker {
        case .alias(let redirect): return .alias(redirect, binding)
        case .value: return try self.requestValue(binding, request, at: now)
        case .parameterized(let parameter):
            return try self.request(try self.applied(binding, parameter, request), request.withoutArgument, at: now)
        case .asynchronous, .either: break
        }
        if let argument = request.argument, !argument.isOptional { throw .unexpectedArgument(argument, binding, request.requestingScope) }
        if request.requester != nil { try self.checkCaptive(binding, request) }
        let owner = try self.owner(of: binding, for: request.requestingScope)

        if binding.lifetime != .transient, let row = self.scopes[owner.row].shared.find(binding.word) {
            let handle = ResourceHandle(row: row, id: self.resources[row].id)
            switch self.resources[row].state {
            case .ready:
                guard let instance = self.resources[row].instance else { preconditionFailure("a ready instance has a value") }
                self.addEdge(from: request.requester, to: handle, at: now)
                if let adoption = self.resources[row].adoption {
                    return .adopted(Adopted(instance: instance, making: self.making(handle, in: owner), adoption: adoption))
                }
                return .ready(instance, binding)
            case .initializing:
                try self.checkCycle(from: request.waiter, to: handle)
                self.addWait(from: request.waiter, to: handle)
                var making = self.making(handle, in: owner)
                making.initialized = self.promise(of: row)
                return .join(making)
            case .disposing, .disposed, .initFailed, .abandoned:
                throw .closed(owner, key: binding.label, refused: "a request for \(binding.label), which is being disposed")
            }
        }
        guard self.scopes[owner.row].state == .open else {
            throw .closed(owner, key: binding.label, refused: "a request for \(binding.label)")
        }
        if owner.isSynchronous || request.isSynchronous, case .asynchronous = binding.maker {
            throw ResourceError(
                .asynchronousOnly,
                key: binding.label,
                scope: owner.name,
                "\(binding.label) (bound at \(binding.location)) is created asynchronously, and scope \(owner.name) cannot wait for its creation: "
                    + "get it in an asynchronous scope, or before this one is opened"
            )
        }
        if let error = self.heldBack(binding, in: owner, at: now) { return .heldBack(error, binding) }
        let handle = self.begin(binding, in: owner, synchronously: request.isSynchronous, at: now)
        self.addWait(from: request.waiter, to: handle)
        var making = self.making(handle, in: owner)
        making.isAtHand = self.isAtHand(binding, in: owner)
        // Another task may have to wait or check for completion. Creating the promise here saves a separate lock.
        if !making.isAtHand || binding.declaration.isAsynchronous { making.initialized = self.promise(of: handle.row) }
        return .create(making)
    }

    func making(_ handle: ResourceHandle, in owner: Scope) -> Making {
        Making(
            handle: handle,
            binding: self.resources[handle.row].binding,
            owner: owner,
            createdAt: self.resources[handle.row].createdAt,
            isMadeSynchronously: self.resources[handle.row].isMadeSynchronously
        )
    }

    /// Whether an instance has the transient lifetime.
    func isTransient(_ handle: ResourceHandle) -> Bool {
        self.holds(handle) && self.resources[handle.row].binding.lifetime == .transient
    }

    /// The promise that is fulfilled when the initialization in `row` ends.
    mutating func promise(of row: Int) -> Initialized {
        if let promise = self.resources[row].initialized { return promise }
        let promise = Initialized()
        self.resources[row].initialized = promise
        return promise
    }

    /// Whether an instance can be created immediately because all of its declared dependencies are ready.
    private func isAtHand(_ binding: Binding, in owner: Scope) -> Bool {
        guard case .either = binding.maker else { return false }
        for dependency in binding.declaration.dependencies ?? [] {
            if dependency.link == .provider { continue }
            guard dependency.link == .direct else { return false }
            guard let needed = self.binding(dependency.key, in: owner), needed.lifetime != .transient else { return false }
            if case .value = needed.maker {
                guard self.value(of: needed, for: owner) != nil else { return false }
                continue
            }
            guard let itsOwner = try? self.owner(of: needed, for: owner) else { return false }
            guard let row = self.scopes[itsOwner.row].shared.find(needed.word), self.resources[row].state == .ready else { return false }
        }
        return true
    }

    /// Ends the wait of `waiter` for `handle`, and records the dependency of `requester` if the request succeeded.
    mutating func endWait(
        of waiter: ResourceHandle,
        for requester: ResourceHandle?,
        to handle: ResourceHandle,
        succeeded: Bool,
        at now: TimeSource.Instant
    ) {
        if self.holds(waiter), let index = self.resources[waiter.row].waitsFor.firstIndex(of: handle) {
            self.resources[waiter.row].waitsFor.remove(at: index)
        }
        if succeeded { self.addEdge(from: requester, to: handle, at: now) }
    }

    /// Rejects a request in which a singleton, or an instance created for one, would hold an instance with a shorter lifetime.
    private func checkCaptive(_ binding: Binding, _ request: Request) throws(ResourceError) {
        guard let requester = request.requester, self.holds(requester) else { return }
        let holder = self.resources[requester.row].binding
        let scope = self.scopes[self.resources[requester.row].scope].scope
        let isCaptive =
            switch binding.lifetime {
            case .singleton, .transient: false
            case .scoped: scope.isRootOrOverlay
            case .tagged(let tag): !scope.isWithin(tag: tag)
            }
        guard isCaptive else { return }
        throw ResourceError(
            .captiveDependency,
            key: binding.label,
            scope: request.requestingScope.name,
            "\(holder.label) (\(holder.lifetime.label)) would hold \(binding.label) (\(binding.lifetimeLabel)) beyond its scope: "
                + "\(holder.label) → \(binding.label); shorten \(holder.label)'s lifetime or lengthen \(binding.label)'s"
        )
    }

    /// Rejects a request that would close a cycle of initializations that wait for each other. O(length of the chain of waits).
    private func checkCycle(from waiter: ResourceHandle?, to target: ResourceHandle) throws(ResourceError) {
        guard let waiter, self.holds(waiter) else { return }
        guard let trail = self.findWait(from: target, to: waiter) else { return }
        let path = (trail + [target]).filter { self.holds($0) }.map { self.resources[$0.row].binding.label }.joined(separator: " → ")
        let label = self.resources[target.row].binding.label
        throw ResourceError(
            .dependencyCycle,
            key: label,
            scope: self.scopes[self.resources[waiter.row].scope].scope.name,
            "\(label) depends on itself: \(path); break the cycle, for example by a Provider of one of them"
        )
    }

    /// The path from `start` to `goal` along initializations that wait for each other, or nil. O(waits).
    private func findWait(from start: ResourceHandle, to goal: ResourceHandle) -> [ResourceHandle]? {
        var cameFrom: [ResourceHandle: ResourceHandle] = [:]
        var visited: Set = [start]
        var open = [start]
        while let next = open.popLast() {
            if next == goal {
                var way = [goal]
                while let before = way.last.flatMap({ cameFrom[$0] }) { way.append(before) }
                return way.reversed()
            }
            guard self.holds(next) else { continue }
            for waited in self.resources[next.row].waitsFor where visited.insert(waited).inserted {
                cameFrom[waited] = next
                open.append(waited)
            }
        }
        return nil
    }

    private mutating func addWait(from waiter: ResourceHandle?, to handle: ResourceHandle) {
        if let waiter, self.holds(waiter) { self.resources[waiter.row].waitsFor.append(handle) }
    }

    /// Records that `requester` resolved `handle` while it was created, or later through its resolver.
    private mutating func addEdge(
        from requester: ResourceHandle?,
        to handle: ResourceHandle,
        isDirect: Bool = true,
        at now: TimeSource.Instant
    ) {
        // A provider in an instance can lead to the instance itself.
        guard let requester, requester != handle, self.holds(handle) else { return }
        guard self.resources[handle.row].isOwned else {
            // The container does not own it, so it has no books and no disposal. Its own dependencies must still outlive the requester.
            for dependency in self.resources[handle.row].dependencies {
                self.addEdge(from: requester, to: dependency, isDirect: false, at: now)
            }
            self.passValueNeeds(of: handle, to: requester)
            return
        }
        guard self.holds(requester) else {
            self.abandoned[requester.id]?.dependencies.append(handle)
            return
        }
        guard !self.resources[requester.row].dependencies.contains(handle) else { return }
        self.resources[requester.row].dependencies.append(handle)
        self.dependencyCount += 1
        let binding = self.resources[requester.row].binding
        // Limited to the container's own bindings, because the graph shows no others. This bounds the table by the pairs of keys.
        if isDirect, binding.declaration.dependencies == nil, self.isOwn(binding) {
            self.observedEdges.insert(ObservedEdge(from: binding.id, to: self.resources[handle.row].binding.id))
        }
        if self.resources[requester.row].state != .initializing {
            let scope = self.resources[requester.row].scope
            if scope == self.resources[handle.row].scope { self.scopes[scope].hasLateEdges = true }
            self.log.append(
                .boxed(.dependencyAdded(handle.id)),
                scope: self.scopes[scope].id,
                resource: requester.id,
                binding: binding.id,
                at: now
            )
        }
    }
}
