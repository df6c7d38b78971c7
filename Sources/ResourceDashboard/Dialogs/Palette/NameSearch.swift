import ResourceContainer
import ResourceMonitoring

/// The names in a picture that match a search, the best first: near letters before far ones, live items before ended ones, new before old.
///
/// The search reads a few thousand names at most, regardless of the number of items: those of the newest items and of some of the oldest.
struct NameSearch {
    /// The largest number of names that are returned.
    static let limit = 50
    /// The largest number of scopes, of resources, and of event lines that are read.
    private static let candidates = 1_500

    private let search: FuzzySearch
    private let typed: String
    private var found: [(score: Int, name: FoundName)] = []

    /// Searches the items of `shown`, and the ended ones of `newest`, which is not older.
    init(_ typed: String, in shown: Picture, newest: Picture) {
        self.search = FuzzySearch(typed)
        self.typed = typed.lowercased()
        guard !self.search.isEmpty else { return }
        self.addLasting(shown)
        self.addLive(shown)
        self.addEnded(newest, shown)
    }

    /// The names, the best first and each item once.
    var names: [FoundName] {
        let sorted = self.found.sorted { left, right in
            // Later times come first.
            let (first, second) = (left.name, right.name)
            return (left.score, first.isEnded, second.order, first.kind.rawValue, first.name)
                < (right.score, second.isEnded, first.order, second.kind.rawValue, second.name)
        }
        var known: Set<Destination> = []
        var names: [FoundName] = []
        for entry in sorted where names.count < Self.limit && known.insert(entry.name.destination).inserted { names.append(entry.name) }
        return names
    }

    private mutating func add(_ name: FoundName) {
        guard let score = self.search.score(name.name) else { return }
        self.found.append((name.name.lowercased() == self.typed ? -1 : score, name))
    }

    // MARK: Live items

    /// Adds types and pools.
    private mutating func addLasting(_ picture: Picture) {
        for row in picture.bindings.values {
            self.add(FoundName(kind: .type, name: row.binding.label, destination: .binding(row.binding.id)))
        }
        for pool in picture.pools {
            guard let id = pool.resource else { continue }
            self.add(FoundName(kind: .pool, name: picture.name(of: pool), destination: .pool(id)))
        }
    }

    private mutating func addLive(_ picture: Picture) {
        for finding in picture.findings.prefix(Self.candidates) { self.add(Self.name(of: finding)) }
        for id in Self.scopes(of: picture) {
            guard let scope = picture.scopes[id]?.scope else { continue }
            self.add(FoundName(kind: .scope, name: scope.name, destination: .scope(id), time: scope.openedAt))
        }
        // An item can always be found by its number.
        let digits = String(self.typed.reversed().prefix { ("0"..."9").contains($0) }.reversed())
        let numbered = UInt64(digits).map { [ResourceID($0)] } ?? []
        for id in Self.ends(of: picture.active) + numbered {
            guard let resource = picture.resources[id]?.resource else { continue }
            let name = picture.label(of: id, binding: resource.binding)
            self.add(FoundName(kind: .resource, name: name, destination: .resource(id), time: resource.createdAt))
        }
    }

    /// Returns open scopes from the root on: of each, the newest children and some of the oldest.
    private static func scopes(of picture: Picture) -> [ScopeID] {
        var scopes = [ScopeID.root]
        var next = 0
        while next < scopes.count, scopes.count < Self.candidates {
            scopes += Self.ends(of: picture.children[scopes[next]] ?? [])
            next += 1
        }
        return scopes
    }

    /// Returns the last elements, and some of the first, if there are too many.
    private static func ends<Element>(of items: [Element]) -> [Element] {
        guard items.count > Self.candidates else { return items }
        return Array(items.prefix(Self.candidates / 4) + items.suffix(Self.candidates * 3 / 4))
    }

    private static func name(of finding: Finding) -> FoundName {
        FoundName(
            kind: .finding,
            name: "\(finding.kind.rawValue) \(finding.subjectText)",
            destination: .finding(finding.id),
            time: finding.lastSeen,
            endedAt: finding.withdrawnAt
        )
    }

    // MARK: Ended items

    /// Adds items that `shown` does not have anymore, or does not have live: those in the lists of ended items, and older ones by the event
    /// lines of their end.
    private mutating func addEnded(_ newest: Picture, _ shown: Picture) {
        for finding in newest.withdrawnFindings.suffix(Self.candidates) { self.add(Self.name(of: finding)) }
        var oldest = newest.time
        for row in newest.closedScopes where shown.scopes[row.scope.id] == nil {
            let end = row.closedAt ?? newest.time
            oldest = min(oldest, end)
            self.add(
                FoundName(kind: .scope, name: row.scope.name, destination: .scope(row.scope.id), time: row.scope.openedAt, endedAt: end)
            )
        }
        for row in newest.endedResources where shown.resources[row.resource.id] == nil {
            let end = row.endedAt ?? newest.time
            oldest = min(oldest, end)
            let id = row.resource.id
            let name = newest.label(of: id, binding: row.resource.binding)
            self.add(FoundName(kind: .resource, name: name, destination: .resource(id), time: row.resource.createdAt, endedAt: end))
        }
        let lines = newest.events
        let end = lines.partitioningIndex { $0.time >= oldest }
        for number in (max(lines.startIndex, end - Self.candidates)..<end).reversed() {
            if let name = FoundName(endOf: lines[number]), !shown.isLive(name.destination) { self.add(name) }
        }
    }
}

extension FoundName {
    /// 1 for an item that has ended. Such items are listed after live ones.
    fileprivate var isEnded: Int { self.endedAt == nil ? 0 : 1 }

    /// The time by which the item is listed. Items that last have the latest.
    fileprivate var order: Int64 { (self.endedAt ?? self.time)?.nanoseconds ?? .max }
}

extension Picture {
    /// Whether an item is live. Items that have no end always are.
    func isLive(_ item: Destination) -> Bool {
        switch item {
        case .scope(let id): self.scopes[id] != nil
        case .resource(let id): self.resources[id] != nil
        case .finding(let id): self.findings.contains { $0.id == id }
        default: true
        }
    }
}
