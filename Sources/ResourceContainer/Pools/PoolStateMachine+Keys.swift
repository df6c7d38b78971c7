/// Adding and removing the groups of a keyed pool, one per key.
extension PoolStateMachine {
    /// Returns a group for a new key.
    mutating func addGroup() -> Int {
        if let group = self.freeGroups.popLast() { return group }
        self.groups.append(Group())
        self.requests.addGroup()
        return self.groups.count - 1
    }

    /// Removes an unused group. Returns false if the group is in use.
    mutating func removeGroup(_ group: Int) -> Bool {
        guard self.isUnused(group) else { return false }
        self.groups[group] = Group()
        self.freeGroups.append(group)
        return true
    }

    mutating func unpin(_ group: Int) {
        self.groups[group].pins -= 1
        self.reportIfUnused(group)
    }

    mutating func reportIfUnused(_ group: Int) {
        if self.rules.isKeyed, self.isUnused(group) { self.effects.report(.groupUnused(group)) }
    }

    /// Forgets the failures of unused keys after a while; until then they delay new requests of the key.
    mutating func forgetFailures(at now: TimeSource.Instant) {
        for group in self.groups.indices where self.groups[group].failures > 0 && self.isUnusedButForFailures(group) {
            let end = self.groups[group].retryAt.later(by: self.rules.failFastAfter)
            guard end <= now else {
                self.noteDeadline(end)
                continue
            }
            self.groups[group].failures = 0
            self.failingGroups -= 1
            self.groups[group].isBroken = false
            self.reportIfUnused(group)
        }
    }

    private func isUnused(_ group: Int) -> Bool {
        self.groups[group].failures == 0 && self.isUnusedButForFailures(group)
    }

    private func isUnusedButForFailures(_ group: Int) -> Bool {
        self.groups[group].pins == 0 && self.groups[group].occupied == 0 && self.requests.count(in: group) == 0
    }
}
