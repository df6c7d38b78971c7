import ResourceContainer

/// The findings that stand, and those that were withdrawn a short while ago. Bounded.
struct FindingTable: Sendable {
    /// What makes two findings the same.
    struct Key: Hashable, Sendable {
        var kind: Finding.Kind
        var binding: BindingID?
        var scope: ScopeID?
        var resource: ResourceID?
        var place: SourcePlace?
    }

    /// How many may stand, and how many withdrawn ones are kept.
    static let standingLimit = 1000
    static let withdrawnLimit = 100

    private(set) var standing: [Key: Finding] = [:]
    private(set) var withdrawn: [Finding] = []
    /// Findings that were not raised because so many stand already.
    private(set) var suppressed = 0
    /// Rises with every change.
    private(set) var version: UInt64 = 0
    private var last: UInt64 = 0

    /// Those that stand: the worst first, among equals the oldest.
    var active: [Finding] {
        self.standing.values.sorted { ($1.severity, $0.id) < ($0.severity, $1.id) }
    }

    func stands(_ key: Key) -> Bool {
        self.standing[key] != nil
    }

    /// Raises a finding, or brings the one that stands up to date. `again` is how often it has happened since it was told last.
    mutating func raise(_ key: Key, at time: TimeSource.Instant, again: Int = 1, evidence: String, make: (UInt64) -> Finding) {
        self.version += 1
        if self.standing[key] != nil {
            self.standing[key]?.lastSeen = time
            self.standing[key]?.count += again
            self.standing[key]?.evidence = evidence
            return
        }
        guard self.standing.count < Self.standingLimit else {
            self.suppressed += 1
            return
        }
        self.last += 1
        self.standing[key] = make(self.last)
    }

    mutating func withdraw(_ key: Key, at time: TimeSource.Instant) {
        guard var finding = self.standing.removeValue(forKey: key) else { return }
        self.version += 1
        finding.withdrawnAt = time
        self.withdrawn.append(finding)
        if self.withdrawn.count > Self.withdrawnLimit { self.withdrawn.removeFirst() }
    }

    /// Withdraws all that match, in the order they were raised.
    mutating func withdraw(at time: TimeSource.Instant, where matches: (Key, Finding) -> Bool) {
        if self.standing.isEmpty { return }
        for (key, _) in self.standing.filter({ matches($0.key, $0.value) }).sorted(by: { $0.value.id < $1.value.id }) {
            self.withdraw(key, at: time)
        }
    }
}
