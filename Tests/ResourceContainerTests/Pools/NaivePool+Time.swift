@testable import ResourceContainer

/// Time-driven transitions and operations on the whole pool.
extension NaivePool {
    mutating func sweep(fraction: Double) {
        let due = self.queue.filter { $0.deadline <= self.now }.sorted { $0.deadline < $1.deadline }
        self.queue.removeAll { $0.deadline <= self.now }
        for request in due { self.ended[request.id] = .expired }
        self.resumed += due.map(\.id)
        self.timedOut += due.count
        for slot in self.items.map(\.slot).sorted() {
            guard let index = self.index(slot) else { continue }
            self.sweep(index, fraction: fraction)
        }
        self.reap()
        self.dispatch()
    }

    private func isOver(_ index: Int, _ limit: Int64) -> Bool {
        limit < .max && self.now - self.items[index].stepSince >= limit
    }

    private mutating func sweep(_ index: Int, fraction: Double) {
        switch self.items[index].state {
        case .making:
            guard self.isOver(index, self.rules.createTimeout) else { return }
            self.abandoned += 1
            self.fail(index, fraction: fraction)
        case .validating: if self.isOver(index, self.rules.validateTimeout) { self.close(index) }
        case .resetting: if self.isOver(index, self.rules.resetTimeout) { self.close(index) }
        case .closing:
            guard self.isOver(index, self.rules.closeTimeout) else { return }
            self.items.remove(at: index)
            self.abandoned += 1
        case .leased:
            guard self.phase != .closed, !self.items[index].isSuspected, self.now - self.items[index].since >= self.rules.leakThreshold
            else { return }
            self.items[index].isSuspected = true
            self.suspected += 1
        case .idle:
            guard self.phase == .open else { return }
            if self.items[index].retireAt <= self.now { self.items[index].isRetiring = true }
            if self.rules.validates, self.rules.keepalive < .max, self.now - self.items[index].provenAt >= self.rules.keepalive {
                self.items[index].isKeptAlive = true
                self.validate(index)
            }
        }
    }

    private mutating func reap() {
        guard self.phase == .open, self.now >= self.nextReap, self.queue.isEmpty, self.rules.idleTimeout < .max else { return }
        var left = self.rules.reapBatch
        for index in self.idle {
            guard left > 0, self.live > self.minimum, self.now - self.items[index].since >= self.rules.idleTimeout else { return }
            left -= 1
            self.nextReap = self.now + 1_000_000_000
            self.reaped += 1
            self.close(index)
        }
    }

    // MARK: The pool as a whole

    mutating func endReset(_ index: Int, isFit: Bool) {
        let others = self.items.indices.count { $0 != index && self.items[$0].state != .closing }
        if isFit, self.phase != .closed, self.items[index].epoch == self.epoch, others < self.maximum {
            self.items[index].provenAt = self.now
            self.rest(index)
        } else {
            self.close(index)
        }
        self.dispatch()
    }

    mutating func resize(maximum: Int, minimum: Int) {
        (self.maximum, self.minimum) = (maximum, minimum)
        self.leaseLimit = max(maximum, self.count(.leased))
        for index in self.idle.prefix(max(0, self.items.count - self.count(.closing) - maximum)) { self.close(index) }
        self.dispatch()
    }

    mutating func close() {
        self.phase = .closed
        let idle = self.rules.leasesOldestFirst ? self.idle : self.idle.reversed()
        for index in idle { self.close(index) }
        self.abandoned += self.count(.making)
        self.items.removeAll { $0.state == .making }
        for slot in self.items.filter({ $0.state == .validating || $0.state == .resetting }).map(\.slot).sorted() {
            if let index = self.index(slot) { self.close(index) }
        }
    }
}
