import ResourceContainer

/// The health of a resource as shown by views and exports: its status, or the reason why it has none.
public enum HealthStanding: String, Sendable, Hashable, Codable, CaseIterable {
    /// The resource works.
    case healthy
    /// The resource works with restrictions.
    case degraded
    /// The resource does not work.
    case unhealthy
    /// The health check failed.
    case error
    /// The resource cannot determine its health, or has not answered for three intervals.
    case unknown
    /// The resource has not been checked yet.
    case notAsked = "not asked"
    /// The resource has no health check.
    case noProbe = "no probe"
}

extension HealthRow {
    /// The health of the resource as shown by views and exports.
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

/// The number of active resources per ``HealthStanding``.
public struct HealthCounts: Sendable, Hashable, Codable {
    /// The number of healthy resources.
    public var healthy = 0
    /// The number of degraded resources.
    public var degraded = 0
    /// The number of unhealthy resources.
    public var unhealthy = 0
    /// The number of resources whose health check failed.
    public var error = 0
    /// The number of resources that cannot determine their health, or have not answered for three intervals.
    public var unknown = 0
    /// The number of resources that have not been checked yet.
    public var notAsked = 0
    /// The number of resources without a health check.
    public var noProbe = 0

    enum CodingKeys: String, CodingKey {
        case healthy, degraded, unhealthy, error, unknown
        case notAsked = "not_asked"
        case noProbe = "no_probe"
    }

    /// Creates counts of zero.
    public init() {}

    /// The number of resources with `standing`.
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
    /// The number of resources per standing. The counts add up to the number of rows.
    ///
    /// - Complexity: O(rows).
    public var counts: HealthCounts {
        var counts = HealthCounts()
        for row in self.rows { counts[row.standing] += 1 }
        return counts
    }
}
