/// The numbers of closed scopes by their outcome. They add up to the number of closed scopes without the root.
public struct ScopeOutcomeCounts: Hashable, Sendable, Codable {
    /// The number of scopes whose body returned.
    public var returned = 0
    /// The number of scopes whose body threw an error.
    public var threw = 0
    /// The number of scopes whose body was canceled.
    public var canceled = 0
    /// The number of scopes without an outcome: they were opened with `openScope`, or closed before their body ended.
    public var none = 0

    /// Creates counts of zero.
    public init() {}

    /// The number of scopes with any outcome, or none.
    public var total: Int {
        self.returned.addingSaturated(self.threw).addingSaturated(self.canceled).addingSaturated(self.none)
    }

    /// The counts with the names of the outcomes in exported metrics, in a fixed order.
    package var named: [(name: String, count: Int)] {
        [("returned", self.returned), ("threw", self.threw), ("canceled", self.canceled), ("none", self.none)]
    }

    /// Counts a closed scope. O(1).
    package mutating func add(_ outcome: ScopeOutcome?) {
        switch outcome?.kind {
        case .returned: self.returned.addSaturated(1)
        case .threw: self.threw.addSaturated(1)
        case .canceled: self.canceled.addSaturated(1)
        case nil: self.none.addSaturated(1)
        }
    }

    /// Returns these counts with further scopes without an outcome, so that the total is `closed`; the same counts if it is not less.
    package func grown(to closed: Int) -> ScopeOutcomeCounts {
        var counts = self
        counts.none.addSaturated(max(0, closed.subtractingSaturated(self.total)))
        return counts
    }

    /// Adds counts, limited to the range of `Int`.
    package static func += (left: inout ScopeOutcomeCounts, right: ScopeOutcomeCounts) {
        left.returned.addSaturated(right.returned)
        left.threw.addSaturated(right.threw)
        left.canceled.addSaturated(right.canceled)
        left.none.addSaturated(right.none)
    }

    /// Subtracts counts, limited to the range of `Int`.
    package static func -= (left: inout ScopeOutcomeCounts, right: ScopeOutcomeCounts) {
        left.returned.subtractSaturated(right.returned)
        left.threw.subtractSaturated(right.threw)
        left.canceled.subtractSaturated(right.canceled)
        left.none.subtractSaturated(right.none)
    }
}
