/// An acquired pool item. A lease cannot be copied, and it ends when it is released or, at the latest, when it is destroyed.
///
/// ```swift
/// let lease = try await pool.acquire()
/// try await lease.element.execute("SELECT 1")
/// lease.release()
/// ```
///
/// Prefer ``ResourcePool/withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)``, which always releases. A lease that is destroyed
/// without a release, for example because an error was thrown first, is released and counted (``PoolSample/dropped``). Releasing a lease
/// twice, or using its item after the release, does not compile.
public struct Lease<Element: Sendable>: ~Copyable, Sendable {
    private let hub: PoolHub
    private let grant: PoolHub.Grant
    private var isOver = false

    @usableFromInline
    init(_ hub: PoolHub, _ grant: PoolHub.Grant) {
        self.hub = hub
        self.grant = grant
    }

    /// The leased item.
    public var element: Element {
        PoolItem<Element>.element(self.grant)
    }

    /// Ends the lease and returns the item to the pool. O(1).
    public consuming func release() {
        self.isOver = true
        self.hub.releaseOwned(self.grant.use)
    }

    /// Marks the item as broken and releases it; the pool closes it in a separate task. O(1).
    public consuming func discard() {
        self.markBroken()
        self.release()
    }

    /// Marks the item as broken: the pool closes it when it is released. O(1).
    public borrowing func markBroken() {
        self.hub.update { [use = self.grant.use] in _ = $0.machine.markBroken(use) }
    }

    /// Converts the lease to a copyable handle, for code that cannot hold a move-only value.
    ///
    /// The item returns to the pool only when the handle is released, with ``LeaseHandle/release(fileID:line:)`` or
    /// ``ResourcePool/release(_:fileID:line:)``.
    public consuming func detach() -> (element: Element, handle: LeaseHandle) {
        self.isOver = true
        return (self.element, LeaseHandle(hub: self.hub, use: self.grant.use))
    }

    deinit {
        guard !self.isOver else { return }
        self.hub.release(self.grant.use, isDropped: true)
    }
}

/// A copyable reference to a lease. Copies do not extend the lease, and after it has ended a handle has no effect on the pool.
public struct LeaseHandle: Sendable {
    let hub: PoolHub
    let use: PoolStateMachine.Use

    /// Marks the item as broken: the pool closes it when it is released. O(1).
    ///
    /// - Parameters:
    ///   - fileID: The file that an error names.
    ///   - line: The line that an error names.
    /// - Throws: ``PoolError/Code/staleLease`` if the lease has already ended.
    public func markBroken(fileID: StaticString = #fileID, line: UInt = #line) throws(PoolError) {
        let use = self.use
        if !self.hub.update({ $0.machine.markBroken(use) }) { throw self.stale(fileID, line) }
    }

    /// Ends the lease and returns the item to the pool. O(1).
    ///
    /// - Parameters:
    ///   - fileID: The file that an error names.
    ///   - line: The line that an error names.
    /// - Throws: ``PoolError/Code/staleLease`` if the lease has already ended. The current holder of the item keeps it.
    public func release(fileID: StaticString = #fileID, line: UInt = #line) throws(PoolError) {
        if !self.hub.release(self.use) { throw self.stale(fileID, line) }
    }

    private func stale(_ fileID: StaticString, _ line: UInt) -> PoolError {
        .staleLease(self.hub.name, location: CodeLocation(file: "\(fileID)", line: line))
    }
}
