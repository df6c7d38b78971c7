import ResourceContainer

/// Health between two samples.
extension HealthPicture {
    /// This picture, sampled up to one second ago, updated to the resources that are active in `ledger` at `now`.
    ///
    /// Ended resources are removed, new ones are added as not checked, and the verdict is derived again if resources were removed. The
    /// health figures of an update or a report thus cover the same resources as its other figures. O(rows and active resources).
    ///
    /// - Parameter single: Whether new resources get the result of their last single check. Without a checker, these are not sampled.
    func settled(for ledger: MonitorLedger, at now: TimeSource.Instant, single: Bool = false) -> HealthPicture {
        var settled = self
        settled.rows.removeAll { !ledger.isActive($0.resource) }
        if settled.rows.count < self.rows.count {
            let verdict = HealthVerdict(settled.rows.lazy.map(\.opinion))
            if verdict.status != self.verdict { settled.since = now }
            settled.verdict = verdict.status
            settled.isStale = verdict.isStale
            settled.causes = verdict.causes(at: now)
        }
        guard settled.rows.count < ledger.books.active else { return settled }
        let known = Set(settled.rows.map(\.resource))
        var came: [HealthRow] = []
        ledger.resources.visit { row in
            guard row.resource.state.isActive, !known.contains(row.resource.id) else { return }
            let label = ledger.binding(row.resource.binding)?.label ?? ""
            came.append(HealthRow(of: row, label: label, single: single ? row.resource.health : nil, at: now))
        }
        settled.rows = (settled.rows + came).sorted { $0.resource < $1.resource }
        return settled
    }

    /// Creates the picture of a container without a checker from the results of single checks; nil if there are none.
    init?(single ledger: MonitorLedger, at now: TimeSource.Instant) {
        guard ledger.knowsHealth else { return nil }
        self.init(time: now, verdict: .unknown, since: now, causes: [], transitions: [], rows: [], checkedBy: .nobody)
        self = self.settled(for: ledger, at: now, single: true)
        let verdict = HealthVerdict(self.rows.lazy.map(\.opinion))
        self.verdict = verdict.status
        self.causes = verdict.causes(at: now)
    }
}

extension HealthRow {
    /// Creates the row of a resource that was not sampled. Without a result in `single`, it is not checked yet.
    fileprivate init(of row: ResourceRow, label: String, single: HealthResult?, at now: TimeSource.Instant) {
        self.init(
            resource: row.resource.id,
            label: "\(label)\(row.resource.id)",
            scope: row.resource.scope,
            isCritical: true,
            status: single?.status ?? .unknown,
            since: single?.time ?? now,
            history: single.map { [$0] } ?? [],
            transitions: [],
            interval: HealthPolicy().interval,
            nextCheck: nil,
            isLate: false,
            fallbackFor: nil,
            affectedBy: [],
            hasProbe: single?.probe != HealthResult.noProbe
        )
    }

    fileprivate var opinion: HealthOpinion {
        HealthOpinion(
            resource: self.resource,
            label: self.label,
            isCritical: self.isCritical,
            status: self.status,
            countsAs: self.countsAs,
            isStale: self.isStale,
            message: self.history.last?.message ?? self.fallbackFor.map { "fallback for \($0)" },
            quietSince: self.history.last { $0.status != .unknown }?.time ?? self.since
        )
    }
}
