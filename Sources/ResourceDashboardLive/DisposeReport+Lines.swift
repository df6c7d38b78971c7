import ResourceContainer
import ResourceDashboard

extension DisposeReport {
    /// How many failures are told one by one.
    private static let toldFailures = 5

    /// What closing came to, for people: a line that begins with `beginning`, and one for each resource that failed, up to five.
    package func lines(_ beginning: String) -> [String] {
        let failed = self.allEntries.filter { $0.outcome == .threw || $0.outcome == .abandoned }
        let head = "\(beginning): \(self.count(.disposed)) disposed" + (failed.isEmpty ? "" : ", \(failed.count) failed")
        let more = failed.count - Self.toldFailures
        return [head] + failed.prefix(Self.toldFailures).map { "  " + $0.failure }
            + (more > 0 ? ["  and \(more) more"] : [])
    }
}

extension DisposeReport.Entry {
    /// A sentence about what went wrong with it, without anything that a terminal would obey.
    fileprivate var failure: String {
        let what =
            switch self.outcome {
            case .threw: "threw\(self.error.map { ": \($0)" } ?? "")"
            case .abandoned: "did not come back within its budget (\(Format.duration(self.took)))\(self.error.map { ": \($0)" } ?? "")"
            case .disposed, .neverInitialised: self.outcome.rawValue
            }
        return DisplayText.clip("\(self.label)\(self.resource) \(what)", width: 200).text
    }
}
