/// Closing: runs once for any number of callers, and all of them get the same report.
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
        let filling = self.update { state in
            state.machine.beginDraining()
            defer { state.filling = [] }
            return state.filling
        }
        for promise in filling { promise.fulfill(false) }
        await self.wait(for: self.drained, until: time.now + self.configuration.drainTimeout)

        self.environment.schedulePoint()
        let now = time.now
        let holders = self.update { state in
            state.machine.beginClosing(at: now)
            return state.machine.holders
        }
        self.environment.schedulePoint()
        await self.wait(for: self.allClosed, until: now + self.configuration.closeTimeout)

        let report = self.update { state in
            // Items released during the close have their own close timeout.
            state.machine.abandonClosing(begunBy: now)
            state.isReported = true
            return PoolCloseReport(
                pool: self.name,
                closed: state.machine.closed,
                errors: state.closeErrors.map(\.error),
                abandoned: state.machine.abandoned,
                errorTexts: state.closeErrors.map(\.text),
                unreturned: holders
            )
        }
        self.report.fulfill(report)
    }

    private func wait(for promise: Promise<Void>, until instant: TimeSource.Instant) async {
        if promise.value != nil { return }
        let deadline = self.environment.time.schedule(at: instant) { promise.fulfill(()) }
        await promise.waitThroughCancellation()
        deadline.cancel()
    }
}
