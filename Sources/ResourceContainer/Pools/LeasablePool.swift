/// A pool whose items a tool can borrow without knowing their type.
public protocol LeasablePool: SampledPool {
    /// Borrows an item until the handle is released.
    ///
    /// - Throws: what ``ResourcePool/acquire(budget:fileID:line:)`` throws.
    func lend(fileID: StaticString, line: UInt) async throws -> LeaseHandle

    /// Says of the item that has been out longest that it is of no use any more, so that it is closed when it comes back. Returns who
    /// holds it; nil if nobody holds anything.
    func breakLongestLease() -> PoolSample.Holder?
}

extension ResourcePool: LeasablePool {
    public func lend(fileID: StaticString, line: UInt) async throws -> LeaseHandle {
        try await self.acquire(fileID: fileID, line: line).detach().handle
    }

    public func breakLongestLease() -> PoolSample.Holder? {
        self.hub.update { state in
            guard let holder = state.machine.holders.first, state.machine.markBroken(slot: holder.slot) else { return nil }
            return holder
        }
    }
}
