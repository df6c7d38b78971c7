import ResourceContainer

/// Rules for unhealthy resources and for health that changes often.
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
}
