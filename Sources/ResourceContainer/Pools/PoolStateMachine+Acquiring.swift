/// Acquiring: at once, or through a queued request.
extension PoolStateMachine {
    /// Leases an idle item that needs no validation; nil if there is none, or if queued requests have precedence. O(1).
    mutating func lease(group: Int = 0, to requester: Requester, at now: TimeSource.Instant) -> Use? {
        guard self.phase == .open, self.requests.count == 0, let slot = self.candidate(group), self.isFresh(slot, at: now) else {
            return nil
        }
        self.unlink(slot)
        return self.leaseSlot(slot, to: requester, at: now)
    }

    mutating func leaseSlot(_ slot: Int, to requester: Requester, at now: TimeSource.Instant) -> Use {
        self.leased += 1
        self.counts.leases += 1
        self.noteDeadline(now.later(by: self.rules.leakThreshold))
        return Use(slot: slot, generation: self.slots[slot].lease(to: requester, at: now))
    }

    /// The answer to an acquisition that could not be served at once.
    enum Beginning: Hashable, Sendable {
        /// Continue with ``enqueue(_:at:)``.
        case request(PoolRequests.ID)
        case refused(PoolRequests.Refusal)
    }

    /// Begins a request. Every request that is begun must be enqueued and ends with ``collect(_:)``.
    mutating func begin(group: Int = 0, _ requester: Requester, at now: TimeSource.Instant, deadline: TimeSource.Instant) -> Beginning {
        guard let refusal = self.refusal(group, at: now) else {
            return .request(self.requests.add(requester, group: group, since: now, deadline: deadline))
        }
        self.counts.refused += 1
        return .refused(refusal)
    }

    /// The reason for not queuing a request of this group now; nil if it may queue.
    private func refusal(_ group: Int, at now: TimeSource.Instant) -> PoolRequests.Refusal? {
        guard self.phase == .open else { return .closed }
        let here = self.groups[group]
        guard here.isBroken else { return nil }
        // A pool without keys probes by itself. A key that no caller requests is not worth probing, so a request of the key is its probe.
        return self.rules.isKeyed && here.making == 0 && now >= here.retryAt ? nil : .unavailable
    }

    /// Puts a request in the queue. Returns false if it need not wait and its outcome can be collected.
    mutating func enqueue(_ id: PoolRequests.ID, at now: TimeSource.Instant) -> Bool {
        guard let index = self.requests.find(id), self.requests[index].state == .pending else { return false }
        let group = self.requests[index].group
        if let refusal = self.refusal(group, at: now) ?? self.exhaustion(group) {
            self.counts.refused += 1
            if refusal == .exhausted { self.counts.exhausted += 1 }
            self.requests[index].state = .refused(refusal)
            return false
        }
        self.isStarted = true
        self.requests[index].creatingBefore = self.creatingTime.reading(at: now)
        self.requests[index].validatingBefore = self.validatingTime.reading(at: now)
        self.requests.enqueue(index)
        self.dispatch(at: now)
        if case .granted = self.requests[index].state {
            // A request that is served within the same call has not waited.
            self.counts.waited -= 1
            return false
        }
        self.noteDeadline(self.requests[index].deadline)
        return true
    }

    /// The refusal under the policy to fail. Queued requests have precedence for everything that is not leased. Decided in the critical
    /// section that queues, so that two requests cannot both take the last item.
    private func exhaustion(_ group: Int) -> PoolRequests.Refusal? {
        guard self.rules.failsWhenEmpty else { return nil }
        if self.requests.count >= self.maximum - self.leased { return .exhausted }
        guard let limit = self.rules.maximumPerKey else { return nil }
        let here = self.groups[group]
        let away = here.occupied - here.idle - here.making - here.validating
        return self.requests.count(in: group) >= limit - away ? .exhausted : nil
    }

    /// Cancels a request before it is queued, while it is queued, or after it was granted.
    mutating func cancel(_ id: PoolRequests.ID, at now: TimeSource.Instant) {
        guard let index = self.requests.find(id) else { return }
        switch self.requests[index].state {
        case .free, .cancelled, .expired, .refused:
            break
        case .pending:
            self.requests[index].state = .cancelled
        case .queued:
            self.requests.dequeue(index, to: .cancelled)
            self.effects.resume(id)
            // Requests behind it may be served by items that were reserved for it.
            self.dispatch(at: now)
        case .granted(let use):
            self.requests[index].state = .cancelled
            self.counts.leases -= 1
            self.putBack(use, at: now)
        }
    }

    /// The outcome of a request.
    enum Outcome: Sendable {
        case lease(Use, waited: Duration)
        case cancelled
        case expired(waited: Duration, creating: Duration, validating: Duration)
        case refused(PoolRequests.Refusal)
    }

    /// Returns the outcome of a request that is no longer queued, and removes the request. A wait that ended is an example of its range,
    /// with the trace of its task.
    mutating func collect(_ id: PoolRequests.ID, trace: TraceID? = nil) -> Outcome {
        guard let index = self.requests.find(id) else { return .cancelled }
        let request = self.requests[index]
        self.requests.end(index)
        switch request.state {
        case .granted(let use):
            if let trace { self.counts.waitTraces.note(WaitTrace(trace: trace, waited: request.waited)) }
            return .lease(use, waited: request.waited)
        case .expired:
            if let trace { self.counts.waitTraces.note(WaitTrace(trace: trace, waited: request.waited)) }
            return .expired(waited: request.waited, creating: request.creating, validating: request.validating)
        case .refused(let refusal): return .refused(refusal)
        case .cancelled: return .cancelled
        case .free, .pending, .queued: preconditionFailure("a request was collected before it ended")
        }
    }

    /// Leases a slot, which must be unlinked, to a queued request.
    mutating func grant(_ slot: Int, to index: Int, at now: TimeSource.Instant) {
        self.noteWait(index, at: now)
        self.counts.granted += 1
        let use = self.leaseSlot(slot, to: self.requests[index].requester, at: now)
        self.requests.dequeue(index, to: .granted(use))
        self.effects.resume(self.requests.id(of: index))
    }

    /// Records how long a queued request has waited until now.
    mutating func noteWait(_ index: Int, at now: TimeSource.Instant) {
        let wait = now - self.requests[index].since
        self.requests[index].waited = wait
        self.requests[index].creating = self.creatingTime.reading(at: now) - self.requests[index].creatingBefore
        self.requests[index].validating = self.validatingTime.reading(at: now) - self.requests[index].validatingBefore
        self.counts.waited += 1
        self.counts.waits.record(wait)
        self.counts.totalWait += wait
        self.counts.longestWait = max(self.counts.longestWait, wait)
    }

    /// Whether the pool is exhausted and this task holds one of the leases, so that it would wait for itself. O(slots).
    func isReentrant(task: UInt, group: Int = 0) -> Bool {
        guard task != 0 else { return false }
        let isExhausted =
            self.leased >= self.maximum
            || self.rules.maximumPerKey.map { limit in
                self.slots.count { $0.state == .leased && $0.group == group } >= limit
            } ?? false
        return isExhausted && self.slots.contains { $0.state == .leased && $0.requester.task == task }
    }
}
