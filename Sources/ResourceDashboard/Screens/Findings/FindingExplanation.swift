import ResourceContainer
import ResourceMonitoring

/// A finding in full: its evidence, where and when it was found, and advice.
struct FindingExplanation {
    let finding: Finding

    /// Returns the labeled texts, which are wrapped.
    func texts(_ context: ScreenContext) -> [LabeledText] {
        let (finding, clock) = (self.finding, context.clock)
        let scope = finding.subject.scope.map { context.picture.scopeName($0) } ?? ""
        let rest = finding.subjectCount - finding.subjects.count
        let others = rest > 0 ? " and \(Format.count(rest)) older" : ""
        let end = finding.withdrawnAt.map { ", withdrawn \(clock.time($0))" } ?? ""
        let seen = "last seen \(clock.time(finding.lastSeen)), \(Format.times(finding.count))"
        return [
            LabeledText("evidence", finding.evidence),
            LabeledText("location", finding.location.map { "\($0)" } ?? "no single location"),
            LabeledText("scope", scope),
            LabeledText("subjects", finding.subjects.map(\.label).joined(separator: ", ") + others),
            LabeledText("since", "\(clock.time(finding.since)), \(seen)\(end)"),
            LabeledText("leak", finding.isLeak ? "counts as a leak" : "does not count as a leak"),
            LabeledText("advice", finding.advice),
        ]
    }
}

extension Format {
    /// Returns a number of occurrences: `once`, `1,204 times`.
    static func times(_ count: Int) -> String {
        count == 1 ? "once" : "\(self.count(count)) times"
    }
}
