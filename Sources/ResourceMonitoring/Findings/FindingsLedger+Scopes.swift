import ResourceContainer

/// Rules for scopes that stay open, accumulate instances, or are outlived by instances.
extension FindingsLedger {
    /// Withdraws the findings about a scope that ends.
    mutating func scopeEnds(_ id: ScopeID, at time: TimeSource.Instant) {
        self.table.withdraw(at: time) { key, _ in key.scope == id }
    }

    /// Checks the open scopes that no code references, as sampled from the container.
    mutating func judge(forgotten: [ScopeID], at time: TimeSource.Instant, in picture: MonitorLedger) {
        for id in forgotten {
            guard let scope = picture.scope(id), scope.state == .open else { continue }
            let key = FindingTable.Key(kind: .leak, scope: id)
            self.raise(
                key,
                .high,
                Finding.Subject(label: scope.name, scope: id),
                "open for \((time - scope.openedAt).brief) with \(scope.books.active) "
                    + "\(scope.books.active == 1 ? "resource" : "resources"), and no reference is left to close it\(self.trace(of: id, in: picture))",
                location: scope.location,
                advice: "Use withScope, or keep the scope and close it on every path.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        }
        let still = Set(forgotten)
        self.table.withdraw(at: time) { key, _ in key.kind == .leak && key.scope.map { !still.contains($0) } ?? false }
    }

    /// Checks the instances that are still referenced after their dispose.
    mutating func judge(outliving: [OutlivingResource], at time: TimeSource.Instant) {
        for resource in outliving {
            let key = FindingTable.Key(kind: .outlivedScope, resource: resource.resource)
            self.raise(
                key,
                .high,
                Finding.Subject(label: "\(resource.label)\(resource.resource)", resource: resource.resource),
                "disposed \((time - resource.since).brief) ago with \(resource.scope), and still referenced",
                location: resource.location,
                advice: "A reference outlives the scope: drop it before the scope closes, or bind with a longer lifetime.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        }
        let still = Set(outliving.map(\.resource))
        self.table.withdraw(at: time) { key, _ in key.kind == .outlivedScope && key.resource.map { !still.contains($0) } ?? false }
    }

    /// Checks every open scope for an unusually long open time and for accumulated transients.
    mutating func scanScopes(_ picture: MonitorLedger, at time: TimeSource.Instant) {
        var limits: [String: Duration?] = [:]
        var crowded: Set<ScopeID> = []
        var overdue: [ScopeSnapshot] = []
        let fewest = max(1, self.rules.transients)
        picture.scopes.visit { figures in
            let scope = figures.row.scope
            guard scope.state == .open else { return }
            if scope.books.active >= fewest { crowded.insert(scope.id) }
            guard scope.id != .root else { return }
            let tag = TagLedger.tag(of: scope)
            let known = limits[tag] ?? self.limit(of: picture.tags.figures[tag])
            limits[tag] = .some(known)
            guard let limit = known else { return }
            if scope.openedAt + limit <= time { overdue.append(scope) } else { self.look(at: scope.openedAt + limit) }
        }
        self.judge(overdue: overdue, at: time, in: picture)
        self.judge(crowded: crowded, at: time, in: picture)
    }

    /// Raises findings for the innermost overdue scopes. Enclosing scopes wait for them. O(overdue).
    private mutating func judge(overdue: [ScopeSnapshot], at time: TimeSource.Instant, in picture: MonitorLedger) {
        let parents = Dictionary(overdue.map { ($0.id, $0.parent) }, uniquingKeysWith: { first, _ in first })
        let around = Set(overdue.compactMap(\.parent))
        for scope in overdue where !around.contains(scope.id) {
            var kept = 0
            var parent = scope.parent
            while let next = parent, let above = parents[next] { (kept, parent) = (kept + 1, above) }
            let key = FindingTable.Key(kind: .scopeOpenLong, scope: scope.id)
            let usual = picture.tags.figures[TagLedger.tag(of: scope)]?.open.summary ?? DurationSummary()
            self.raise(
                key,
                .medium,
                Finding.Subject(label: scope.name, scope: scope.id),
                "open for \((time - scope.openedAt).brief); 99% of \(usual.count) earlier ones closed within \(usual.p99.brief)"
                    + (kept == 0 ? "" : kept == 1 ? "; the enclosing scope waits for it" : "; \(kept) enclosing scopes wait for it")
                    + self.trace(of: scope.id, in: picture),
                location: scope.location,
                advice: "See what its body waits for.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        }
        self.table.withdraw(at: time) { key, _ in key.kind == .scopeOpenLong && key.scope.map { around.contains($0) } ?? false }
    }

    /// The longest open time for scopes of a tag; nil while too few have closed.
    private func limit(of tag: TagLedger.Figures?) -> Duration? {
        guard let usual = tag?.open.summary, usual.count >= max(1, self.rules.scopeHistory) else { return nil }
        return self.rules.longestScope(usual: usual.p99)
    }

    private mutating func judge(crowded: Set<ScopeID>, at time: TimeSource.Instant, in picture: MonitorLedger) {
        var counts: [FindingTable.Key: Int] = [:]
        let fewest = max(1, self.rules.transients)
        if !crowded.isEmpty {
            picture.resources.visit { row in
                let resource = row.resource
                guard resource.state.isActive, crowded.contains(resource.scope), picture.binding(resource.binding)?.lifetime == .transient
                else { return }
                counts[.init(kind: .transientsPileUp, binding: resource.binding, scope: resource.scope), default: 0] += 1
            }
        }
        for (key, count) in counts.sorted(by: {
            ($0.key.scope?.rawValue ?? 0, $0.key.binding?.rawValue ?? 0) < ($1.key.scope?.rawValue ?? 0, $1.key.binding?.rawValue ?? 0)
        })
        where count >= fewest {
            guard let binding = key.binding, let scope = key.scope else { continue }
            self.raise(
                key,
                .medium,
                Finding.Subject(label: picture.binding(binding)?.label ?? "", binding: binding, scope: scope),
                "\(count) transient instances in \(picture.scope(scope)?.name ?? "\(scope)") live until it closes\(self.trace(of: scope, in: picture))",
                location: self.location(binding, in: picture),
                advice: "Resolve it in a short scope, or bind it as scoped.",
                again: self.table.stands(key) ? 0 : 1,
                at: time
            )
        }
        self.table.withdraw(at: time) { key, _ in key.kind == .transientsPileUp && (counts[key] ?? 0) < fewest }
    }
}
