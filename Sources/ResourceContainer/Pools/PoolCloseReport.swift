/// What became of a pool's items when it was closed.
public struct PoolCloseReport: Sendable {
    /// The pool's name.
    public let pool: String
    /// Items that were closed, those included whose closing threw.
    public let closed: Int
    /// What the closing of items threw.
    public let errors: [any Error]
    /// Items that did not come back from being made or closed in time.
    public let abandoned: Int
    /// What these errors say, asked once each.
    let errorTexts: [String]
    /// The borrowers that did not give back in time, longest first; their items are closed when they do.
    public let unreturned: [PoolSample.Holder]

    /// Whether every item came back and was closed without an error.
    public var isClean: Bool {
        self.errors.isEmpty && self.abandoned == 0 && self.unreturned.isEmpty
    }

    /// What is wrong, in words.
    var faults: [String] {
        var faults: [String] = []
        if !self.unreturned.isEmpty {
            faults.append("\(self.unreturned.count) not given back, lent at \(PoolSample.Holder.list(self.unreturned))")
        }
        if self.abandoned > 0 { faults.append("\(self.abandoned) did not come back from being made or closed") }
        if let first = self.errorTexts.first { faults.append("closing \(self.errors.count) threw, first: \(first)") }
        return faults
    }

    /// What is wrong, for a report that is not clean.
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
