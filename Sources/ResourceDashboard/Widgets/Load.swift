import ResourceContainer

/// How heavily something limited is used. It decides the color of gauges and charts.
package enum Load: Hashable, Sendable {
    case normal
    /// More than 80 % of the limit is used.
    case high
    /// The whole limit is used, and there are waiters.
    case exhausted

    /// The share of the limit above which a load is high.
    static let highShare = 0.8

    package init(used: Double, limit: Double, waiting: Double = 0) {
        if used >= limit, waiting > 0 {
            self = .exhausted
        } else {
            self = used > limit * Self.highShare ? .high : .normal
        }
    }

    /// The load of a pool.
    init(_ pool: PoolSample) {
        self.init(used: Double(pool.leased), limit: Double(pool.maximum), waiting: Double(pool.waiting))
    }

    /// Returns the role of the used part. `normal` is the role without trouble.
    package func role(normal: Role) -> Role {
        switch self {
        case .normal: normal
        case .high: .healthDegraded
        case .exhausted: .stateFailed
        }
    }
}
