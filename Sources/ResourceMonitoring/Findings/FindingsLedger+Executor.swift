import ResourceContainer

/// The rule for a starved concurrency pool.
extension FindingsLedger {
    /// Judges how late an empty task ran, or for how long it has been waiting to run.
    mutating func judge(executorLag lag: Duration, at time: TimeSource.Instant, in picture: MonitorLedger) {
        let key = FindingTable.Key(kind: .executorStarved)
        guard lag >= Finding.executorStarvedAfter else { return self.table.withdraw(key, at: time) }
        self.raise(
            key,
            .high,
            Finding.Subject(label: picture.container),
            "an empty task waited \(lag.brief) for a thread",
            location: nil,
            advice: "Move blocking calls and long computations out of the concurrency pool, whose threads all tasks share.",
            again: self.table.stands(key) ? 0 : 1,
            at: time
        )
    }
}
