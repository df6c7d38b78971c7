extension PoolSample: CustomStringConvertible {
    /// The pool's name and its main figures in one line.
    public var description: String {
        "pool \(self.name): \(self.figures)".asReport
    }

    /// The main figures as text.
    var figures: String {
        let making = self.pending &- self.validating &- self.resetting
        var text = "\(self.leased) of \(self.maximum) leased, \(self.idle) idle, \(making) being created or closed"
        if self.validating > 0 { text += ", \(self.validating) validating" }
        if self.resetting > 0 { text += ", \(self.resetting) resetting" }
        return text + ", \(self.waiting) waiting"
    }
}

extension PoolSample.Holder: CustomStringConvertible {
    /// The source location and the scope of the lease.
    public var description: String {
        "\(self.location)\(self.scope.map { " in \($0)" } ?? "")"
    }

    /// The first 20 holders as a list, and the number of the others.
    static func list(_ holders: [PoolSample.Holder]) -> String {
        let limit = 20
        let more = holders.count > limit ? " and \(holders.count - limit) more" : ""
        return holders.prefix(limit).map(\.description).joined(separator: ", ") + more
    }
}

extension PoolSample.Waiter: CustomStringConvertible {
    /// The source location and the scope of the request.
    public var description: String {
        "\(self.location)\(self.scope.map { " in \($0)" } ?? "")"
    }
}

extension PoolMetrics: CustomStringConvertible {
    /// The figures in one line.
    public var description: String {
        "\(self.activeConnections) leased, \(self.idle) idle, \(self.waiting) waiting, \(self.totalCreated) created, \(self.exhausted) refused "
            + "while exhausted, \(self.leaked) leaked; an acquisition took \(Self.seconds(self.avgConnectionTime)) on average and "
            + "\(Self.seconds(self.maxConnectionTime)) at most"
    }

    private static func seconds(_ seconds: Double) -> String {
        // A value that no duration can represent is shown unchanged.
        (0..<1e9).contains(seconds) ? Duration.seconds(seconds).brief : "\(seconds) s"
    }
}

extension PoolCloseReport: CustomStringConvertible {
    /// The outcome of the close in one line.
    public var description: String {
        let faults = self.faults
        let rest = faults.isEmpty ? "" : "; \(faults.joined(separator: "; "))"
        return "pool \(self.pool) is closed: \(self.closed) items closed\(rest)".asReport
    }
}
