import ResourceContainer
import ResourceDashboard

extension DisposeReport {
    /// The largest number of failures that are listed one by one.
    private static let listedFailures = 5

    /// The result of a close as text: a line that begins with `beginning`, then one line for each failed resource, at most five.
    package func lines(_ beginning: String) -> [String] {
        let failed = self.allEntries.filter { $0.outcome == .threw || $0.outcome == .abandoned }
        let head = "\(beginning): \(self.count(.disposed)) disposed" + (failed.isEmpty ? "" : ", \(failed.count) failed")
        let more = failed.count - Self.listedFailures
        return [head] + failed.prefix(Self.listedFailures).map { "  " + $0.failure }
            + (more > 0 ? ["  and \(more) more"] : [])
    }
}

extension DisposeReport.Entry {
    /// A sentence that describes the failure, without control characters.
    fileprivate var failure: String {
        let what =
            switch self.outcome {
            case .threw: "threw\(self.error.map { ": \($0)" } ?? "")"
            case .abandoned: "did not finish within its budget (\(Format.duration(self.took)))\(self.error.map { ": \($0)" } ?? "")"
            case .disposed, .neverInitialized: self.outcome.rawValue
            }
        return DisplayText.clip("\(self.label)\(self.resource) \(what)", width: 200).text
    }
}
