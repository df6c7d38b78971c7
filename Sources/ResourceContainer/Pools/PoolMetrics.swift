/// The pool figures of the specification's `get_metrics`, with a few more. Times are in seconds.
public struct PoolMetrics: Sendable, Hashable, Codable {
    /// The number of leased items.
    public var activeConnections: Int
    /// The number of item creations started so far, including failed ones.
    public var totalCreated: Int
    /// The average time of an acquisition in seconds, including those that did not wait; 0 before the first.
    public var avgConnectionTime: Double
    /// The longest time of an acquisition, in seconds.
    public var maxConnectionTime: Double
    /// The number of waiters in the queue.
    public var waiting: Int
    /// The number of idle items.
    public var idle: Int
    /// The number of acquisitions that were refused because the pool was exhausted.
    public var exhausted: Int
    /// The number of current leases that are suspected leaks, lost, or both.
    public var leaked: Int

    enum CodingKeys: String, CodingKey {
        case activeConnections = "active_connections"
        case totalCreated = "total_created"
        case avgConnectionTime = "avg_connection_time"
        case maxConnectionTime = "max_connection_time"
        case waiting, idle, exhausted, leaked
    }

    /// Creates the metrics from a sample.
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
