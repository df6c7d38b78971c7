import ResourceContainer
import ResourceMonitoring

/// Health as every view shows it. Views ask here and nowhere else, so that they cannot contradict each other.
extension Picture {
    /// How a resource stands; nil for one that has ended, which has no health any more. O(log n).
    func standing(of id: ResourceID) -> HealthStanding? {
        guard self.resources[id] != nil else { return nil }
        return self.healthRow(of: id)?.standing ?? .notAsked
    }

    /// Its sign and word; a dash for one that has ended.
    func healthSpan(of id: ResourceID, _ glyphs: GlyphSet) -> Span {
        self.standing(of: id).map { Mark($0).span(glyphs) } ?? Span(glyphs[.dash], .textDim)
    }

    /// The status behind the standing, as JSON and filters have it; nil for one that has ended.
    func healthStatus(of id: ResourceID) -> HealthStatus? {
        guard self.resources[id] != nil else { return nil }
        return self.healthRow(of: id)?.status ?? .unknown
    }

    /// The verdict of the whole; nil if there never was a checker.
    var verdict: Mark? {
        self.health.map { Mark($0.verdict) }
    }

    /// How many live resources stand how; without a checker none was asked.
    var healthCounts: HealthCounts {
        if let health { return health.counts }
        var counts = HealthCounts()
        counts.notAsked = self.resources.count
        return counts
    }
}

extension HealthCounts {
    /// `● 4 healthy  x 1 unhealthy  – 9 no probe`: what there is any of.
    func words(_ glyphs: GlyphSet) -> String {
        HealthStanding.allCases.filter { self[$0] > 0 }.map { standing in
            "\(glyphs[Mark(standing).glyph]) \(self[standing]) \(standing.rawValue)"
        }.joined(separator: "  ")
    }
}

extension HealthStanding {
    /// Its place when the worst stands first: what has to be looked at, what is not known, what is well, what has no health.
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

    /// The place of what has ended.
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
    /// Whose checker asks; nil if the recording does not tell.
    func askerWords(isReadonly: Bool) -> String? {
        switch self.asker {
        case .program: "the program's checker asks"
        case .dashboard: "the dashboard's own checker asks: the program runs none"
        case .nobody: isReadonly ? "nobody asks" : "nobody asks: i asks one, I all"
        case nil: nil
        }
    }
}
