/// A pool's figures as the specification's `get_metrics` gives them, with a few more; durations in seconds.
public struct PoolMetrics: Sendable, Hashable, Codable {
    /// Items lent.
    public var activeConnections: Int
    /// Items made so far.
    public var totalCreated: Int
    /// How long an acquisition took on average, in seconds, those included that had nothing to wait for; 0 of none.
    public var avgConnectionTime: Double
    /// The longest that an acquisition took, in seconds.
    public var maxConnectionTime: Double
    /// Borrowers in the queue.
    public var waiting: Int
    /// Items waiting for a borrower.
    public var idle: Int
    /// Acquisitions refused because the pool was empty.
    public var exhausted: Int
    /// Leases that are out at this moment and are suspected of being leaks, or lost, or both.
    public var leaked: Int

    enum CodingKeys: String, CodingKey {
        case activeConnections = "active_connections"
        case totalCreated = "total_created"
        case avgConnectionTime = "avg_connection_time"
        case maxConnectionTime = "max_connection_time"
        case waiting, idle, exhausted, leaked
    }

    /// The metrics that a sample holds.
    public init(_ sample: PoolSample) {
        self.activeConnections = sample.leased
        self.totalCreated = sample.made
        self.avgConnectionTime = sample.leases <= 0 ? 0 : sample.totalWait / .seconds(sample.leases)
        self.maxConnectionTime = sample.longestWait / .seconds(1)
        self.waiting = sample.waiting
        self.idle = sample.idle
        self.exhausted = sample.exhausted
        self.leaked = sample.leaked
    }
}
