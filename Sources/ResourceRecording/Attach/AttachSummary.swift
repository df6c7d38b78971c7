import ResourceContainer

/// A container in a few figures, for lists of processes.
public struct AttachSummary: Sendable, Hashable, Codable {
    /// The time since the start of the server, in nanoseconds.
    public var uptimeNanoseconds: Int64
    /// The number of open scopes, without the root.
    public var scopes: Int
    /// The number of active instances.
    public var active: Int
    /// The number of errors so far.
    public var errors: Int
    /// The pool with the highest use; nil without pools.
    public var pool: PoolUse?
    /// The number of waiters in the queues of all pools.
    public var waiting: Int
    /// The number of active findings; nil if no monitor knows them.
    public var findings: Int?
    /// The name of the highest severity of the active findings: `low`, `medium`, or `high`; nil without findings.
    public var worstFinding: String?
    /// The health verdict; nil if no resource was ever checked.
    public var health: HealthStatus?
    /// The problems that need attention, one line each, most important first.
    public var attention: [String]?

    /// Creates a summary.
    public init(
        uptimeNanoseconds: Int64,
        scopes: Int,
        active: Int,
        errors: Int,
        pool: PoolUse? = nil,
        waiting: Int = 0,
        findings: Int? = nil,
        worstFinding: String? = nil,
        health: HealthStatus? = nil,
        attention: [String]? = nil
    ) {
        self.uptimeNanoseconds = uptimeNanoseconds
        self.scopes = scopes
        self.active = active
        self.errors = errors
        self.pool = pool
        self.waiting = waiting
        self.findings = findings
        self.worstFinding = worstFinding
        self.health = health
        self.attention = attention
    }
}

/// The use of one pool: its leased items of its limit.
public struct PoolUse: Sendable, Hashable, Codable {
    /// The name of the pool.
    public var name: String
    /// The number of leased items.
    public var used: Int
    /// The largest number of items that can be leased.
    public var limit: Int

    /// Creates a use.
    public init(name: String, used: Int, limit: Int) {
        self.name = name
        self.used = used
        self.limit = limit
    }
}
