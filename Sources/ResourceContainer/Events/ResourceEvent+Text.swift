extension ResourceEvent: CustomStringConvertible {
    /// Which event it is, where, and what happened, in one line.
    public var description: String {
        let subject = self.resource.map { " \($0)" } ?? ""
        return "event \(self.sequence) at \(self.time) in \(self.scope)\(subject): \(self.kind)".asReport
    }
}

extension EventBatch: CustomStringConvertible {
    /// The counts in one line.
    public var description: String {
        "\(self.events.count) events\(self.missed > 0 ? ", and \(self.missed) missed before them" : "")"
    }
}
