extension Registry {
    /// What a request comes to.
    enum Resolution: Sendable {
        /// The instance is there.
        case ready(AnyInstance, Binding)
        /// The instance is there, because it was bound as it is, and is to be initialised now that somebody asks for it.
        case adopted(Adopted)
        /// Nobody has begun it: the caller makes it.
        case make(Making)
        /// Somebody makes it: the caller waits for that.
        case join(Making)
        /// Another key's instance stands for this one's.
        case alias(Stand, Binding)
        /// Nothing is bound under the key.
        case missing
        /// Making it has failed too often lately to be tried again now.
        case heldBack(ResourceError, Binding)
    }

    /// An instance that is being made.
    struct Making: Sendable {
        let handle: ResourceHandle
        let binding: Binding
        let owner: Scope
        let createdAt: TimeSource.Instant
        let isMadeSynchronously: Bool
        /// Whether everything it is made with is ready, and its maker needs no suspension.
        var isAtHand = false
        /// There for one that joins, and where somebody will have to wait.
        var initialised: Initialised?
    }

    /// Who asks, and how.
    struct Request: Sendable {
        let asker: Scope
        /// The instance in whose initialisation the request was made.
        let requester: ResourceHandle?
        let isSynchronous: Bool
    }

    /// Answers a request for `key`.
    mutating func request(_ key: KeyID, _ request: Request, at now: TimeSource.Instant) throws(ResourceError) -> Resolution {
        guard let binding = self.binding(key, in: request.asker) else {
            if self.isOver { throw .closed(request.asker, refused: "a request") }
            return .missing
        }
        return try self.request(binding, request, at: now)
    }

    /// Answers a request for `binding`.
    ///
    /// A request out of an initialisation is also an edge: it is recorded, refused if it would let something long-lived hold
    /// something short-lived, and refused if it closes a circle of initialisations that wait for each other - whichever tasks they run in.
    mutating func request(_ binding: Binding, _ request: Request, at now: TimeSource.Instant) throws(ResourceError) -> Resolution {
        guard self.isOpen(request.asker) else {
            throw .closed(request.asker, key: binding.label, refused: "a request for \(binding.label)")
        }
        if case .alias(let stand) = binding.maker { return .alias(stand, binding) }
        if request.requester != nil { try self.checkCaptive(binding, request) }
        let owner = try self.owner(of: binding, for: request.asker)

        if binding.lifetime != .transient, let row = self.scopes[owner.row].shared.find(binding.word) {
            let handle = ResourceHandle(row: row, id: self.resources[row].id)
            switch self.resources[row].state {
            case .ready:
                guard let instance = self.resources[row].instance else { preconditionFailure("a ready instance is there") }
                self.addEdge(from: request.requester, to: handle, at: now)
                if let adoption = self.resources[row].adoption {
                    return .adopted(Adopted(instance: instance, making: self.making(handle, in: owner), adoption: adoption))
                }
                return .ready(instance, binding)
            case .initialising:
                try self.checkCycle(from: request.requester, to: handle)
                self.addWait(from: request.requester, to: handle)
                var making = self.making(handle, in: owner)
                making.initialised = self.promise(of: row)
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
                "\(binding.label) (bound at \(binding.place)) is made asynchronously, which scope \(owner.name) cannot wait for: "
                    + "get it in an asynchronous scope, or before this one is opened"
            )
        }
        if let error = self.heldBack(binding, in: owner, at: now) { return .heldBack(error, binding) }
        let handle = self.begin(binding, in: owner, synchronously: request.isSynchronous, at: now)
        self.addWait(from: request.requester, to: handle)
        var making = self.making(handle, in: owner)
        making.isAtHand = self.isAtHand(binding, in: owner)
        // Somebody will have to wait, or look whether it is done: here the promise costs no lock of its own.
        if !making.isAtHand || binding.declaration.isAsynchronous { making.initialised = self.promise(of: handle.row) }
        return .make(making)
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

    /// What to wait for until the initialisation in `row` has ended.
    mutating func promise(of row: Int) -> Initialised {
        if let promise = self.resources[row].initialised { return promise }
        let promise = Initialised()
        self.resources[row].initialised = promise
        return promise
    }

    /// Whether an instance can be made now and here without waiting for anything it is known to need.
    private func isAtHand(_ binding: Binding, in owner: Scope) -> Bool {
        guard case .either = binding.maker else { return false }
        for dependency in binding.declaration.dependencies ?? [] {
            guard let needed = self.binding(dependency.key, in: owner), needed.lifetime != .transient else { return false }
            guard let itsOwner = try? self.owner(of: needed, for: owner) else { return false }
            guard let row = self.scopes[itsOwner.row].shared.find(needed.word), self.resources[row].state == .ready else { return false }
        }
        return true
    }

    /// The request for `handle` out of the initialisation of `requester` has been answered.
    mutating func endWait(from requester: ResourceHandle?, to handle: ResourceHandle, succeeded: Bool, at now: TimeSource.Instant) {
        guard let requester else { return }
        if self.holds(requester), let index = self.resources[requester.row].waitsFor.firstIndex(of: handle) {
            self.resources[requester.row].waitsFor.remove(at: index)
        }
        if succeeded { self.addEdge(from: requester, to: handle, at: now) }
    }

    /// A singleton, and what is made for one, must not hold what lives shorter.
    private func checkCaptive(_ binding: Binding, _ request: Request) throws(ResourceError) {
        guard let requester = request.requester, self.holds(requester) else { return }
        let holder = self.resources[requester.row].binding
        let scope = self.scopes[self.resources[requester.row].scope].scope
        let isCaptive =
            switch binding.lifetime {
            case .singleton, .transient: false
            case .scoped: scope.isRootOrStandsIn
            case .tagged(let tag): !scope.isWithin(tag: tag)
            }
        guard isCaptive else { return }
        throw ResourceError(
            .captiveDependency,
            key: binding.label,
            scope: request.asker.name,
            "\(holder.label) (\(holder.lifetime.label)) would hold \(binding.label) (\(binding.lifetime.label)) beyond its scope: "
                + "\(holder.label) → \(binding.label); let \(holder.label) live as short, or \(binding.label) as long"
        )
    }

    /// Refuses a request that would make initialisations wait for each other in a circle. O(length of the chain of waits).
    private func checkCycle(from requester: ResourceHandle?, to target: ResourceHandle) throws(ResourceError) {
        guard let requester, self.holds(requester) else { return }
        guard let trail = self.findWait(from: target, to: requester) else { return }
        let path = ([requester] + trail).filter { self.holds($0) }.map { self.resources[$0.row].binding.label }.joined(separator: " → ")
        let label = self.resources[target.row].binding.label
        throw ResourceError(
            .dependencyCycle,
            key: label,
            scope: self.scopes[self.resources[requester.row].scope].scope.name,
            "\(label) needs itself to be made: \(path); break the circle, for instance by getting one of them later"
        )
    }

    /// The way from `start` to `goal` over initialisations that wait for each other; nil if there is none. O(waits).
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

    private mutating func addWait(from requester: ResourceHandle?, to handle: ResourceHandle) {
        if let requester, self.holds(requester) { self.resources[requester.row].waitsFor.append(handle) }
    }

    /// Records that `requester` was made with `handle`, or asked for it later through the resolver it was made with.
    private mutating func addEdge(
        from requester: ResourceHandle?,
        to handle: ResourceHandle,
        isDirect: Bool = true,
        at now: TimeSource.Instant
    ) {
        guard let requester, self.holds(handle) else { return }
        guard self.resources[handle.row].isOwned else {
            // It is in no books and no order of disposal. What it was made with must outlive the requester all the same.
            for dependency in self.resources[handle.row].dependencies {
                self.addEdge(from: requester, to: dependency, isDirect: false, at: now)
            }
            return
        }
        guard self.holds(requester) else {
            self.abandoned[requester.id]?.dependencies.append(handle)
            return
        }
        guard !self.resources[requester.row].dependencies.contains(handle) else { return }
        self.resources[requester.row].dependencies.append(handle)
        let binding = self.resources[requester.row].binding
        // Of the container's own bindings only: the graph shows no others, and so the table has no more edges than pairs of keys.
        if isDirect, binding.declaration.dependencies == nil, self.keys[binding.id.rawValue].binding === binding {
            self.observedEdges.insert(ObservedEdge(from: binding.id, to: self.resources[handle.row].binding.id))
        }
        if self.resources[requester.row].state != .initialising {
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

extension Lifetime {
    var label: String {
        switch self {
        case .singleton: "singleton"
        case .scoped: "scoped"
        case .tagged(let tag): "scoped to \(tag.asName)"
        case .transient: "transient"
        }
    }

    /// This lifetime as pictures and recordings have it: its tag is a text there.
    var asText: Lifetime {
        if case .tagged(let tag) = self { .tagged(tag.asName) } else { self }
    }
}
