import ResourceContainer

/// Additions to a verdict that do not follow from the recording itself, such as the reason for its end.
extension RecordingVerdict {
    private init(_ other: RecordingVerdict, violations: [Violation], remarks: [String]) {
        self.violations = violations
        self.found = other.found
        self.remarks = remarks
        self.events = other.events
        self.seconds = other.seconds
        self.report = other.report
    }

    /// Returns the verdict with a further remark about the recording.
    package func adding(remark: String) -> RecordingVerdict {
        RecordingVerdict(self, violations: self.violations, remarks: self.remarks + [remark.asSentence])
    }

    /// Returns the verdict with a violation by the recording as a whole, at its end.
    package func adding(violation rule: String, _ evidence: String) -> RecordingVerdict {
        let violation = Violation(
            rule: rule,
            subject: "the recording",
            subjects: 1,
            location: nil,
            evidence: evidence.asSentence,
            count: 1,
            at: self.seconds
        )
        return RecordingVerdict(self, violations: self.violations + [violation], remarks: self.remarks)
    }
}
