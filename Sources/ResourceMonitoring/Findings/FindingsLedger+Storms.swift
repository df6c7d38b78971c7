import ResourceContainer

/// The rule for initialize storms.
extension FindingsLedger {
    /// Checks the rate of created instances per binding.
    mutating func scanCreations(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        for index in self.bindings.indices { self.judgeStorm(index, picture, at: time) }
    }

    private mutating func judgeStorm(_ index: Int, _ picture: MonitorLedger, at time: TimeSource.Instant) {
        let made = self.bindings[index].created.total(at: time)
        let limit = self.rules.storm(within: RecentCount.window)
        let key = FindingTable.Key(kind: .initializeStorm, binding: BindingID(index))
        if made >= limit {
            self.raise(
                key,
                .medium,
                self.subject(BindingID(index), in: picture),
                "\(made) instances created within \(RecentCount.window) s, "
                    + "\(picture.bindings[index].row.binding.books.active) of them active",
                location: self.location(BindingID(index), in: picture),
                advice: "If they can be shared, bind with a longer lifetime; if they are costly, use a pool.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        } else if made <= limit / 2 {
            self.table.withdraw(key, at: time)
        }
        if made > 0 { self.look(at: time + Self.scanInterval) }
    }
}
