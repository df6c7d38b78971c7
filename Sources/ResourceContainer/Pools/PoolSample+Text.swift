extension PoolSample: CustomStringConvertible {
    /// The counts in one line.
    public var description: String {
        "pool \(self.name): \(self.figures)".asReport
    }

    /// The counts in words.
    var figures: String {
        let making = self.pending &- self.validating &- self.resetting
        var text = "\(self.leased) of \(self.maximum) lent, \(self.idle) idle, \(making) being made or closed"
        if self.validating > 0 { text += ", \(self.validating) validated" }
        if self.resetting > 0 { text += ", \(self.resetting) reset" }
        return text + ", \(self.waiting) waiting"
    }
}

extension PoolSample.Holder: CustomStringConvertible {
    public var description: String {
        "\(self.place)\(self.scope.map { " in \($0)" } ?? "")"
    }

    /// The first of some holders, and how many more there are.
    static func list(_ holders: [PoolSample.Holder]) -> String {
        let limit = 20
        let more = holders.count > limit ? " and \(holders.count - limit) more" : ""
        return holders.prefix(limit).map(\.description).joined(separator: ", ") + more
    }
}

extension PoolSample.Waiter: CustomStringConvertible {
    public var description: String {
        "\(self.place)\(self.scope.map { " in \($0)" } ?? "")"
    }
}

extension PoolMetrics: CustomStringConvertible {
    /// The figures in one line.
    public var description: String {
        "\(self.activeConnections) lent, \(self.idle) idle, \(self.waiting) waiting, \(self.totalCreated) made, \(self.exhausted) refused because "
            + "the pool was empty, \(self.leaked) leaked; an acquisition took \(Self.seconds(self.avgConnectionTime)) on average and "
            + "\(Self.seconds(self.maxConnectionTime)) at most"
    }

    private static func seconds(_ seconds: Double) -> String {
        // What is no time at all, or one that no duration can hold, is told as it is.
        (0..<1e9).contains(seconds) ? Duration.seconds(seconds).shortText : "\(seconds) s"
    }
}

extension PoolCloseReport: CustomStringConvertible {
    /// What became of the items, in one line.
    public var description: String {
        let faults = self.faults
        let rest = faults.isEmpty ? "" : "; \(faults.joined(separator: "; "))"
        return "pool \(self.pool) is closed: \(self.closed) items closed\(rest)".asReport
    }
}
