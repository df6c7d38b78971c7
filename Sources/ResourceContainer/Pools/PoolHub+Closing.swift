/// Closing: once, however many ask; all of them get the same report.
extension PoolHub {
    func close() async -> PoolCloseReport {
        let isFirst = self.state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        if isFirst { self.environment.start { await self.drainAndClose() } }
        return await self.report.waitThroughCancellation()
    }

    private func drainAndClose() async {
        let time = self.environment.time
        let (waiters, isDrained, alarm) = self.state.withLock { state in
            let waiters = state.machine.beginDraining().compactMap { state.takeWaiter($0) }
            defer { state.alarm = nil }
            return (waiters, state.machine.isDrained, state.alarm?.deadline)
        }
        alarm?.cancel()
        for waiter in waiters { waiter.resume() }
        if !isDrained { await self.wait(for: self.drained, until: time.now + self.configuration.drainTimeout) }

        let (items, holders) = self.state.withLock { state in
            let holders = state.machine.holders
            return (state.machine.beginClosing().compactMap { state.takeItem($0) }, holders)
        }
        for (slot, item) in items { self.close(item, in: slot) }
        if !items.isEmpty { await self.wait(for: self.allClosed, until: time.now + self.configuration.closeTimeout) }

        let report = self.state.withLock { state in
            state.machine.abandonClosing()
            return PoolCloseReport(
                pool: self.name,
                closed: state.machine.closed,
                errors: state.closeErrors,
                abandoned: state.machine.abandoned,
                unreturned: holders
            )
        }
        self.report.fulfil(report)
    }

    private func wait(for promise: Promise<Void>, until instant: TimeSource.Instant) async {
        let deadline = self.environment.time.schedule(at: instant) { promise.fulfil(()) }
        await promise.waitThroughCancellation()
        deadline.cancel()
    }

    /// Starts closing the item of a slot.
    func close(_ item: Item, in slot: Int) {
        self.environment.startLater {
            let failure = await self.failureOfClosing(item)
            let (isLast, isReported) = self.state.withLock { state in
                state.machine.itemClosed(slot)
                if let failure { state.closeErrors.append(failure) }
                return (state.machine.phase == .closed && state.machine.closing == 0, self.report.value != nil)
            }
            if let failure, isReported { self.context?.report(failure) }
            if isLast { self.allClosed.fulfil(()) }
        }
    }

    /// Closes an item that was made after the pool had given up on it.
    func closeOutsideOfBooks(_ item: Item) async {
        if let failure = await self.failureOfClosing(item) { self.context?.report(failure) }
    }

    private func failureOfClosing(_ item: Item) async -> (any Error)? {
        do {
            try await self.closeItem(item)
            return nil
        } catch {
            return error
        }
    }
}
