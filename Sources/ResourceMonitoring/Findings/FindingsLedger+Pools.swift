import ResourceContainer

/// What goes wrong with pools and their leases.
extension FindingsLedger {
    /// A lease is suspected, or lost: one finding for each place in the code that borrowed.
    mutating func leaseOut(_ kind: Finding.Kind, _ event: ResourceEvent, _ place: SourcePlace, held: Duration, in picture: MonitorLedger) {
        let key = FindingTable.Key(kind: kind, resource: event.resource, place: place)
        self.outstanding[key, default: 0] += 1
        let number = self.outstanding[key] ?? 1
        let leases = number == 1 ? "a lease" : "\(number) leases"
        let isLost = kind == .leaseLost
        self.raise(
            key,
            .high,
            self.subject(event, in: picture),
            isLost
                ? "\(leases) taken at \(place) still out when the scope that took it had closed; the last was held for \(held.brief) then"
                : "\(leases) taken at \(place) out for longer than the pool allows, the last for \(held.brief) when it was noticed",
            place: place,
            advice: isLost
                ? "Give it back before the scope ends: use withLease there."
                : "Give it back sooner, or do the long work without it; see what the holder waits for.",
            at: event.time
        )
    }

    mutating func leaseBack(_ kind: Finding.Kind, _ event: ResourceEvent, _ place: SourcePlace) {
        let key = FindingTable.Key(kind: kind, resource: event.resource, place: place)
        guard let number = self.outstanding[key] else { return }
        self.outstanding[key] = number > 1 ? number - 1 : nil
        if number <= 1 { self.table.withdraw(key, at: event.time) }
    }

    mutating func leaseSlow(_ event: ResourceEvent, waited: Duration, in picture: MonitorLedger) {
        self.raise(
            .init(kind: .acquireSlow, resource: event.resource),
            .medium,
            self.subject(event, in: picture),
            "a borrower waited \(waited.brief) for a lease",
            place: self.place(event.binding, in: picture),
            advice: "Hold leases for a shorter time, or make the pool larger if what is behind it can take more.",
            at: event.time
        )
    }

    mutating func poolExhausted(_ event: ResourceEvent, _ what: String, in picture: MonitorLedger) {
        self.raise(
            .init(kind: .poolExhausted, resource: event.resource),
            .high,
            self.subject(event, in: picture),
            what,
            place: self.place(event.binding, in: picture),
            advice: "See who holds the leases and for how long; make the pool larger only if nobody holds them needlessly.",
            at: event.time
        )
    }

    /// Judges a pool as it was sampled: whether its queue moves, and whether its books balance.
    mutating func judge(_ pool: PoolSample, at time: TimeSource.Instant, in picture: MonitorLedger) {
        guard let resource = pool.resource else { return }
        let binding = picture.resource(resource)?.resource.binding
        let label = binding.flatMap { picture.binding($0)?.label } ?? pool.name
        let subject = Finding.Subject(label: "\(label)\(resource)", binding: binding, resource: resource)
        self.judgeQueue(pool, subject, at: time, in: picture)
        self.judge(
            pool.isBalanced,
            "the pool \(pool.name): made \(pool.made), \(pool.idle) idle, \(pool.leased) lent, \(pool.pending) under way, "
                + "\(pool.closed) closed, \(pool.failed) failed, \(pool.abandoned) abandoned, at most \(pool.maximum)",
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
        var evidence = "\(pool.waiting) wait, the first for \((time - first.since).brief); \(pool.leased) of \(pool.maximum) are lent"
        if let longest = pool.holders.first {
            evidence += ", the longest for \((time - longest.since).brief), taken at \(longest.place)"
        }
        self.raise(
            key,
            .high,
            subject,
            evidence,
            place: pool.holders.first?.place ?? self.place(subject.binding, in: picture),
            advice: "Nothing comes back in time: see what the longest holder does, and whether holders wait for each other.",
            again: self.table.stands(key) ? 0 : 1,
            at: time
        )
    }
}
