/// A pool whose items a tool can lease without knowing their type.
public protocol LeasablePool: SampledPool {
    /// Acquires an item, which is leased until the handle is released.
    ///
    /// - Throws: The errors of ``ResourcePool/acquire(budget:fileID:line:)``.
    func acquireHandle(fileID: StaticString, line: UInt) async throws -> LeaseHandle

    /// Marks the item that has been leased longest as broken, so that it is closed when it is released.
    ///
    /// - Returns: The holder of the item; nil if no item is leased.
    func breakLongestLease() -> PoolSample.Holder?
}

extension ResourcePool: LeasablePool {
    /// Acquires an item and detaches its lease; see ``LeasablePool/acquireHandle(fileID:line:)``.
    public func acquireHandle(fileID: StaticString, line: UInt) async throws -> LeaseHandle {
        try await self.acquire(fileID: fileID, line: line).detach().handle
    }

    /// Marks the item that has been leased longest as broken; see ``LeasablePool/breakLongestLease()``.
    public func breakLongestLease() -> PoolSample.Holder? {
        self.hub.update { state in
            guard let holder = state.machine.holders.first, state.machine.markBroken(slot: holder.slot) else { return nil }
            return holder
        }
    }
}
