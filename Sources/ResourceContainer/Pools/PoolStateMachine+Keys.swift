/// The groups of a pool with keys come and go with the keys.
extension PoolStateMachine {
    /// A group for a new key.
    mutating func addGroup() -> Int {
        if let group = self.freeGroups.popLast() { return group }
        self.groups.append(Group())
        self.requests.addGroup()
        return self.groups.count - 1
    }

    /// Forgets a group of which nothing is left; false if something is.
    mutating func removeGroup(_ group: Int) -> Bool {
        guard self.isUnused(group) else { return false }
        self.groups[group] = Group()
        self.freeGroups.append(group)
        return true
    }

    mutating func unpin(_ group: Int) {
        self.groups[group].pins -= 1
        self.tellIfUnused(group)
    }

    mutating func tellIfUnused(_ group: Int) {
        if self.rules.isKeyed, self.isUnused(group) { self.effects.tell(.groupUnused(group)) }
    }

    /// Forgets the failures of keys that nobody has asked for since; they were kept to hold back those who ask.
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
            self.tellIfUnused(group)
        }
    }

    private func isUnused(_ group: Int) -> Bool {
        self.groups[group].failures == 0 && self.isUnusedButForFailures(group)
    }

    private func isUnusedButForFailures(_ group: Int) -> Bool {
        self.groups[group].pins == 0 && self.groups[group].occupied == 0 && self.requests.count(in: group) == 0
    }
}
