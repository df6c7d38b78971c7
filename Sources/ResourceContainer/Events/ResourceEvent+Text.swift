extension ResourceEvent: CustomStringConvertible {
    /// The event's number, time, scope, instance and kind, in one line.
    public var description: String {
        let subject = self.resource.map { " \($0)" } ?? ""
        return "event \(self.sequence) at \(self.time) in \(self.scope)\(subject): \(self.kind)".asReport
    }
}

extension EventBatch: CustomStringConvertible {
    /// The number of events and of missed events, in one line.
    public var description: String {
        "\(self.events.count) events\(self.missed > 0 ? ", \(self.missed) missed before them" : "")"
    }
}
