extension DisposeReport: CustomStringConvertible {
    /// What became of everything, in one line: the counts, and the first of what did not go well.
    public var description: String {
        let counts = [Outcome.disposed, .threw, .abandoned, .neverInitialised].compactMap { outcome in
            let number = self.count(outcome)
            return number > 0 ? "\(number) \(outcome.inWords)" : nil
        }
        let faults = self.allEntries.filter(\.isFault)
        let list = faults.isEmpty ? "" : ": \(Self.list(faults))"
        let told = counts.isEmpty ? "nothing to dispose" : counts.joined(separator: ", ")
        return "\(self.name) was closed in \(self.took.shortText), \(told)\(list)".asReport
    }

    /// The first of some entries, and how many more there are.
    static func list(_ entries: [Entry]) -> String {
        let limit = 20
        let more = entries.count > limit ? "; and \(entries.count - limit) more" : ""
        return entries.prefix(limit).map(\.description).joined(separator: "; ") + more
    }
}

extension DisposeReport.Entry: CustomStringConvertible {
    public var description: String {
        let reason = self.error.map { ": \($0)" } ?? ""
        let held = self.unreturned.isEmpty ? "" : ", still held by \(PoolSample.Holder.list(self.unreturned))"
        return "\(self.label)\(self.resource) \(self.outcome.inWords)\(reason)\(held)".asReport
    }

    /// Whether it was not disposed as it should have been.
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
        case .neverInitialised: "never initialized"
        }
    }
}
