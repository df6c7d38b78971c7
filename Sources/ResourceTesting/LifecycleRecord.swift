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

    /// A record of everything that happens in `container` from now on.
    public init(of container: Container) {
        self.container = container
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

    /// The most instances of the binding `label` that were active at a time.
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

    /// Nothing that was made since the record was begun is left: all scopes are closed, nothing is abandoned or held.
    ///
    /// - Parameter except: labels of what may be left: singletons that live as long as the container.
    public func expectNothingLeaked(except: Set<String> = []) throws(ExpectationFailure) {
        var found = self.read { log in
            log.openScopes.map { "scope \($0) is still open" }
                + log.unfinished.filter { !except.contains(log.label($0)) }.map { "\(log.label($0))\($0) is still there" }
                + log.abandoned.map { "\(log.label($0))\($0) was abandoned" }
        }
        for pool in self.container.poolSamples() where pool.leased > 0 {
            found.append(
                "\(pool.leased) of pool \(pool.name) not given back, lent at \(pool.holders.map(\.place.description).joined(separator: ", "))"
            )
        }
        for resource in self.container.outliving() { found.append("\(resource.label)\(resource.resource) outlives its dispose") }
        try Self.check("nothing is leaked", found)
    }

    /// Exactly these were disposed, in this order. Labels as ``LiveResource/label`` gives them.
    public func expectDisposed(_ labels: [String]) throws(ExpectationFailure) {
        let found = self.disposed
        if found == labels { return }
        throw ExpectationFailure("disposed in this order: \(labels.joined(separator: ", "))", ["it was \(found.joined(separator: ", "))"])
    }

    /// Of the binding `label`, no more than `most` instances were active at a time.
    public func expectAtMost(_ most: Int, of label: String) throws(ExpectationFailure) {
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
