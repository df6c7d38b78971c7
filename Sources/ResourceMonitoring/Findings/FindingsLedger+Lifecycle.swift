import ResourceContainer

/// Rules for failed, slow, and abandoned steps, and for unused instances.
extension FindingsLedger {
    mutating func initialized(_ event: ResourceEvent, took: Duration, in picture: MonitorLedger) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.succeeded(binding, at: event.time)
        self.stepEnded(.initializeSlow, event, took: took, limit: self.rules.slowInitialize, in: picture)
    }

    mutating func initializationFailed(_ event: ResourceEvent, _ text: String, took: Duration, in picture: MonitorLedger) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.stepEnded(.initializeSlow, event, took: took, limit: self.rules.slowInitialize, in: picture)
        self.bindings[binding.rawValue].failuresInARow.addSaturated(1)
        let failures = self.bindings[binding.rawValue].failuresInARow
        guard failures >= self.rules.failuresInARow else { return }
        let evidence = "\(failures) initializations in a row failed, the last with: \(text)"
        self.failing(binding, evidence, failures, at: event.time, in: picture)
    }

    private mutating func failing(
        _ binding: BindingID,
        _ evidence: String,
        _ failures: Int,
        again: Int = 1,
        at time: TimeSource.Instant,
        in picture: MonitorLedger
    ) {
        let key = FindingTable.Key(kind: .initializeFailing, binding: binding)
        self.raise(
            key,
            .high,
            self.subject(binding, in: picture),
            evidence,
            location: self.location(binding, in: picture),
            advice: "Check that its backend is reachable and its configuration is correct; declare a fallback if one exists.",
            again: self.table.stands(key) ? again : failures,
            at: time
        )
    }

    mutating func disposed(_ event: ResourceEvent, took: Duration, in picture: MonitorLedger) {
        self.stepEnded(.disposeSlow, event, took: took, limit: self.rules.slowDispose, in: picture)
        self.resourceEnds(event)
    }

    mutating func disposeThrew(_ event: ResourceEvent, _ text: String, in picture: MonitorLedger) {
        guard let binding = event.binding else { return }
        self.raise(
            .init(kind: .disposeThrew, binding: binding),
            .medium,
            self.subject(binding, in: picture),
            "\(text) (\(self.subject(event, in: picture).label))",
            location: self.location(binding, in: picture),
            advice: "Handle the error inside dispose; what it held may still be open.",
            at: event.time
        )
    }

    mutating func abandoned(_ event: ResourceEvent, _ phase: ResourceEvent.Phase, budget: Duration, in picture: MonitorLedger) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.bindings[binding.rawValue].abandoned.addSaturated(1)
        self.lastAbandoned = event.resource.map { ($0, event.time, budget) }
        if !self.slowRunning.isEmpty { self.slowRunning.remove(event.resource ?? ResourceID(0)) }
        let label = self.subject(event, in: picture).label
        let isDropped = budget == .zero
        self.abandoned(
            binding,
            isDropped
                ? "\(label): \(ResourceEvent.droppedText)" : "the \(phase.rawValue) of \(label) did not finish within \(budget.brief)",
            advice: isDropped
                ? "Dispose it when its scope ends; close the container before you release the last reference to it."
                : Self.adviceOnAbandoned,
            now: isDropped ? "not disposed" : "still running",
            at: event.time,
            in: picture
        )
        self.resourceEnds(event)
    }

    private static let adviceOnAbandoned =
        "Make it respond to cancellation or give it its own timeout; raise the budget only if it needs that long."

    private mutating func abandoned(
        _ binding: BindingID,
        _ what: String,
        advice: String = Self.adviceOnAbandoned,
        now state: String = "still running",
        again: Int = 1,
        at time: TimeSource.Instant,
        in picture: MonitorLedger
    ) {
        let out = self.bindings[binding.rawValue].abandoned
        self.raise(
            .init(kind: .abandoned, binding: binding),
            .high,
            self.subject(binding, in: picture),
            "\(what); \(out) \(state)",
            location: self.location(binding, in: picture),
            advice: advice,
            again: again,
            at: time
        )
    }

    private mutating func succeeded(_ binding: BindingID, at time: TimeSource.Instant) {
        guard self.bindings[binding.rawValue].failuresInARow > 0 else { return }
        self.bindings[binding.rawValue].failuresInARow = 0
        self.table.withdraw(.init(kind: .initializeFailing, binding: binding), at: time)
    }

    /// Applies the growth of a binding's books while its events were missed: created instances, failed initializations without a success in
    /// between, and abandoned steps.
    mutating func judgeGap(of index: Int, _ gap: MonitorCore.Gap, in picture: MonitorLedger) {
        let binding = BindingID(index)
        let (before, now) = (gap.books.indices.contains(index) ? gap.books[index] : Books(), picture.bindings[index].row.binding.books)
        func more(_ count: (Books) -> Int) -> Int { max(0, count(now).subtractingSaturated(count(before))) }
        self.bindings[index].created.add(more(\.created), from: gap.since, to: gap.until)
        let failed = more(\.initFailed)
        if more({ $0.ready.addingSaturated($0.disposing).addingSaturated($0.disposed) }) > 0 {
            self.succeeded(binding, at: gap.until)
        } else if failed > 0 {
            self.bindings[index].failuresInARow.addSaturated(failed)
            let failures = self.bindings[index].failuresInARow
            if failures >= self.rules.failuresInARow {
                let evidence = "\(failures) initializations in a row failed; the last \(failed) are known from the books only"
                self.failing(binding, evidence, failures, again: failed, at: gap.until, in: picture)
            }
        }
        let abandoned = more(\.abandoned)
        if abandoned > 0 {
            self.bindings[index].abandoned.addSaturated(abandoned)
            let what = "\(abandoned) did not finish within their budget, known from the books only"
            self.abandoned(binding, what, again: abandoned, at: gap.until, in: picture)
        }
    }

    mutating func completedLate(_ event: ResourceEvent, _ phase: ResourceEvent.Phase, took: Duration, in picture: MonitorLedger) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.bindings[binding.rawValue].abandoned = max(0, self.bindings[binding.rawValue].abandoned - 1)
        if let last = self.lastAbandoned, last.resource == event.resource, last.time == event.time {
            // It was abandoned at the instant it completed, because it had blocked its thread until then.
            self.slow(
                phase == .initialize ? .initializeSlow : .disposeSlow,
                self.subject(event, in: picture),
                "blocked its thread for \(took.brief), with a budget of \(last.budget.brief)",
                phase == .initialize ? self.rules.slowInitialize : self.rules.slowDispose,
                again: 1,
                at: event.time,
                in: picture
            )
        }
        if self.bindings[binding.rawValue].abandoned == 0 { self.table.withdraw(.init(kind: .abandoned, binding: binding), at: event.time) }
    }

    /// Raises a finding for a slow step that has ended.
    private mutating func stepEnded(
        _ kind: Finding.Kind,
        _ event: ResourceEvent,
        took: Duration,
        limit: Duration,
        in picture: MonitorLedger
    ) {
        if !self.slowRunning.isEmpty, let id = event.resource, self.slowRunning.remove(id) != nil {
            self.slow(kind, self.subject(event, in: picture), "took \(took.brief)", limit, again: 0, at: event.time, in: picture)
        } else if took >= limit {
            self.slow(kind, self.subject(event, in: picture), "took \(took.brief)", limit, again: 1, at: event.time, in: picture)
        }
    }

    private mutating func slow(
        _ kind: Finding.Kind,
        _ subject: Finding.Subject,
        _ what: String,
        _ limit: Duration,
        again: Int,
        at time: TimeSource.Instant,
        in picture: MonitorLedger
    ) {
        guard let binding = subject.binding else { return }
        let figures = picture.bindings[binding.rawValue]
        let usual = kind == .initializeSlow ? figures.initialize.summary : figures.dispose.summary
        self.raise(
            .init(kind: kind, binding: binding),
            .medium,
            self.subject(binding, in: picture),
            "\(what), limit \(limit.brief), \(usual.count == 0 ? "none finished yet" : "median \(usual.median.brief) of \(usual.count)") (\(subject.label))",
            location: self.location(binding, in: picture),
            advice: kind == .initializeSlow
                ? "The first requester waits for it: make it eager, or find out what it waits for."
                : "It delays the close of its scope: find out what it waits for.",
            again: again,
            at: time
        )
    }

    /// Withdraws the findings about an instance that has ended.
    private mutating func resourceEnds(_ event: ResourceEvent) {
        guard let id = event.resource else { return }
        if !self.healthChanges.isEmpty { self.healthChanges[id] = nil }
        self.table.withdraw(at: event.time) { key, finding in
            key.resource == id && [.unhealthy, .healthFlapping, .neverUsed].contains(finding.kind)
        }
    }

    // MARK: Scans

    /// Checks every active resource for long-running steps and for missing use.
    mutating func scanResources(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        var unused: [ResourceRow] = []
        picture.resources.visit { row in
            switch row.resource.state {
            case .initializing:
                self.judgeRunning(.initializeSlow, row, since: row.resource.createdAt, self.rules.slowInitialize, at: time, in: picture)
            case .disposing:
                guard let since = row.endedAt else { return }
                self.judgeRunning(.disposeSlow, row, since: since, self.rules.slowDispose, at: time, in: picture)
            case .ready:
                guard row.resource.uses == 0, let readyAt = row.resource.readyAt else { return }
                let due = readyAt + self.rules.unusedAfter
                if due <= time { unused.append(row) } else { self.look(at: due) }
            case .disposed, .initFailed, .abandoned: break
            }
        }
        self.judge(unused: unused, at: time, in: picture)
    }

    private mutating func judgeRunning(
        _ kind: Finding.Kind,
        _ row: ResourceRow,
        since: TimeSource.Instant,
        _ limit: Duration,
        at time: TimeSource.Instant,
        in picture: MonitorLedger
    ) {
        guard since + limit <= time else { return self.look(at: since + limit) }
        let isNew = self.slowRunning.insert(row.resource.id).inserted
        let binding = row.resource.binding
        let label = "\(picture.binding(binding)?.label ?? "")\(row.resource.id)"
        let subject = Finding.Subject(label: label, binding: binding, scope: row.resource.scope, resource: row.resource.id)
        self.slow(kind, subject, "running for \((time - since).brief)", limit, again: isNew ? 1 : 0, at: time, in: picture)
    }

    private mutating func judge(unused: [ResourceRow], at time: TimeSource.Instant, in picture: MonitorLedger) {
        var candidates: [ResourceID: ResourceRow] = [:]
        for row in unused { candidates[row.resource.id] = row }
        for pool in self.lending { candidates[pool] = nil }
        // A dependency is used by the instances that need it.
        if !candidates.isEmpty {
            picture.resources.visit { row in
                guard row.resource.state.isActive else { return }
                for dependency in row.resource.dependencies { candidates[dependency] = nil }
            }
        }
        self.table.withdraw(at: time) { key, finding in
            finding.kind == .neverUsed && key.resource.map { candidates[$0] == nil } ?? false
        }
        for row in candidates.values.sorted(by: { $0.resource.id < $1.resource.id }) {
            let key = FindingTable.Key(kind: .neverUsed, resource: row.resource.id)
            guard let readyAt = row.resource.readyAt else { continue }
            let subject = Finding.Subject(
                label: "\(picture.binding(row.resource.binding)?.label ?? "")\(row.resource.id)",
                binding: row.resource.binding,
                scope: row.resource.scope,
                resource: row.resource.id
            )
            self.raise(
                key,
                .low,
                subject,
                "ready for \((time - readyAt).brief) and never used",
                location: self.location(row.resource.binding, in: picture),
                advice: "Create it only when it is needed, or remove the binding.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        }
    }
}
