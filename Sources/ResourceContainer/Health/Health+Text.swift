extension HealthReport: CustomStringConvertible {
    /// The status, with the reason if there is one.
    public var description: String {
        (self.message.map { "\(self.status.rawValue): \($0)" } ?? self.status.rawValue).asReport
    }
}

extension HealthResult: CustomStringConvertible {
    /// The status, reason, check, and latency in one line.
    public var description: String {
        let message = self.message.map { ": \($0)" } ?? ""
        return "\(self.status.rawValue)\(message) (\(self.probe), \(self.latency.brief))".asReport
    }
}
