import ResourceContainer
import ResourceMonitoring

/// The presentation of health. All views use these functions, so that they agree.
extension Picture {
    /// Returns the health of a resource; nil for one that has ended. O(log n).
    func standing(of id: ResourceID) -> HealthStanding? {
        guard self.resources[id] != nil else { return nil }
        return self.healthRow(of: id)?.standing ?? .notAsked
    }

    /// Returns the health of a resource as a glyph and a word; a dash for one that has ended.
    func healthSpan(of id: ResourceID, _ glyphs: GlyphSet) -> Span {
        self.standing(of: id).map { Mark($0).span(glyphs) } ?? Span(glyphs[.dash], .textDim)
    }

    /// Returns the health status of a resource, as used in JSON and filters; nil for one that has ended.
    func healthStatus(of id: ResourceID) -> HealthStatus? {
        guard self.resources[id] != nil else { return nil }
        return self.healthRow(of: id)?.status ?? .unknown
    }

    /// The overall verdict; nil if there was no checker.
    var verdict: Mark? {
        self.health.map { Mark($0.verdict) }
    }

    /// The number of live resources with each health. Without a checker, none was checked.
    var healthCounts: HealthCounts {
        if let health { return health.counts }
        var counts = HealthCounts()
        counts.notAsked = self.resources.count
        return counts
    }
}

extension HealthCounts {
    /// Returns the counts that are not zero: `● 4 healthy  x 1 unhealthy  – 9 no probe`.
    func words(_ glyphs: GlyphSet) -> String {
        HealthStanding.allCases.filter { self[$0] > 0 }.map { standing in
            "\(glyphs[Mark(standing).glyph]) \(self[standing]) \(standing.rawValue)"
        }.joined(separator: "  ")
    }
}

extension HealthStanding {
    /// The position in a sort from worst to best: unhealthy, unknown, healthy, without health.
    var rank: Int {
        switch self {
        case .unhealthy: 0
        case .error: 1
        case .degraded: 2
        case .unknown: 3
        case .notAsked: 4
        case .healthy: 5
        case .noProbe: 6
        }
    }

    /// The rank of resources that have ended.
    static let endedRank = 7
}

extension Mark {
    init(_ standing: HealthStanding) {
        switch standing {
        case .healthy: self.init(HealthStatus.healthy)
        case .degraded: self.init(HealthStatus.degraded)
        case .unhealthy: self.init(HealthStatus.unhealthy)
        case .error: self.init(HealthStatus.error)
        case .unknown: self.init(HealthStatus.unknown)
        case .notAsked: self.init(.none, standing.rawValue, .healthUnknown)
        case .noProbe: self.init(.dash, standing.rawValue, .healthUnknown)
        }
    }
}

extension HealthPicture {
    /// Returns text about the checker that provides the results; nil if the recording does not name it.
    func checkerText(isReadonly: Bool) -> String? {
        switch self.checkedBy {
        case .program: "checked by the program"
        case .dashboard: "checked by the dashboard: the program has no checker"
        case .nobody: isReadonly ? "not checked" : "not checked: i checks one, I all"
        case nil: nil
        }
    }
}
