import ResourceContainer

/// The rule for error bursts.
extension FindingsLedger {
    /// Checks the rate of errors.
    mutating func scanErrors(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        let (errors, limit) = (picture.activity.counts(overSteps: 40).errors, max(1, self.rules.errorBurst))
        let key = FindingTable.Key(kind: .errorBurst)
        if errors >= limit {
            self.raise(
                key,
                .high,
                Finding.Subject(label: picture.container),
                "\(errors) errors within \(RecentCount.window) s",
                location: nil,
                advice: "Read the last errors of the resources: many at once usually have one cause.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        } else if errors <= limit / 2 {
            self.table.withdraw(key, at: time)
        }
        if errors > 0 || picture.activity.running.errors > 0 { self.look(at: time + Self.scanInterval) }
    }
}
