import ResourceContainer

/// What happened to the resources of a container since the record was begun, and what a test expects of it.
///
/// ```swift
/// let record = LifecycleRecord(of: container)
/// try await handleRequest()
/// try record.expectEverythingDisposed()
/// try record.expectDisposed(["Orders", "Database"])
/// ```
///
/// Reads the container's events, which it keeps: for tests, not for programs that run for long. Every expectation throws
/// ``ExpectationFailure`` if it is not met.
public final class LifecycleRecord: Sendable {
    private let container: Container
    private let subscription: EventSubscription
    private let log: Lock<LifecycleLog>
    /// What outlived its dispose before the record was begun, and the pools as they stood then.
    private let outlivingBefore: Set<ResourceID>
    private let poolsBefore: [PoolSample]

    /// A record of everything that happens in `container` from now on.
    public init(of container: Container) {
        self.container = container
        self.outlivingBefore = Set(container.outliving().map(\.resource))
        self.poolsBefore = container.poolSamples()
        self.subscription = container.subscribe()
        self.log = Lock(LifecycleLog(self.subscription.snapshot))
    }

    /// What was found to be wrong so far, whatever is expected: books that do not balance, an instance that went from one state to another
    /// that does not follow it, or that was disposed before what depends on it. Nothing in a container that works.
    public var faults: [String] {
        self.read { $0.faults }
    }

    /// The books of everything that happened since the record was begun, computed from the events alone.
    public var books: Books {
        self.read { $0.books }
    }

    /// The labels of what was disposed, in order.
    public var disposed: [String] {
        self.read { log in log.disposed.map { log.label($0) } }
    }

    /// The most instances of the binding `label` that were active at a time, those included that were there when the record was begun.
    public func mostActive(_ label: String) -> Int {
        self.read { $0.mostActive[label] ?? 0 }
    }

    private func read<Result: Sendable>(_ body: (LifecycleLog) -> Result) -> Result {
        let batch = self.subscription.drain()
        return self.log.withLock { log in
            log.apply(batch)
            return body(log)
        }
    }

    // MARK: Expectations

    /// Everything that was made since the record was begun is disposed, without an error and within its budget.
    public func expectEverythingDisposed() throws(ExpectationFailure) {
        try self.expectBalancedBooks()
        let open = self.read { log in log.unfinished.map { "\(log.label($0))\($0) is still \(log.states[$0]?.rawValue ?? "there")" } }
        try Self.check("everything is disposed", open)
        let failed = self.read { $0.failures }
        try Self.check("everything is disposed without an error", failed)
    }

    /// Nothing that was made since the record was begun is left: all scopes are closed, nothing is abandoned, and everything that was lent
    /// by a pool is given back.
    ///
    /// - Parameters:
    ///   - except: labels of what may be left.
    ///   - allowsSingletons: whether singletons may be left, as they live as long as the container: for code that runs before that is
    ///     closed.
    public func expectNothingLeaked(except: Set<String> = [], allowsSingletons: Bool = false) throws(ExpectationFailure) {
        try Self.check("the record is complete", self.faults)
        var found = self.read { log in
            let left = log.unfinished.filter { !except.contains(log.label($0)) && !(allowsSingletons && log.isSingleton($0)) }
            return log.openScopes.map { "scope \($0.name) is still open, opened at \($0.place)" }
                + left.map { "\(log.label($0))\($0) is still there, \(log.whereabouts($0))" }
                + log.abandoned.map { "\(log.label($0))\($0) was abandoned, \(log.whereabouts($0))" }
        }
        found += self.unreturned()
        for resource in self.container.outliving() where !self.outlivingBefore.contains(resource.resource) {
            found.append(
                "\(resource.label)\(resource.resource) outlives its dispose, in scope \(resource.scope), bound at \(resource.place)"
            )
        }
        try Self.check("nothing is leaked", found)
    }

    /// What pools have lent since the record was begun and was not given back, a line for each pool.
    private func unreturned() -> [String] {
        self.container.poolSamples().compactMap { pool in
            let earlier = self.poolsBefore.first { $0.resource == pool.resource }
            let holders = pool.holders.filter { earlier?.holders.contains($0) != true }
            // Only the longest leases are listed; of the others those that were out before are taken off.
            let unlisted = max(0, pool.leased - pool.holders.count - (earlier.map { $0.leased - $0.holders.count } ?? 0))
            if holders.isEmpty, unlisted == 0 { return nil }
            let places = self.read { log in
                holders.map { holder in "\(holder.place)" + (holder.scope.map { " in scope \(log.name($0))" } ?? "") }
            }
            let listed = places.countedInOrder.map { $1 == 1 ? $0 : "\($0) (\($1) times)" } + (unlisted > 0 ? ["other places"] : [])
            return "\(holders.count + unlisted) of pool \(pool.name) not given back, lent at \(listed.joined(separator: ", "))"
        }
    }

    /// Exactly these were disposed, in this order. Labels as `LiveResource.label` gives them.
    public func expectDisposed(_ labels: [String]) throws(ExpectationFailure) {
        try Self.check("the record is complete", self.faults)
        let found = self.disposed
        if found == labels { return }
        throw ExpectationFailure("disposed in this order: \(labels.joined(separator: ", "))", ["it was \(found.joined(separator: ", "))"])
    }

    /// Of the binding `label`, no more than `most` instances were active at a time, those included that were there when the record was
    /// begun.
    public func expectAtMost(_ most: Int, of label: String) throws(ExpectationFailure) {
        try Self.check("the record is complete", self.faults)
        let labels = self.read { $0.labels }
        // A name that is misspelled would never be found too often.
        guard labels.contains(label) else {
            throw ExpectationFailure(
                "at most \(most) of \(label) at a time",
                ["nothing bound is called \(label): \(labels.joined(separator: ", "))"]
            )
        }
        let found = self.mostActive(label)
        if found > most { throw ExpectationFailure("at most \(most) of \(label) at a time", ["there were \(found)"]) }
    }

    /// The books balance - the container's, each binding's, each scope's and each pool's - and nothing happened that cannot follow from
    /// what was before.
    public func expectBalancedBooks() throws(ExpectationFailure) {
        var found = self.faults
        let snapshot = self.container.snapshot()
        if !snapshot.books.isBalanced { found.append("the container: \(snapshot.books)") }
        for binding in snapshot.bindings where !binding.books.isBalanced { found.append("\(binding.label): \(binding.books)") }
        for scope in snapshot.scopes where !scope.books.isBalanced { found.append("\(scope.name): \(scope.books)") }
        for pool in snapshot.pools where !pool.isBalanced { found.append("pool \(pool.name): \(pool)") }
        try Self.check("the books balance", found)
    }

    private static func check(_ expectation: String, _ found: [String]) throws(ExpectationFailure) {
        if !found.isEmpty { throw ExpectationFailure(expectation, found) }
    }
}

extension Array where Element: Hashable {
    /// The different elements in the order of their first appearance, each with how often it appears.
    fileprivate var countedInOrder: [(element: Element, count: Int)] {
        var counts: [Element: Int] = [:]
        var order: [Element] = []
        for element in self {
            if counts[element] == nil { order.append(element) }
            counts[element, default: 0] += 1
        }
        return order.map { ($0, counts[$0] ?? 0) }
    }
}

/// Something that was expected of a container is not so.
public struct ExpectationFailure: Error, Sendable, CustomStringConvertible {
    /// What was expected.
    public let expectation: String
    /// What was found instead, one line each.
    public let found: [String]

    init(_ expectation: String, _ found: [String]) {
        self.expectation = expectation
        self.found = found
    }

    public var description: String {
        "expected: \(self.expectation); " + self.found.joined(separator: "; ")
    }
}
