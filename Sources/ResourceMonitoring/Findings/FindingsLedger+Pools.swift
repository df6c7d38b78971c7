import ResourceContainer

/// Rules for pools and their leases.
extension FindingsLedger {
    /// Raises a finding for a suspected or lost lease, one per source location that acquired it.
    mutating func leaseOut(
        _ kind: Finding.Kind,
        _ event: ResourceEvent,
        _ location: CodeLocation,
        _ scope: ScopeID?,
        held: Duration,
        in picture: MonitorLedger
    ) {
        let key = FindingTable.Key(kind: kind, resource: event.resource, location: location)
        self.outstanding[key, default: 0] += 1
        let number = self.outstanding[key] ?? 1
        let leases = number == 1 ? "a lease" : "\(number) leases"
        let isLost = kind == .leaseLost
        let trace = self.trace(of: scope, in: picture)
        self.raise(
            key,
            .high,
            self.subject(event, in: picture),
            isLost
                ? "\(leases) acquired at \(location) not released when the scope closed; the last had been held for \(held.brief)\(trace)"
                : "\(leases) acquired at \(location) held beyond the pool's leak threshold, the last for \(held.brief) when detected\(trace)",
            location: location,
            advice: isLost
                ? "Release it before the scope closes: use withLease there."
                : "Release it sooner, or do the long work without it; see what the holder waits for.",
            at: event.time
        )
    }

    mutating func leaseBack(_ kind: Finding.Kind, _ event: ResourceEvent, _ location: CodeLocation) {
        let key = FindingTable.Key(kind: kind, resource: event.resource, location: location)
        guard let number = self.outstanding[key] else { return }
        self.outstanding[key] = number > 1 ? number - 1 : nil
        if number <= 1 { self.table.withdraw(key, at: event.time) }
    }

    mutating func leaseSlow(_ event: ResourceEvent, waited: Duration, in picture: MonitorLedger) {
        self.raise(
            .init(kind: .acquireSlow, resource: event.resource),
            .medium,
            self.subject(event, in: picture),
            "an acquisition waited \(waited.brief) for a lease",
            location: self.location(event.binding, in: picture),
            advice: "Hold leases for a shorter time, or enlarge the pool if its backend can serve more.",
            at: event.time
        )
    }

    mutating func poolExhausted(_ event: ResourceEvent, _ what: String, in picture: MonitorLedger) {
        self.raise(
            .init(kind: .poolExhausted, resource: event.resource),
            .high,
            self.subject(event, in: picture),
            what,
            location: self.location(event.binding, in: picture),
            advice: "See which code holds the leases and for how long; enlarge the pool only if all of them are needed.",
            at: event.time
        )
    }

    /// Checks a sampled pool: that its queue advances, and that its books balance.
    mutating func judge(_ pool: PoolSample, at time: TimeSource.Instant, in picture: MonitorLedger) {
        guard let resource = pool.resource else { return }
        let binding = picture.resource(resource)?.resource.binding
        let label = binding.flatMap { picture.binding($0)?.label } ?? pool.name
        let subject = Finding.Subject(label: "\(label)\(resource)", binding: binding, resource: resource)
        self.judgeQueue(pool, subject, at: time, in: picture)
        self.judge(
            pool.isBalanced,
            "the pool \(pool.name): \(pool.made) created, \(pool.idle) idle, \(pool.leased) leased, \(pool.pending) pending, "
                + "\(pool.closed) closed, \(pool.failed) failed, \(pool.abandoned) abandoned, maximum \(pool.maximum)",
            subject,
            at: time
        )
    }

    private mutating func judgeQueue(_ pool: PoolSample, _ subject: Finding.Subject, at time: TimeSource.Instant, in picture: MonitorLedger)
    {
        let key = FindingTable.Key(kind: .poolStarved, resource: pool.resource)
        guard let first = pool.waiters.first else { return self.table.withdraw(key, at: time) }
        guard first.since + self.rules.starvedAfter <= time else {
            self.table.withdraw(key, at: time)
            return self.look(at: first.since + self.rules.starvedAfter)
        }
        var evidence = "\(pool.waiting) waiting, the first for \((time - first.since).brief); \(pool.leased) of \(pool.maximum) leased"
        if let longest = pool.holders.first {
            evidence += ", the longest for \((time - longest.since).brief), acquired at \(longest.location)"
            evidence += self.trace(of: longest.scope, in: picture)
        }
        self.raise(
            key,
            .high,
            subject,
            evidence,
            location: pool.holders.first?.location ?? self.location(subject.binding, in: picture),
            advice: "Leases are not released in time: see what the longest holder does, and whether holders wait for each other.",
            again: self.table.stands(key) ? 0 : 1,
            at: time
        )
    }
}
