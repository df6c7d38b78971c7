/// An item on loan. It exists once: it cannot be copied, and it goes back when it is released or, at the latest, when it is dropped.
///
/// ```swift
/// let lease = try await pool.acquire()
/// try await lease.element.execute("SELECT 1")
/// lease.release()
/// ```
///
/// Prefer ``ResourcePool/withLease(budget:fileID:line:_:)-(_,_,_,(Element)->Result)``, which cannot forget to give back. A lease that is dropped, for example
/// because something threw before its release, is given back all the same and counted (``PoolSample/dropped``). To release it twice, or to
/// use its item after the release, does not compile.
public struct Lease<Element: Sendable>: ~Copyable, Sendable {
    private let hub: PoolHub
    private let grant: PoolHub.Grant
    private var isOver = false

    @usableFromInline
    init(_ hub: PoolHub, _ grant: PoolHub.Grant) {
        self.hub = hub
        self.grant = grant
    }

    /// What is lent.
    public var element: Element {
        PoolItem<Element>.element(self.grant.item)
    }

    /// Gives the item back. O(1).
    public consuming func release() {
        self.isOver = true
        self.hub.giveBack(self.grant.use)
    }

    /// Gives the item back to be closed, because it is of no use any more; closing runs in a task of the pool's own. O(1).
    public consuming func discard() {
        self.markBroken()
        self.release()
    }

    /// Says that the item is of no use any more: it will be closed when it comes back. O(1).
    public borrowing func markBroken() {
        self.hub.update { [use = self.grant.use] in _ = $0.machine.markBroken(use) }
    }

    /// The lease as a value that can be copied and kept anywhere, for code that cannot hold a move-only one. The item comes back only if
    /// somebody releases the handle, with ``LeaseHandle/release(fileID:line:)`` or ``ResourcePool/release(_:fileID:line:)``.
    public consuming func detach() -> (element: Element, handle: LeaseHandle) {
        self.isOver = true
        return (self.element, LeaseHandle(hub: self.hub, use: self.grant.use))
    }

    deinit {
        guard !self.isOver else { return }
        self.hub.giveBack(self.grant.use, isDropped: true)
    }
}

/// Names a lease. A copy of it does not prolong the lease, and once the lease has ended it changes nothing any more.
public struct LeaseHandle: Sendable {
    let hub: PoolHub
    let use: PoolStateMachine.Use

    /// Says that the item is of no use any more: it will be closed when it comes back. O(1).
    ///
    /// - Parameters:
    ///   - fileID: the file that an error names.
    ///   - line: the line that an error names.
    /// - Throws: ``PoolError/Code/staleLease`` if the lease has ended.
    public func markBroken(fileID: StaticString = #fileID, line: UInt = #line) throws(PoolError) {
        let use = self.use
        if !self.hub.update({ $0.machine.markBroken(use) }) { throw self.stale(fileID, line) }
    }

    /// Gives the item back. O(1).
    ///
    /// - Parameters:
    ///   - fileID: the file that an error names.
    ///   - line: the line that an error names.
    /// - Throws: ``PoolError/Code/staleLease`` if the lease has ended. Whoever holds the item by now keeps it.
    public func release(fileID: StaticString = #fileID, line: UInt = #line) throws(PoolError) {
        if !self.hub.giveBack(self.use) { throw self.stale(fileID, line) }
    }

    private func stale(_ fileID: StaticString, _ line: UInt) -> PoolError {
        .staleLease(self.hub.name, place: SourcePlace(file: "\(fileID)", line: line))
    }
}
