/// The end of a container that nobody refers to any more and that was not closed.
///
/// Engine, root scope and instances refer to each other; they would never be freed. So the tables are emptied: what lived is counted as
/// abandoned - nobody is there to wait for a dispose - and every scope refuses requests from here on. What somebody is closing at the time
/// is left to that closing, and so are the scopes around it, until it is over.
extension Registry {
    /// What is to be told after the lock is let go.
    struct Dropped: Sendable {
        /// How many instances were live, of those that are counted.
        var live = 0
        var initialisations: [(promise: Initialised, error: ResourceError)] = []
        var ended: [EndedScope] = []
    }

    /// Nobody refers to the container any more. Nil if it is closed, or if somebody closes it.
    mutating func drop(at now: TimeSource.Instant) -> Dropped? {
        guard !self.isOver else { return nil }
        self.isDropped = true
        let root = self.scopes[0].scope
        let open = self.scopes.indices.filter { self.scopes[$0].state == .open }.sorted { self.scopes[$0].id < self.scopes[$1].id }
        var dropped = Dropped()
        let owned = open.flatMap { Array(self.resources.backwards(self.scopes[$0].owned)) }
        dropped.live = owned.count { self.resources[$0].isOwned }
        self.log.append(.boxed(.droppedOpen(live: dropped.live)), scope: .root, at: now)
        // All of them refuse before anything goes: a scope may know instances of those around it.
        for row in open { self.beginDropping(row, at: now) }
        for row in open {
            for resource in Array(self.resources.backwards(self.scopes[row].owned)) {
                let label = self.resources[resource].binding.label
                if let promise = self.drop(resource, at: now) { dropped.initialisations.append((promise, .dropped(label, in: root))) }
            }
        }
        dropped.ended = self.endDropped(at: now)
        return dropped
    }

    /// An instance is abandoned, in whatever state it is. Returns whom to tell, if somebody waits for its initialisation.
    private mutating func drop(_ resource: Int, at now: TimeSource.Instant) -> Initialised? {
        let (row, waiting, why) = (resource, self.resources[resource].initialised, ResourceEvent.droppedText)
        switch self.resources[row].state {
        case .initialising:
            self.abandon(row, .initialise, since: self.resources[row].createdAt, budget: .zero, because: why, at: now)
        case .ready:
            self.resources[row].disposingSince = now
            self.move(row, to: .disposing, at: now, .disposing)
            // Its dispose is not begun, and so never comes back.
            self.abandon(row, .dispose, since: now, budget: .zero, because: why, mayComeBack: false, at: now)
        case .disposing:
            self.abandon(row, .dispose, since: self.resources[row].disposingSince, budget: .zero, because: why, at: now)
        case .disposed, .initFailed, .abandoned: break
        }
        return waiting
    }

    /// Ends the dropped scopes in which nothing is left, the innermost first.
    mutating func endDropped(at now: TimeSource.Instant) -> [EndedScope] {
        var ended: [EndedScope] = []
        // Scopes that were opened later stand inside those that were opened before.
        let rows = self.scopes.indices.filter { self.scopes[$0].isDropped }.sorted { self.scopes[$0].id > self.scopes[$1].id }
        for row in rows where self.scopes[row].children.isEmpty { ended.append(self.closed(row, at: now)) }
        return ended
    }
}

extension Engine {
    /// Ends everything in the container, which nobody refers to any more. How many instances were live; nil if it is closed or being closed.
    func drop() -> Int? {
        let now = self.now
        let dropped = self.locked { registry in
            let dropped = registry.drop(at: now)
            // Under the lock, so that a closing that ends after it knows.
            if dropped != nil { self.noteDropped() }
            return dropped
        }
        guard let dropped else { return nil }
        for (promise, error) in dropped.initialisations { promise.fulfil(.failure(error)) }
        for ended in dropped.ended { self.tell(ended) }
        return dropped.live
    }

    /// A scope of a dropped container that somebody was closing is over: those around it may be so, too.
    func endDropped() {
        let now = self.now
        for ended in self.locked({ $0.endDropped(at: now) }) { self.tell(ended) }
    }
}
