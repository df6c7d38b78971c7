import ResourceContainer

/// What goes wrong, or takes long, in the life of resources.
extension FindingsLedger {
    mutating func initialised(_ event: ResourceEvent, took: Duration, in picture: MonitorLedger) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.succeeded(binding, at: event.time)
        self.stepEnded(.initialiseSlow, event, took: took, limit: self.rules.slowInitialise, in: picture)
    }

    mutating func initialisationFailed(_ event: ResourceEvent, _ text: String, took: Duration, in picture: MonitorLedger) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.stepEnded(.initialiseSlow, event, took: took, limit: self.rules.slowInitialise, in: picture)
        self.bindings[binding.rawValue].failuresInARow.addSaturated(1)
        let failures = self.bindings[binding.rawValue].failuresInARow
        guard failures >= self.rules.failuresInARow else { return }
        let evidence = "\(failures) initialisations in a row have failed, the last with: \(text)"
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
        let key = FindingTable.Key(kind: .initialiseFailing, binding: binding)
        self.raise(
            key,
            .high,
            self.subject(binding, in: picture),
            evidence,
            place: self.place(binding, in: picture),
            advice: "See whether what it connects to is there and its configuration is right; declare a fallback if there is one.",
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
            place: self.place(binding, in: picture),
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
                ? "\(label): \(ResourceEvent.droppedText)" : "the \(phase.rawValue) of \(label) did not come back within \(budget.brief)",
            advice: isDropped ? "Close the container before the last reference to it goes." : Self.adviceOnAbandoned,
            at: event.time,
            in: picture
        )
        self.resourceEnds(event)
    }

    private static let adviceOnAbandoned =
        "Let it answer cancellation or give it a time limit of its own; raise the budget only if it rightly takes that long."

    private mutating func abandoned(
        _ binding: BindingID,
        _ what: String,
        advice: String = Self.adviceOnAbandoned,
        again: Int = 1,
        at time: TimeSource.Instant,
        in picture: MonitorLedger
    ) {
        let out = self.bindings[binding.rawValue].abandoned
        self.raise(
            .init(kind: .abandoned, binding: binding),
            .high,
            self.subject(binding, in: picture),
            "\(what); \(out) \(out == 1 ? "is" : "are") still out",
            place: self.place(binding, in: picture),
            advice: advice,
            again: again,
            at: time
        )
    }

    private mutating func succeeded(_ binding: BindingID, at time: TimeSource.Instant) {
        guard self.bindings[binding.rawValue].failuresInARow > 0 else { return }
        self.bindings[binding.rawValue].failuresInARow = 0
        self.table.withdraw(.init(kind: .initialiseFailing, binding: binding), at: time)
    }

    /// What the books say of a binding whose events were missed: how many instances were begun, how many initialisations failed with none that
    /// succeeded between them, and how many steps were abandoned.
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
                let evidence = "\(failures) initialisations in a row have failed; the last \(failed) are known from the books only"
                self.failing(binding, evidence, failures, again: failed, at: gap.until, in: picture)
            }
        }
        let abandoned = more(\.abandoned)
        if abandoned > 0 {
            self.bindings[index].abandoned.addSaturated(abandoned)
            let what = "\(abandoned) did not come back within their budget, known from the books only"
            self.abandoned(binding, what, again: abandoned, at: gap.until, in: picture)
        }
    }

    mutating func completedLate(_ event: ResourceEvent, _ phase: ResourceEvent.Phase, took: Duration, in picture: MonitorLedger) {
        guard let binding = event.binding, self.bindings.indices.contains(binding.rawValue) else { return }
        self.bindings[binding.rawValue].abandoned = max(0, self.bindings[binding.rawValue].abandoned - 1)
        if let last = self.lastAbandoned, last.resource == event.resource, last.time == event.time {
            // It was abandoned only as it came back: until then it held its thread.
            self.slow(
                phase == .initialise ? .initialiseSlow : .disposeSlow,
                self.subject(event, in: picture),
                "blocked its thread for \(took.brief), when its budget of \(last.budget.brief) was used up",
                phase == .initialise ? self.rules.slowInitialise : self.rules.slowDispose,
                again: 1,
                at: event.time,
                in: picture
            )
        }
        if self.bindings[binding.rawValue].abandoned == 0 { self.table.withdraw(.init(kind: .abandoned, binding: binding), at: event.time) }
    }

    /// An initialise or a dispose is over.
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
        let usual = kind == .initialiseSlow ? figures.initialise.summary : figures.dispose.summary
        self.raise(
            .init(kind: kind, binding: binding),
            .medium,
            self.subject(binding, in: picture),
            "\(what), limit \(limit.brief), \(usual.count == 0 ? "none came back yet" : "median of \(usual.count) \(usual.median.brief)") (\(subject.label))",
            place: self.place(binding, in: picture),
            advice: kind == .initialiseSlow
                ? "Whoever asks first waits for it: make it eager, or find out what it waits for."
                : "It holds up the closing of its scope: find out what it waits for.",
            again: again,
            at: time
        )
    }

    /// An instance is gone: what was found about itself goes with it.
    private mutating func resourceEnds(_ event: ResourceEvent) {
        guard let id = event.resource else { return }
        if !self.healthChanges.isEmpty { self.healthChanges[id] = nil }
        self.table.withdraw(at: event.time) { key, finding in
            key.resource == id && [.unhealthy, .healthFlapping, .neverUsed].contains(finding.kind)
        }
    }

    // MARK: What lasts

    /// Looks at every active resource: steps that run for long, and instances that nobody uses.
    mutating func scanResources(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        var unused: [ResourceRow] = []
        picture.resources.visit { row in
            switch row.resource.state {
            case .initialising:
                self.judgeRunning(.initialiseSlow, row, since: row.resource.createdAt, self.rules.slowInitialise, at: time, in: picture)
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
        self.slow(kind, subject, "is running for \((time - since).brief)", limit, again: isNew ? 1 : 0, at: time, in: picture)
    }

    private mutating func judge(unused: [ResourceRow], at time: TimeSource.Instant, in picture: MonitorLedger) {
        var candidates: [ResourceID: ResourceRow] = [:]
        for row in unused { candidates[row.resource.id] = row }
        for pool in self.lending { candidates[pool] = nil }
        // What was made into another resource is used by that one.
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
                "ready for \((time - readyAt).brief), and nobody has asked for it",
                place: self.place(row.resource.binding, in: picture),
                advice: "Do not make it before somebody needs it, or remove the binding.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        }
    }
}
