/// A bounded pool of items that are lent to one borrower at a time.
///
/// The pool makes its items itself, when they are needed, and lends the newest idle one; borrowers that find none are served in the
/// order they came. A pool is a resource: bind it in a container and its figures are sampled, its troubles are events, and it is
/// drained and closed when its scope ends.
public final class ResourcePool<Element: Sendable>: Resource, SampledPool {
    private let hub: PoolHub

    /// A pool that is empty until somebody asks.
    ///
    /// - Parameters:
    ///   - name: what it is called in errors and in figures.
    ///   - configuration: its limits and budgets.
    ///   - environment: where it takes time, randomness and an executor from.
    ///   - make: makes an item. Runs in a task of the pool's own, whatever becomes of the borrower that caused it.
    ///   - close: closes an item. Called once for every item that was made, when the pool is closed.
    /// - Throws: ``PoolError/Code/invalidConfiguration``.
    public init(
        name: String,
        configuration: PoolConfiguration,
        environment: ResourceEnvironment = .system,
        make: @escaping @Sendable () async throws -> Element,
        close: @escaping @Sendable (Element) async throws -> Void = { _ in }
    ) throws(PoolError) {
        try configuration.validate(name: name)
        self.hub = PoolHub(
            name: name,
            configuration: configuration,
            environment: environment,
            make: { PoolItem(try await make()) },
            closeItem: { try await close(Self.element($0)) }
        )
    }

    /// The pool's name.
    public var name: String {
        self.hub.name
    }

    /// What it was made with.
    public var configuration: PoolConfiguration {
        self.hub.configuration
    }

    /// Runs `body` with an item, which is given back when `body` returns or throws.
    ///
    /// `budget` is how long the item may take to come, waiting and creating; nil is the configuration's `acquireBudget`.
    ///
    /// - Throws: ``PoolError`` with code `timedOut`, `exhausted`, `closed` or `invalidBudget`; `CancellationError` if the task is cancelled
    ///   before it got an item; what `body` throws. O(1) without suspension if an item is idle.
    public nonisolated(nonsending) func withLease<Result>(
        budget: Duration? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Element) async throws -> Result
    ) async throws -> Result {
        let context = self.hub.context
        let borrower = PoolStateMachine.Borrower(
            place: SourcePlace(file: fileID, line: line),
            scope: context?.callersScope,
            task: withUnsafeCurrentTask { $0?.hashValue ?? 0 }
        )
        let grant = try await self.acquire(borrower, budget: budget)
        context?.noteActivity()
        defer {
            self.hub.giveBack(grant.lease)
            context?.noteActivity()
        }
        return try await body(Self.element(grant.item))
    }

    private nonisolated(nonsending) func acquire(
        _ borrower: PoolStateMachine.Borrower,
        budget: Duration?
    ) async throws -> PoolHub.Grant {
        if let budget, budget <= .zero {
            throw PoolError(
                .invalidBudget,
                pool: self.name,
                "pool \(self.name) was asked at \(borrower.place) with a budget of \(budget): it must be above zero"
            )
        }
        if Task.isCancelled { throw CancellationError() }
        let now = self.hub.environment.time.now
        if let grant = self.hub.lend(to: borrower, at: now) { return grant }
        return try await self.hub.acquire(borrower, budget: budget ?? self.configuration.acquireBudget, since: now)
    }

    /// Closes the pool: refuses new borrowers and those in the queue, waits for what is lent until the drain timeout, then closes every
    /// item. Called again, or by several at once, it gives the same report. Never cancelled.
    @discardableResult
    public func close() async -> PoolCloseReport {
        await self.hub.close()
    }

    /// ``close()`` as a container does it: throws ``PoolError/Code/notCleanlyClosed`` if something did not come back or did not close.
    public func dispose() async throws {
        if let error = await self.close().error { throw error }
    }

    public func attach(_ context: ResourceContext) {
        self.hub.attach(context)
    }

    /// The figures, all of one moment. O(maximum · log maximum) and at most 50 waiters.
    public func poolSample() -> PoolSample {
        self.hub.sample()
    }

    private static func element(_ item: PoolHub.Item) -> Element {
        // The hub's items all come from `make` in this type's initializer, which puts nothing else in them.
        unsafeDowncast(item, to: PoolItem<Element>.self).element
    }
}

/// An element as the hub keeps it.
private final class PoolItem<Element: Sendable>: Sendable {
    let element: Element

    init(_ element: Element) {
        self.element = element
    }
}
