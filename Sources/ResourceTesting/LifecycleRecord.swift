import ResourceContainer

/// A record of the lifecycle events of a container since the record began, with expectations for tests.
///
/// ```swift
/// let record = LifecycleRecord(of: container)
/// try await handleRequest()
/// try record.expectEverythingDisposed()
/// try record.expectDisposed(["Orders", "Database"])
/// ```
///
/// The record keeps every event it reads, so its memory grows with the number of events: use it in tests, not in long-running programs.
/// Every expectation throws ``ExpectationFailure`` if it is not met.
public final class LifecycleRecord: Sendable {
    private let container: Container
    private let subscription: EventSubscription
    private let log: Lock<LifecycleLog>
    /// The instances that outlived their dispose before the record began, and the pools at that time.
    private let outlivingBefore: Set<ResourceID>
    private let poolsBefore: [PoolSample]

    /// Begins a record of everything that happens in `container` from now on.
    public init(of container: Container) {
        self.container = container
        self.outlivingBefore = Set(container.outliving().map(\.resource))
        self.poolsBefore = container.poolSamples()
        self.subscription = container.subscribe()
        self.log = Lock(LifecycleLog(self.subscription.snapshot))
    }

    /// The inconsistencies found so far, independent of any expectation: books that do not balance, an invalid state transition, or an
    /// instance that was disposed before an instance that depends on it. Empty for a correct container.
    public var faults: [String] {
        self.read { $0.faults }
    }

    /// The books of the instances created since the record began, computed from the events alone.
    public var books: Books {
        self.read { $0.books }
    }

    /// The scopes that closed since the record began by their outcome, without the root.
    public var outcomes: ScopeOutcomeCounts {
        self.read { $0.outcomes }
    }

    /// The labels of the disposed instances, in order.
    public var disposed: [String] {
        self.read { log in log.disposed.map { log.label($0) } }
    }

    /// The largest number of instances of the binding `label` that were active at the same time, including those that existed when the
    /// record began.
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

    /// Throws unless every instance created since the record began is disposed, without an error and within its budget.
    public func expectEverythingDisposed(
        fileID: String = #fileID,
        filePath: String = #filePath,
        line: UInt = #line
    ) throws(ExpectationFailure) {
        let site = ExpectationSite(fileID: fileID, filePath: filePath, line: line)
        try self.expectBalancedBooks(fileID: fileID, filePath: filePath, line: line)
        let open = self.read { log in log.unfinished.map { "\(log.label($0))\($0) is still \(log.states[$0]?.rawValue ?? "there")" } }
        try site.check("everything is disposed", open)
        let failed = self.read { $0.failures }
        try site.check("everything is disposed without an error", failed)
    }

    /// Throws if anything created since the record began remains: an open scope, an active or abandoned instance, or a lease that was not
    /// released.
    ///
    /// - Parameters:
    ///   - except: labels of bindings whose instances may remain.
    ///   - allowsSingletons: whether singletons may remain. Pass true for a check before the container is closed.
    ///   - fileID: the file of the call, filled in by the compiler.
    ///   - filePath: the path of that file, filled in by the compiler.
    ///   - line: the line of the call, filled in by the compiler.
    public func expectNothingLeaked(
        except: Set<String> = [],
        allowsSingletons: Bool = false,
        fileID: String = #fileID,
        filePath: String = #filePath,
        line: UInt = #line
    ) throws(ExpectationFailure) {
        let site = ExpectationSite(fileID: fileID, filePath: filePath, line: line)
        try site.check("the record is complete", self.faults)
        var found = self.read { log in
            let left = log.unfinished.filter { !except.contains(log.label($0)) && !(allowsSingletons && log.isSingleton($0)) }
            return log.openScopes.map { "scope \($0.name) is still open, opened at \($0.location)" }
                + left.map { "\(log.label($0))\($0) is still active, \(log.whereabouts($0))" }
                + log.abandoned.map { "\(log.label($0))\($0) was abandoned, \(log.whereabouts($0))" }
        }
        found += self.unreturned()
        for resource in self.container.outliving() where !self.outlivingBefore.contains(resource.resource) {
            found.append(
                "\(resource.label)\(resource.resource) outlives its dispose, in scope \(resource.scope), bound at \(resource.location)"
            )
        }
        try site.check("nothing is leaked", found)
    }

    /// The leases that pools granted since the record began and that were not released, one line for each pool.
    private func unreturned() -> [String] {
        self.container.poolSamples().compactMap { pool in
            let earlier = self.poolsBefore.first { $0.resource == pool.resource }
            let holders = pool.holders.filter { earlier?.holders.contains($0) != true }
            // A sample lists only the longest leases. Subtract the unlisted leases that existed before.
            let unlisted = max(0, pool.leased - pool.holders.count - (earlier.map { $0.leased - $0.holders.count } ?? 0))
            if holders.isEmpty, unlisted == 0 { return nil }
            let places = self.read { log in
                holders.map { holder in "\(holder.location)" + (holder.scope.map { " in scope \(log.name($0))" } ?? "") }
            }
            let listed = places.countedInOrder.map { $1 == 1 ? $0 : "\($0) (\($1) times)" } + (unlisted > 0 ? ["other locations"] : [])
            return "\(holders.count + unlisted) of pool \(pool.name) not released, acquired at \(listed.joined(separator: ", "))"
        }
    }

    /// Throws unless exactly these instances were disposed, in this order. Labels are as in `LiveResource.label`.
    public func expectDisposed(
        _ labels: [String],
        fileID: String = #fileID,
        filePath: String = #filePath,
        line: UInt = #line
    ) throws(ExpectationFailure) {
        let site = ExpectationSite(fileID: fileID, filePath: filePath, line: line)
        try site.check("the record is complete", self.faults)
        let found = self.disposed
        if found == labels { return }
        throw site.failure(
            "disposed in this order: \(Self.listed(labels))",
            [found.isEmpty ? "nothing was disposed" : "it was \(Self.listed(found))"]
        )
    }

    private static func listed(_ labels: [String]) -> String {
        labels.isEmpty ? "nothing" : labels.joined(separator: ", ")
    }

    /// Throws if more than `most` instances of the binding `label` were active at the same time, including those that existed when the
    /// record began.
    public func expectAtMost(
        _ most: Int,
        of label: String,
        fileID: String = #fileID,
        filePath: String = #filePath,
        line: UInt = #line
    ) throws(ExpectationFailure) {
        let site = ExpectationSite(fileID: fileID, filePath: filePath, line: line)
        try site.check("the record is complete", self.faults)
        let labels = self.read { $0.labels }
        // A misspelled label would pass every time.
        guard labels.contains(label) else {
            throw site.failure(
                "at most \(most) of \(label) at a time",
                ["no binding is labeled \(label): \(labels.joined(separator: ", "))"]
            )
        }
        let found = self.mostActive(label)
        if found > most { throw site.failure("at most \(most) of \(label) at a time", ["there were \(found)"]) }
    }

    /// Throws unless the books balance - of the container, and of each binding, scope and pool - and every state transition was valid.
    public func expectBalancedBooks(
        fileID: String = #fileID,
        filePath: String = #filePath,
        line: UInt = #line
    ) throws(ExpectationFailure) {
        let site = ExpectationSite(fileID: fileID, filePath: filePath, line: line)
        var found = self.faults
        let snapshot = self.container.snapshot()
        if !snapshot.books.isBalanced { found.append("the container: \(snapshot.books)") }
        for binding in snapshot.bindings where !binding.books.isBalanced { found.append("\(binding.label): \(binding.books)") }
        for scope in snapshot.scopes where !scope.books.isBalanced { found.append("\(scope.name): \(scope.books)") }
        for pool in snapshot.pools where !pool.isBalanced { found.append("pool \(pool.name): \(pool)") }
        try site.check("the books balance", found)
    }
}

extension Array where Element: Hashable {
    /// The distinct elements in order of first appearance, each with its count.
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
