import ResourceContainer

/// How a resource stands, in the words of every view and export: its status, or why it has none.
public enum HealthStanding: String, Sendable, Hashable, Codable, CaseIterable {
    case healthy
    case degraded
    case unhealthy
    case error
    /// It cannot tell, or has not answered for three intervals.
    case unknown
    /// It has not been asked yet.
    case notAsked = "not asked"
    /// It has nothing to be asked.
    case noProbe = "no probe"
}

extension HealthRow {
    /// How it stands.
    public var standing: HealthStanding {
        switch self.status {
        case .healthy: .healthy
        case .degraded: .degraded
        case .unhealthy: .unhealthy
        case .error: .error
        case .unknown where !self.hasProbe: .noProbe
        case .unknown where self.history.isEmpty && !self.isStale: .notAsked
        case .unknown: .unknown
        }
    }
}

/// How many live resources stand how.
public struct HealthCounts: Sendable, Hashable, Codable {
    public var healthy = 0
    public var degraded = 0
    public var unhealthy = 0
    public var error = 0
    /// Those that cannot tell, or have not answered for three intervals.
    public var unknown = 0
    /// Those that were not asked yet.
    public var notAsked = 0
    /// Those that have nothing to be asked.
    public var noProbe = 0

    enum CodingKeys: String, CodingKey {
        case healthy, degraded, unhealthy, error, unknown
        case notAsked = "not_asked"
        case noProbe = "no_probe"
    }

    public init() {}

    public subscript(standing: HealthStanding) -> Int {
        get { self[keyPath: Self.path(standing)] }
        set { self[keyPath: Self.path(standing)] = newValue }
    }

    private static func path(_ standing: HealthStanding) -> WritableKeyPath<HealthCounts, Int> {
        switch standing {
        case .healthy: \.healthy
        case .degraded: \.degraded
        case .unhealthy: \.unhealthy
        case .error: \.error
        case .unknown: \.unknown
        case .notAsked: \.notAsked
        case .noProbe: \.noProbe
        }
    }
}

extension HealthPicture {
    /// How many of the resources stand how: together as many as there are rows. O(rows).
    public var counts: HealthCounts {
        var counts = HealthCounts()
        for row in self.rows { counts[row.standing] += 1 }
        return counts
    }
}
