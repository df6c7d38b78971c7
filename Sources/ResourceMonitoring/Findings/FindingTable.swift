import ResourceContainer

/// The active findings by subject, and the recently withdrawn findings. Bounded in size.
struct FindingTable: Sendable {
    /// The identity of a finding about one subject.
    struct Key: Hashable, Sendable {
        var kind: Finding.Kind
        var binding: BindingID?
        var scope: ScopeID?
        var resource: ResourceID?
        var location: CodeLocation?
    }

    /// The identity of a finding with several subjects: its kind and source location.
    struct GroupKey: Hashable, Sendable {
        var kind: Finding.Kind
        var location: CodeLocation?
        /// Set if the source location is unknown, so that each subject has its own finding.
        var subject: Finding.Subject?

        init(_ finding: Finding) {
            self.kind = finding.kind
            self.location = finding.location
            self.subject = finding.location == nil ? finding.subject : nil
        }
    }

    /// The number of a group's active subjects, and the group's finding number.
    private struct Group: Sendable {
        var id: UInt64
        var subjects: Int
    }

    /// The largest numbers of active subjects and of kept withdrawn findings.
    static let standingLimit = 1000
    static let withdrawnLimit = 100

    /// The active findings, one per subject.
    private(set) var standing: [Key: Finding] = [:]
    private var groups: [GroupKey: Group] = [:]
    /// The withdrawn findings, one per kind and source location, most recently withdrawn last.
    private(set) var withdrawn: [Finding] = []
    /// The number of subjects not raised because the table is full, since the last scan.
    private(set) var suppressed = 0
    /// Increases with every change.
    private(set) var version: UInt64 = 0
    private var last: UInt64 = 0

    /// The active findings, one per kind and source location: highest severity first, then newest first. O(subjects).
    var active: [Finding] {
        var collections: [GroupKey: FindingCollection] = [:]
        for finding in self.standing.values { collections[GroupKey(finding), default: FindingCollection()].add(finding) }
        for (key, collection) in collections {
            guard let cause = key.cause(where: { collections[$0] != nil }) else { continue }
            collections[cause]?.fold(collection)
            collections[key] = nil
        }
        return collections.compactMap { key, collection in self.groups[key].flatMap { collection.finding(id: $0.id) } }
            .sorted { ($1.severity, $1.id) < ($0.severity, $0.id) }
    }

    func stands(_ key: Key) -> Bool {
        self.standing[key] != nil
    }

    /// Begins a scan, which raises the subjects that exceed the limit again.
    mutating func beginLook() {
        self.suppressed = 0
    }

    /// Raises a finding about a subject, or updates the active one. `again` is the number of occurrences since the last call.
    mutating func raise(_ key: Key, at time: TimeSource.Instant, again: Int = 1, evidence: String, make: (UInt64) -> Finding) {
        self.version += 1
        if self.standing[key] != nil {
            self.standing[key]?.lastSeen = time
            self.standing[key]?.count.addSaturated(again)
            self.standing[key]?.evidence = evidence
            return
        }
        guard self.standing.count < Self.standingLimit else {
            self.suppressed += 1
            return
        }
        let finding = make(self.nextID())
        self.standing[key] = finding
        let group = GroupKey(finding)
        if self.groups[group] == nil { self.groups[group] = Group(id: self.nextID(), subjects: 0) }
        self.groups[group]?.subjects += 1
    }

    private mutating func nextID() -> UInt64 {
        self.last += 1
        return self.last
    }

    mutating func withdraw(_ key: Key, at time: TimeSource.Instant) {
        guard var finding = self.standing.removeValue(forKey: key) else { return }
        self.version += 1
        let group = GroupKey(finding)
        self.groups[group]?.subjects -= 1
        if self.groups[group]?.subjects == 0 { self.groups[group] = nil }
        finding.withdrawnAt = time
        guard let index = self.withdrawn.firstIndex(where: { GroupKey($0) == group }) else {
            finding.id = self.nextID()
            self.withdrawn.append(finding)
            if self.withdrawn.count > Self.withdrawnLimit { self.withdrawn.removeFirst() }
            return
        }
        self.withdrawn.append(self.withdrawn.remove(at: index).joined(by: finding))
    }

    /// Withdraws all matching findings, in the order in which they were raised.
    mutating func withdraw(at time: TimeSource.Instant, where matches: (Key, Finding) -> Bool) {
        if self.standing.isEmpty { return }
        for (key, _) in self.standing.filter({ matches($0.key, $0.value) }).sorted(by: { $0.value.id < $1.value.id }) {
            self.withdraw(key, at: time)
        }
    }
}

extension FindingTable.GroupKey {
    /// The finding at the same source location that causes this one, if it is active.
    fileprivate func cause(where isThere: (FindingTable.GroupKey) -> Bool) -> FindingTable.GroupKey? {
        guard self.location != nil, let kind = self.kind.cause else { return nil }
        var cause = self
        cause.kind = kind
        return isThere(cause) ? cause : nil
    }
}

/// An accumulator that merges the subjects of one finding, in any order.
private struct FindingCollection {
    private var oldest: Finding?
    /// The newest subjects, newest first.
    private var newest: [Finding] = []
    private var count = 0
    private var subjectCount = 0
    private var severity = Finding.Severity.low
    private var lastSeen: TimeSource.Instant?
    private var folded: [(kind: Finding.Kind, subjects: Int)] = []

    mutating func add(_ finding: Finding) {
        if self.oldest.map({ finding.id < $0.id }) ?? true { self.oldest = finding }
        let index = self.newest.firstIndex { $0.id < finding.id } ?? self.newest.count
        if index < Finding.subjectLimit {
            self.newest.insert(finding, at: index)
            if self.newest.count > Finding.subjectLimit { self.newest.removeLast() }
        }
        self.count.addSaturated(finding.count)
        self.subjectCount += 1
        self.severity = max(self.severity, finding.severity)
        self.lastSeen = self.lastSeen.map { max($0, finding.lastSeen) } ?? finding.lastSeen
    }

    mutating func fold(_ other: FindingCollection) {
        guard let kind = other.oldest?.kind else { return }
        self.folded.append((kind, other.subjectCount))
    }

    /// The merged finding.
    func finding(id: UInt64) -> Finding? {
        guard var finding = self.oldest, let newest = self.newest.first else { return nil }
        finding.id = id
        finding.severity = self.severity
        if self.subjectCount > 1 {
            finding.evidence = "\(self.subjectCount) subjects, the oldest \(finding.subject.label): \(finding.evidence)"
        }
        for (kind, subjects) in self.folded { finding.evidence += "; \(kind.rawValue) of \(subjects)" }
        finding.subject = newest.subject
        finding.subjects = self.newest.map(\.subject)
        finding.subjectCount = self.subjectCount
        finding.count = self.count
        finding.lastSeen = self.lastSeen ?? finding.lastSeen
        finding.folded = self.folded.map(\.kind)
        return finding
    }
}

extension Finding {
    /// This withdrawn finding merged with one of the same kind and source location that was withdrawn later.
    fileprivate func joined(by later: Finding) -> Finding {
        var finding = later
        finding.id = self.id
        finding.severity = max(self.severity, later.severity)
        finding.firstSeen = min(self.firstSeen, later.firstSeen)
        finding.lastSeen = max(self.lastSeen, later.lastSeen)
        finding.count = self.count.addingSaturated(later.count)
        let others = self.subjects.filter { $0 != later.subject }
        // A subject that is withdrawn repeatedly counts once.
        finding.subjectCount = others.count < self.subjects.count ? self.subjectCount : self.subjectCount.addingSaturated(1)
        finding.subjects = Array(([later.subject] + others).prefix(Self.subjectLimit))
        return finding
    }
}
