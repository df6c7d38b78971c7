extension Registry {
    /// What a request comes to.
    enum Resolution: Sendable {
        /// The instance is there.
        case ready(AnyInstance)
        /// Nobody has begun it: the caller makes it, in `owner`.
        case make(ResourceRecord, owner: Scope)
        /// Somebody makes it: the caller waits for that.
        case join(ResourceRecord)
    }

    /// Who asks, and how.
    struct Request: Sendable {
        let asker: Scope
        /// The instance in whose initialisation the request was made.
        let requester: ResourceID?
        let isSynchronous: Bool
    }

    /// Answers a request for `binding`.
    ///
    /// A request out of an initialisation is also an edge: it is recorded, refused if it would let something long-lived hold
    /// something short-lived, and refused if it closes a circle of initialisations that wait for each other - whichever tasks they run in.
    mutating func request(_ binding: Binding, _ request: Request, at now: TimeSource.Instant) throws(ResourceError) -> Resolution {
        if case .foreign(let instance) = binding.maker { return .ready(instance) }
        guard self.scopes[request.asker.id]?.state == .open else {
            throw .closed(request.asker, key: binding.label, refused: "a request for \(binding.label)")
        }
        try self.checkCaptive(binding, request)
        let owner = try self.owner(of: binding, request)

        if binding.lifetime != .transient, let id = self.scopes[owner.id]?.shared[binding.id], let record = self.resources[id] {
            switch record.state {
            case .ready:
                guard let instance = record.instance else { preconditionFailure("a ready instance is there") }
                self.addEdge(from: request.requester, to: id, at: now)
                return .ready(instance)
            case .initialising:
                try self.checkCycle(from: request.requester, to: record)
                self.addWait(from: request.requester, to: id)
                return .join(record)
            case .disposing, .disposed, .initFailed, .abandoned:
                throw .closed(owner, key: binding.label, refused: "a request for \(binding.label), which is being disposed")
            }
        }
        guard self.scopes[owner.id]?.state == .open else {
            throw .closed(owner, key: binding.label, refused: "a request for \(binding.label)")
        }
        if owner.isSynchronous || request.isSynchronous {
            guard case .either = binding.maker else {
                throw ResourceError(
                    .asynchronousOnly,
                    key: binding.label,
                    scope: owner.name,
                    "\(binding.label) (bound at \(binding.place)) is made asynchronously, which scope \(owner.name) cannot wait for: "
                        + "get it in an asynchronous scope, or before this one is opened"
                )
            }
        }
        let record = self.begin(binding, in: owner, synchronously: request.isSynchronous, at: now)
        self.addWait(from: request.requester, to: record.id)
        return .make(record, owner: owner)
    }

    /// The request for `id` out of the initialisation of `requester` has been answered.
    mutating func endWait(from requester: ResourceID?, to id: ResourceID, succeeded: Bool, at now: TimeSource.Instant) {
        guard let requester else { return }
        if let index = self.resources[requester]?.waitsFor.firstIndex(of: id) { self.resources[requester]?.waitsFor.remove(at: index) }
        if succeeded { self.addEdge(from: requester, to: id, at: now) }
    }

    /// The scope that owns the instance that `binding` has for the asker.
    private func owner(of binding: Binding, _ request: Request) throws(ResourceError) -> Scope {
        switch binding.lifetime {
        case .transient:
            return request.asker
        case .singleton:
            return request.asker.root
        case .scoped:
            if request.asker.parent == nil {
                throw ResourceError(
                    .noScope,
                    key: binding.label,
                    scope: request.asker.name,
                    "\(binding.label) (bound at \(binding.place)) lives in a scope, and this request was made outside any: "
                        + "use container.withScope { … }, or bind it as a singleton"
                )
            }
            var scope: Scope? = request.asker
            while let candidate = scope {
                if self.scopes[candidate.id]?.shared[binding.id] != nil { return candidate }
                scope = candidate.parent
            }
            return request.asker
        case .tagged(let tag):
            var scope: Scope? = request.asker
            while let candidate = scope {
                if candidate.tag == tag { return candidate }
                scope = candidate.parent
            }
            throw ResourceError(
                .noScope,
                key: binding.label,
                scope: request.asker.name,
                "\(binding.label) (bound at \(binding.place)) lives in a scope with the tag \(tag), and \(request.asker.path) has none: "
                    + "open one with withScope(tag: \"\(tag)\")"
            )
        }
    }

    /// A singleton, and what is made for one, must not hold what lives shorter.
    private func checkCaptive(_ binding: Binding, _ request: Request) throws(ResourceError) {
        guard let requester = request.requester, let holder = self.resources[requester] else { return }
        let isCaptive =
            switch binding.lifetime {
            case .singleton, .transient: false
            case .scoped: holder.scope == .root
            case .tagged(let tag): self.scopes[holder.scope].map { !$0.scope.isWithin(tag: tag) } ?? false
            }
        guard isCaptive else { return }
        throw ResourceError(
            .captiveDependency,
            key: binding.label,
            scope: request.asker.name,
            "\(holder.binding.label) (\(holder.binding.lifetime.label)) would hold \(binding.label) (\(binding.lifetime.label)) beyond its scope: "
                + "\(holder.binding.label) → \(binding.label); let \(holder.binding.label) live as short, or \(binding.label) as long"
        )
    }

    /// Refuses a request that would make initialisations wait for each other in a circle. O(length of the chain of waits).
    private func checkCycle(from requester: ResourceID?, to target: ResourceRecord) throws(ResourceError) {
        guard let requester, let asking = self.resources[requester] else { return }
        guard let trail = self.findWait(from: target.id, to: requester) else { return }
        let path = ([requester] + trail).compactMap { self.resources[$0]?.binding.label }.joined(separator: " → ")
        throw ResourceError(
            .dependencyCycle,
            key: target.binding.label,
            scope: asking.binding.label,
            "\(target.binding.label) needs itself to be made: \(path); break the circle, for instance by getting one of them later"
        )
    }

    /// The way from `start` to `goal` over initialisations that wait for each other; nil if there is none. O(waits).
    private func findWait(from start: ResourceID, to goal: ResourceID) -> [ResourceID]? {
        var cameFrom: [ResourceID: ResourceID] = [:]
        var visited: Set = [start]
        var open = [start]
        while let next = open.popLast() {
            if next == goal {
                var way = [goal]
                while let before = way.last.flatMap({ cameFrom[$0] }) { way.append(before) }
                return way.reversed()
            }
            for waited in self.resources[next]?.waitsFor ?? [] where visited.insert(waited).inserted {
                cameFrom[waited] = next
                open.append(waited)
            }
        }
        return nil
    }

    private mutating func addWait(from requester: ResourceID?, to id: ResourceID) {
        if let requester { self.resources[requester]?.waitsFor.append(id) }
    }

    /// Records that `requester` was made with `id`, or asked for it later through the resolver it was made with.
    private mutating func addEdge(from requester: ResourceID?, to id: ResourceID, at now: TimeSource.Instant) {
        guard let requester else { return }
        guard let record = self.resources[requester] else {
            self.abandoned[requester]?.dependencies.append(id)
            return
        }
        guard !record.dependencies.contains(id) else { return }
        self.resources[requester]?.dependencies.append(id)
        if record.state != .initialising {
            self.log.append(.dependencyAdded(id), scope: record.scope, resource: requester, binding: record.binding.id, at: now)
        }
    }
}

extension Lifetime {
    var label: String {
        switch self {
        case .singleton: "singleton"
        case .scoped: "scoped"
        case .tagged(let tag): "scoped to \(tag)"
        case .transient: "transient"
        }
    }
}
