import ResourceContainer

/// A column of the pool table that rows can be sorted by.
enum PoolColumn: Int, SortColumn {
    case name, use, leased, idle, minimum, maximum, waiting, longestWait, p50, p95, p99, timedOut, leaked

    var title: String {
        switch self {
        case .name: "NAME"
        case .use: "USE"
        case .leased: "LEASED"
        case .idle: "IDLE"
        case .minimum: "MIN"
        case .maximum: "MAX"
        case .waiting: "WAITING"
        case .longestWait: "MAX WAIT"
        case .p50: "p50"
        case .p95: "p95"
        case .p99: "p99"
        case .timedOut: "TIMEOUTS"
        case .leaked: "LEAKED"
        }
    }

    var startsDescending: Bool {
        self != .name
    }

    func key(_ pool: PoolSample) -> SortKey {
        switch self {
        case .name: SortKey(pool.name)
        case .use: SortKey((Double(pool.leased) + Double(pool.waiting)) / Double(max(1, pool.maximum)))
        case .leased: SortKey(Double(pool.leased))
        case .idle: SortKey(Double(pool.idle))
        case .minimum: SortKey(Double(pool.minimum))
        case .maximum: SortKey(Double(pool.maximum))
        case .waiting: SortKey(Double(pool.waiting))
        case .longestWait: SortKey(Double(pool.longestWait.wholeNanoseconds))
        case .p50: SortKey(Double(pool.waitQuantile(0.5).wholeNanoseconds))
        case .p95: SortKey(Double(pool.waitQuantile(0.95).wholeNanoseconds))
        case .p99: SortKey(Double(pool.waitQuantile(0.99).wholeNanoseconds))
        case .timedOut: SortKey(Double(pool.timedOut))
        case .leaked: SortKey(Double(pool.leaked))
        }
    }
}

extension PoolSample {
    /// Returns the time to acquire that a share of the acquisitions do not exceed. It is at most the longest wait, unlike the end of the
    /// bucket in which that is counted.
    func waitQuantile(_ share: Double) -> Duration {
        min(self.waits.quantile(share), self.longestWait)
    }
}
