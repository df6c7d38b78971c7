import ResourceContainer

/// The picture of a moment between two samples.
extension HealthPicture {
    /// This picture, which was sampled up to a second ago, for the resources that `ledger` holds to be alive at `now`.
    ///
    /// What has ended since has no health any more, what came has not been asked, and the verdict is that of what is left. So every figure that
    /// an update or a report has of health is of the same resources as its other figures. O(rows and live resources).
    ///
    /// - Parameter said: whether what came counts by what it was said to be, which nobody samples where there is no checker.
    func settled(for ledger: MonitorLedger, at now: TimeSource.Instant, said: Bool = false) -> HealthPicture {
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
            came.append(HealthRow(of: row, label: label, said: said ? row.resource.health : nil, at: now))
        }
        settled.rows = (settled.rows + came).sorted { $0.resource < $1.resource }
        return settled
    }

    /// The picture of a container that never had a checker, made of what its instances were said to be; nil if nothing was ever said.
    init?(said ledger: MonitorLedger, at now: TimeSource.Instant) {
        guard ledger.knowsHealth else { return nil }
        self.init(time: now, verdict: .unknown, since: now, causes: [], transitions: [], rows: [], asker: .nobody)
        self = self.settled(for: ledger, at: now, said: true)
        let verdict = HealthVerdict(self.rows.lazy.map(\.opinion))
        self.verdict = verdict.status
        self.causes = verdict.causes(at: now)
    }
}

extension HealthRow {
    /// One that was not sampled: not asked yet, unless something was said of it.
    fileprivate init(of row: ResourceRow, label: String, said: HealthResult?, at now: TimeSource.Instant) {
        self.init(
            resource: row.resource.id,
            label: "\(label)\(row.resource.id)",
            scope: row.resource.scope,
            isCritical: true,
            status: said?.status ?? .unknown,
            since: said?.time ?? now,
            history: said.map { [$0] } ?? [],
            transitions: [],
            interval: HealthPolicy().interval,
            nextCheck: nil,
            isLate: false,
            standsInFor: nil,
            affectedBy: [],
            hasProbe: said?.probe != HealthResult.noProbe
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
            message: self.history.last?.message ?? self.standsInFor.map { "stands in for \($0)" },
            quietSince: self.history.last { $0.status != .unknown }?.time ?? self.since
        )
    }
}
