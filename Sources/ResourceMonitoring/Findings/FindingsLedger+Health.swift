import ResourceContainer

/// Rules for health, error bursts, storms, and books.
extension FindingsLedger {
    private static let flapWindow = Duration.seconds(60)

    mutating func healthChanged(_ event: ResourceEvent, from before: HealthStatus, to result: HealthResult, in picture: MonitorLedger) {
        guard let id = event.resource else { return }
        let subject = self.subject(event, in: picture)
        if !self.hasChecker {
            self.judge(result, isBad: result.status.isBad, after: before, subject, at: event.time, in: picture)
        }
        // The first answer is not a change.
        guard before != .unknown else { return }
        self.healthChanges[id, default: []].append(event.time)
        self.healthChanges[id]?.removeAll { $0 + Self.flapWindow <= event.time }
        let changes = self.healthChanges[id]?.count ?? 0
        guard changes >= max(1, self.rules.flapChanges) else { return }
        self.raise(
            .init(kind: .healthFlapping, resource: id),
            .medium,
            subject,
            "health changed \(changes) times within \(Self.flapWindow.brief), now \(result.status.rawValue)",
            location: self.location(event.binding, in: picture),
            advice:
                "It works intermittently: check its limits and timeouts, or raise fall and rise in the health policy.",
            at: event.time
        )
    }

    /// Applies the settled health of all resources.
    mutating func judge(_ health: HealthPicture, at time: TimeSource.Instant, in picture: MonitorLedger) {
        self.hasChecker = true
        var ill: Set<ResourceID> = []
        for row in health.rows where row.status.isBad {
            guard let known = picture.resource(row.resource) else { continue }
            ill.insert(row.resource)
            // The status stays bad until enough better answers arrive, so the evidence is the last bad answer.
            guard let bad = row.history.last(where: { $0.status.isBad }) else { continue }
            let subject = Finding.Subject(label: row.label, binding: known.resource.binding, scope: row.scope, resource: row.resource)
            self.judge(bad, isBad: true, after: row.transitions.last?.from ?? .unknown, subject, at: time, in: picture)
        }
        self.table.withdraw(at: time) { key, _ in key.kind == .unhealthy && key.resource.map { !ill.contains($0) } ?? false }
    }

    private mutating func judge(
        _ result: HealthResult,
        isBad: Bool,
        after before: HealthStatus,
        _ subject: Finding.Subject,
        at time: TimeSource.Instant,
        in picture: MonitorLedger
    ) {
        let key = FindingTable.Key(kind: .unhealthy, resource: subject.resource)
        guard isBad else { return self.table.withdraw(key, at: time) }
        self.raise(
            key,
            .high,
            subject,
            "\(result.status.rawValue) after \(before.rawValue): \(result.probe) \(result.message ?? "failed") (\(result.latency.brief))",
            location: self.location(subject.binding, in: picture),
            advice: "Check that the service behind it is reachable; resources that depend on it are affected.",
            again: self.table.stands(key) ? 0 : 1,
            at: time
        )
    }

    /// Removes the health changes that have left the window.
    mutating func scanHealth(at time: TimeSource.Instant) {
        for (id, changes) in self.healthChanges {
            let recent = changes.filter { $0 + Self.flapWindow > time }
            self.healthChanges[id] = recent.isEmpty ? nil : recent
            if let last = recent.last { self.look(at: last + Self.flapWindow) }
        }
        let changes = self.healthChanges
        self.table.withdraw(at: time) { key, _ in key.kind == .healthFlapping && key.resource.map { changes[$0] == nil } ?? false }
    }

    /// Checks the rates of errors and of instances per binding.
    mutating func scanRates(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        let (errors, limit) = (picture.activity.counts(overSteps: 40).errors, max(1, self.rules.errorBurst))
        let key = FindingTable.Key(kind: .errorBurst)
        if errors >= limit {
            self.raise(
                key,
                .high,
                Finding.Subject(label: picture.container),
                "\(errors) errors within \(RecentCount.window) s",
                location: nil,
                advice: "Read the last errors of the resources: many at once usually have one cause.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        } else if errors <= limit / 2 {
            self.table.withdraw(key, at: time)
        }
        if errors > 0 || picture.activity.running.errors > 0 { self.look(at: time + Self.scanInterval) }
        for index in self.bindings.indices { self.judgeStorm(index, picture, at: time) }
    }

    private mutating func judgeStorm(_ index: Int, _ picture: MonitorLedger, at time: TimeSource.Instant) {
        let made = self.bindings[index].created.total(at: time)
        let limit = self.rules.storm(within: RecentCount.window)
        let key = FindingTable.Key(kind: .initializeStorm, binding: BindingID(index))
        if made >= limit {
            self.raise(
                key,
                .medium,
                self.subject(BindingID(index), in: picture),
                "\(made) instances created within \(RecentCount.window) s, "
                    + "\(picture.bindings[index].row.binding.books.active) of them active",
                location: self.location(BindingID(index), in: picture),
                advice: "If they can be shared, bind with a longer lifetime; if they are costly, use a pool.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        } else if made <= limit / 2 {
            self.table.withdraw(key, at: time)
        }
        if made > 0 { self.look(at: time + Self.scanInterval) }
    }

    // MARK: Books

    /// Checks that the container's books and every binding's books balance, and that the bindings add up to the container.
    mutating func judgeBooks(of picture: MonitorLedger, at time: TimeSource.Instant) {
        var sum = Books()
        var fault: String?
        for figures in picture.bindings {
            let books = figures.row.binding.books
            if !books.isBalanced { fault = fault ?? "\(figures.row.binding.label): \(books.summary)" }
            sum += books
        }
        if !picture.books.isBalanced { fault = "the container: \(picture.books.summary)" }
        if fault == nil, sum != picture.books {
            fault = "the bindings add up to \(sum.summary), but the container counts \(picture.books.summary)"
        }
        self.judge(fault == nil, fault ?? "", Finding.Subject(label: picture.container), at: time)
    }

    /// Compares the books folded from events with the container's own books.
    mutating func judge(_ books: Books, sequence: UInt64, at time: TimeSource.Instant, in picture: MonitorLedger) {
        guard sequence == picture.sequence else { return }
        let subject = Finding.Subject(label: picture.container, scope: .root)
        // Containers of version 0.1 reported failed acquisitions as events, but did not count them as errors.
        var uncounted = books
        uncounted.errors.addSaturated(picture.leaseErrors)
        self.judge(
            books == picture.books || uncounted == picture.books,
            "the events add up to \(picture.books.summary), but the container counts \(books.summary)",
            subject,
            at: time
        )
    }

    /// Raises a finding for a mismatch. It is never withdrawn: later agreement does not repair an earlier mismatch.
    mutating func judge(_ isRight: Bool, _ evidence: @autoclosure () -> String, _ subject: Finding.Subject, at time: TimeSource.Instant) {
        if isRight { return }
        let key = FindingTable.Key(kind: .booksUnbalanced, scope: subject.scope, resource: subject.resource)
        self.raise(
            key,
            .high,
            subject,
            evidence(),
            location: nil,
            advice: "This is a bug in resmon: please report it, and describe what the program did.",
            again: self.table.stands(key) ? 0 : 1,
            at: time
        )
    }
}

extension Books {
    fileprivate var summary: String {
        "\(self.created) created, \(self.initializing) initializing, \(self.ready) ready, \(self.disposing) disposing, \(self.disposed) disposed, "
            + "\(self.initFailed) failed, \(self.abandoned) abandoned, \(self.errors) errors"
    }
}
