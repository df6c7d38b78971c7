extension DisposeReport: CustomStringConvertible {
    /// The report in one line: the count of each outcome, and the first resources that were not disposed cleanly.
    public var description: String {
        let counts = [Outcome.disposed, .threw, .abandoned, .neverInitialized].compactMap { outcome in
            let number = self.count(outcome)
            return number > 0 ? "\(number) \(outcome.inWords)" : nil
        }
        let faults = self.allEntries.filter(\.isFault)
        let list = faults.isEmpty ? "" : ": \(Self.list(faults))"
        let summary = counts.isEmpty ? "nothing to dispose" : counts.joined(separator: ", ")
        return "\(self.name) was closed in \(self.took.brief), \(summary)\(list)".asReport
    }

    /// The first entries as text, and the number of further ones.
    static func list(_ entries: [Entry]) -> String {
        let limit = 20
        let more = entries.count > limit ? "; and \(entries.count - limit) more" : ""
        return entries.prefix(limit).map(\.description).joined(separator: "; ") + more
    }
}

extension DisposeReport.Entry: CustomStringConvertible {
    /// The resource, its outcome and its error in one line.
    public var description: String {
        let reason = self.error.map { ": \($0)" } ?? ""
        let held = self.unreturned.isEmpty ? "" : ", still held by \(PoolSample.Holder.list(self.unreturned))"
        return "\(self.label)\(self.resource) \(self.outcome.inWords)\(reason)\(held)".asReport
    }

    /// Whether the resource threw or was abandoned.
    var isFault: Bool {
        self.outcome == .threw || self.outcome == .abandoned
    }
}

extension DisposeReport.Outcome {
    fileprivate var inWords: String {
        switch self {
        case .disposed: "disposed"
        case .threw: "threw"
        case .abandoned: "abandoned"
        case .neverInitialized: "never initialized"
        }
    }
}
