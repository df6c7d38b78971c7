/// The outcome of closing a pool: how many items were closed or abandoned, what failed, and which leases were not released.
public struct PoolCloseReport: Sendable {
    /// The pool's name.
    public let pool: String
    /// The number of items that were closed, including those whose close threw.
    public let closed: Int
    /// The errors that closing items threw.
    public let errors: [any Error]
    /// The number of items whose creation or close did not finish in time.
    public let abandoned: Int
    /// The texts of ``errors``, computed once each.
    let errorTexts: [String]
    /// The holders that did not release in time, longest lease first. Their items are closed when they are released.
    public let unreturned: [PoolSample.Holder]

    /// Whether every item was released and closed without an error.
    public var isClean: Bool {
        self.errors.isEmpty && self.abandoned == 0 && self.unreturned.isEmpty
    }

    /// The problems, as parts of a sentence.
    var faults: [String] {
        var faults: [String] = []
        if !self.unreturned.isEmpty {
            let leases = self.unreturned.count == 1 ? "1 lease" : "\(self.unreturned.count) leases"
            faults.append("\(leases) not released, acquired at \(PoolSample.Holder.list(self.unreturned))")
        }
        if self.abandoned > 0 { faults.append("\(self.abandoned) abandoned while being created or closed") }
        if let first = self.errorTexts.first { faults.append("closing \(self.errors.count) threw, the first: \(first)") }
        return faults
    }

    /// An error with the problems; nil if the report is clean.
    var error: PoolError? {
        if self.isClean { return nil }
        return PoolError(
            .notCleanlyClosed,
            pool: self.pool,
            underlying: self.errors.first,
            unreturned: self.unreturned,
            "pool \(self.pool) is closed, but \(self.faults.joined(separator: "; "))"
        )
    }
}
