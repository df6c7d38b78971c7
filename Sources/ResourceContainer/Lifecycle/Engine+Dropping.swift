/// The end of a container that was released without having been closed.
///
/// Engine, root scope and instances refer to each other and would never be freed. So the tables are emptied: active instances are counted
/// as abandoned, because no caller could wait for their disposes, and every scope refuses requests. A close that is running continues, and
/// the scopes around it end after it.
extension Registry {
    /// The result of dropping a container, to be handled after the lock is released.
    struct Dropped: Sendable {
        /// The number of owned instances that were active.
        var live = 0
        var initializations: [(promise: Initialized, error: ResourceError)] = []
        var ended: [EndedScope] = []
    }

    /// Drops the container, to which no reference exists. Returns nil if it is closing or closed.
    mutating func drop(at now: TimeSource.Instant) -> Dropped? {
        guard !self.isOver else { return nil }
        self.isDropped = true
        let root = self.scopes[0].scope
        let open = self.scopes.indices.filter { self.scopes[$0].state == .open }.sorted { self.scopes[$0].id < self.scopes[$1].id }
        var dropped = Dropped()
        let owned = open.flatMap { Array(self.resources.backwards(self.scopes[$0].owned)) }
        dropped.live = owned.count { self.resources[$0].isOwned }
        self.log.append(.boxed(.droppedOpen(live: dropped.live)), scope: .root, at: now)
        // All scopes refuse requests before any instance is dropped, because a scope may have cached instances of its ancestors.
        for row in open { self.beginDropping(row, at: now) }
        for row in open {
            for resource in Array(self.resources.backwards(self.scopes[row].owned)) {
                let label = self.resources[resource].binding.label
                if let promise = self.drop(resource, at: now) { dropped.initializations.append((promise, .dropped(label, in: root))) }
            }
        }
        dropped.ended = self.endDropped(at: now)
        return dropped
    }

    /// Abandons an instance in any state. Returns the promise of the requests that wait for its initialization, if any.
    private mutating func drop(_ resource: Int, at now: TimeSource.Instant) -> Initialized? {
        let (row, waiting, why) = (resource, self.resources[resource].initialized, ResourceEvent.droppedText)
        switch self.resources[row].state {
        case .initializing:
            self.abandon(row, .initialize, since: self.resources[row].createdAt, budget: .zero, because: why, at: now)
        case .ready:
            self.resources[row].disposingSince = now
            self.move(row, to: .disposing, at: now, .disposing)
            // No dispose is begun, so there is none that could return late.
            self.abandon(row, .dispose, since: now, budget: .zero, because: why, mayComeBack: false, at: now)
        case .disposing:
            self.abandon(row, .dispose, since: self.resources[row].disposingSince, budget: .zero, because: why, at: now)
        case .disposed, .initFailed, .abandoned: break
        }
        return waiting
    }

    /// Ends the dropped scopes that are empty, innermost first.
    mutating func endDropped(at now: TimeSource.Instant) -> [EndedScope] {
        var ended: [EndedScope] = []
        // A nested scope is always opened after its parent.
        let rows = self.scopes.indices.filter { self.scopes[$0].isDropped }.sorted { self.scopes[$0].id > self.scopes[$1].id }
        for row in rows where self.scopes[row].children.isEmpty { ended.append(self.closed(row, at: now)) }
        return ended
    }
}

extension Engine {
    /// Drops the container, to which no reference exists. Returns the number of owned instances that were active, or nil if the container
    /// is closing or closed.
    func drop() -> Int? {
        let now = self.now
        let dropped = self.locked { registry in
            let dropped = registry.drop(at: now)
            // Set under the lock, so that a close that ends later sees it.
            if dropped != nil { self.noteDropped() }
            return dropped
        }
        guard let dropped else { return nil }
        for (promise, error) in dropped.initializations { promise.fulfill(.failure(error)) }
        for ended in dropped.ended { self.tell(ended) }
        return dropped.live
    }

    /// Ends the scopes around a scope of a dropped container whose close has ended.
    func endDropped() {
        let now = self.now
        for ended in self.locked({ $0.endDropped(at: now) }) { self.tell(ended) }
    }
}
