import ResourceContainer
import ResourceMonitoring

/// The identity of a row of the scope tree.
enum TreeRowID: Hashable, Sendable {
    case scope(ScopeID)
    case resource(ResourceID)
}

/// A row of the scope tree.
struct TreeRow: Hashable, Sendable {
    var id: TreeRowID
    var depth: Int
    /// Whether the contents of a scope are shown; nil if the scope is empty.
    var isUnfolded: Bool?
    var isClosed = false
}

extension DashboardState {
    /// Rebuilds the rows of the current view's list, after a change of the picture, a filter, a fold or the view.
    ///
    /// - Parameter changed: The resources that changed since the last call, if nothing else did.
    mutating func refreshRows(changed: [ResourceRow]? = nil) {
        switch self.view {
        case .overview, .scopes:
            self.treeCursor.remember(in: self.treeRows.lazy.map(\.id))
            self.treeRows = self.makeTreeRows()
        case .resources:
            self.resourceCursor.remember(in: self.resourceRows)
            self.refreshResourceRows(changed)
        case .pools:
            self.poolCursor.remember(in: self.poolRows.compactMap(\.resource))
            self.poolRows = self.makePoolRows()
        case .health:
            self.healthCursor.remember(in: self.healthRows.map(\.resource))
            self.healthRows = self.makeHealthRows()
        case .findings:
            self.findingCursor.remember(in: self.findingRows.map(\.id))
            self.findingRows = self.makeFindingRows()
        case .graph:
            self.graphCursor.remember(in: self.graphRows.lazy.map(\.id))
            self.graphRows = self.picture.graphRows(folded: self.foldedGraph)
        case .events where self.groupsErrors:
            self.errorCursor.remember(in: self.errorRows.lazy.map(\.id))
            self.errorRows = self.picture.errorGroups()
        case .events: self.eventRows.refresh(self.picture.events, self.filters[.events]?.filter ?? .all)
        }
    }

    // MARK: Tree

    private func makeTreeRows() -> [TreeRow] {
        // The overview shows only scopes. Invisible rows must not take the cursor.
        let (children, resources) = (self.picture.children, self.view == .overview ? [:] : self.picture.resourcesByScope)
        let filter = self.filters[.scopes]?.filter ?? .all
        var rows: [TreeRow] = []
        if let root = self.picture.scopes.keys.min() { _ = self.add(root, 0, children, resources, filter, &rows) }
        if self.showsClosed {
            for row in self.picture.closedScopes.reversed().prefix(50) where filter.isEmpty || self.passes(row, filter) {
                rows.append(TreeRow(id: .scope(row.scope.id), depth: 1, isClosed: true))
            }
        }
        return rows
    }

    /// Adds a scope and its contents. With a filter, only rows that pass and the ancestors of such rows are added.
    private func add(
        _ id: ScopeID,
        _ depth: Int,
        _ children: [ScopeID: [ScopeID]],
        _ resources: [ScopeID: [ResourceID]],
        _ filter: Filter,
        _ rows: inout [TreeRow]
    ) -> Bool {
        guard filter.isEmpty || self.picture.scopes[id] != nil else { return false }
        let (inner, own) = (children[id] ?? [], resources[id] ?? [])
        let isUnfolded = !filter.isEmpty || !self.folded.contains(id)
        let index = rows.count
        rows.append(TreeRow(id: .scope(id), depth: depth, isUnfolded: inner.isEmpty && own.isEmpty ? nil : isUnfolded))
        guard isUnfolded else { return true }
        var anyPasses = filter.isEmpty || self.picture.scopes[id].map { self.passes($0, filter) } ?? false
        for resource in own {
            // Without a filter, no resource needs to be tested.
            guard filter.isEmpty || self.picture.resources[resource].map({ self.passes($0, filter) }) ?? false else { continue }
            anyPasses = true
            rows.append(TreeRow(id: .resource(resource), depth: depth + 1))
        }
        for child in inner where self.add(child, depth + 1, children, resources, filter, &rows) { anyPasses = true }
        if !anyPasses { rows.removeSubrange(index...) }
        return anyPasses
    }

    // MARK: Resources

    private mutating func refreshResourceRows(_ changed: [ResourceRow]?) {
        let filter = self.filters[.resources]?.filter ?? .all
        let (picture, column) = (self.picture, self.resourceSort.column)
        func entry(_ row: ResourceRow) -> ResourceOrder.Entry? {
            row.resource.state.isActive && (filter.isEmpty || self.passes(row, filter)) ? picture.entry(row, column) : nil
        }
        var fresh: [ResourceID]
        // A filter on lifetime or health, and the order by health, can change without a change of the row.
        if let changed, self.resourceOrder.sort == self.resourceSort, column != .health, !filter.dependsOnMoment {
            fresh = self.resourceOrder.apply(changed.map { ($0.resource.id, entry($0)) })
        } else {
            let before = Set(self.resourceRows)
            self.resourceOrder = ResourceOrder(picture.resources.values.compactMap { entry($0) }, by: self.resourceSort)
            fresh = self.resourceOrder.ids.filter { !before.contains($0) }
        }
        // Ended resources are below live ones in every order.
        let ended = self.showsClosed ? picture.endedResources.filter { filter.isEmpty || self.passes($0, filter) } : []
        guard self.holdsOrder else {
            let sorted = self.resourceSort.sorted(Array(ended), id: \.resource.id, key: picture.sortKey)
            return self.resourceRows = self.resourceOrder.ids + sorted.map(\.resource.id)
        }
        let over = Set(ended.map(\.resource.id))
        let kept = self.resourceRows.filter { self.resourceOrder.contains($0) || over.contains($0) }
        let shown: Set<ResourceID> = over.isEmpty ? [] : Set(kept)
        fresh = fresh.filter { self.resourceOrder.contains($0) } + ended.map(\.resource.id).filter { !shown.contains($0) }
        self.resourceRows = kept + fresh.sorted()
    }

    // MARK: Pools

    private func makePoolRows() -> [PoolSample] {
        let filter = self.filters[.pools]?.filter ?? .all
        let rows = self.picture.pools.filter { pool in
            guard let resource = pool.resource else { return false }
            return filter.isEmpty
                || filter.passes(text: "\(pool.name) \(self.picture.label(of: resource))") { field in
                    switch field {
                    case .type: .texts([self.picture.resources[resource].map { self.picture.typeLabel($0) } ?? ""])
                    case .name: .texts([pool.name])
                    case .id: .texts(["\(resource.rawValue)", "\(resource)"])
                    case .scope: .texts((pool.holders.compactMap(\.scope) + pool.waiters.compactMap(\.scope)).map(self.picture.scopeName))
                    case .uses: .number(Double(pool.leases))
                    case .err: .number(Double(pool.timedOut + pool.exhausted + pool.failed))
                    case .state, .life, .health, .tag, .level, .what: nil
                    }
                }
        }
        if self.holdsOrder { return rows.held(in: self.poolRows.compactMap(\.resource)) { $0.resource ?? ResourceID(0) } }
        return self.poolSort.sorted(rows, id: { $0.resource ?? ResourceID(0) }, key: { $1.key($0) })
    }

    // MARK: Health and findings

    private func makeHealthRows() -> [HealthRow] {
        let filter = self.filters[.health]?.filter ?? .all
        let rows = (self.picture.health?.rows ?? []).filter { row in
            filter.isEmpty
                || filter.passes(text: "\(row.label) \(self.picture.scopeName(row.scope)) \(row.standing.rawValue)") { field in
                    switch field {
                    case .type, .name: .texts([row.label])
                    case .scope: .texts([self.picture.scopeName(row.scope)])
                    case .health: .texts([row.standing.rawValue, row.status.rawValue])
                    case .id: .texts(["\(row.resource.rawValue)", "\(row.resource)"])
                    case .state, .life, .err, .tag, .uses, .level, .what: nil
                    }
                }
        }
        if self.holdsOrder { return rows.held(in: self.healthRows.map(\.resource), id: \.resource) }
        return self.healthSort.sorted(rows, id: \.resource) { row, column in
            switch column {
            case .status: (Double(row.standing.rank), "")
            case .resource: (0, row.label)
            case .scope: (0, self.picture.scopeName(row.scope))
            case .since: (Double(row.since.nanoseconds), "")
            case .latency: (Double(row.history.last?.latency.wholeNanoseconds ?? -1), "")
            }
        }
    }

    /// Returns the active findings, most severe first, followed by recently withdrawn ones, newest first.
    private func makeFindingRows() -> [Finding] {
        let filter = self.filters[.findings]?.filter ?? .all
        let all = self.picture.findings + (self.showsClosed ? self.picture.withdrawnFindings.reversed() : [])
        return all.filter { finding in
            filter.isEmpty
                || filter.passes(text: "\(finding.kind.rawValue) \(finding.subject.label) \(finding.evidence)") { field in
                    switch field {
                    case .type, .name: .texts([finding.subject.label])
                    case .what: .texts([finding.kind.rawValue])
                    case .level: .texts([finding.severity.word.lowercased()])
                    case .scope: .texts([finding.subject.scope.map(self.picture.scopeName) ?? ""])
                    case .id: .texts(["\(finding.id)"])
                    case .state, .life, .err, .health, .tag, .uses: nil
                    }
                }
        }
    }

    // MARK: Filtering

    func passes(_ row: ResourceRow, _ filter: Filter) -> Bool {
        let binding = self.picture.bindings[row.resource.binding]?.binding
        let (type, scope) = (self.picture.typeLabel(row), self.picture.scopeName(row.resource.scope))
        return filter.passes(text: "\(type)\(row.resource.id) \(scope) \(row.stateLabel) \(row.lastError ?? "")") { field in
            switch field {
            case .type: .texts([type, binding?.type ?? type])
            case .scope: .texts([scope])
            case .state: .texts([row.stateLabel, row.resource.state.label, row.resource.state.rawValue])
            case .life: .number(self.picture.life(of: row).inSeconds)
            case .err: .number(Double(row.errors))
            case .health:
                .texts(
                    [self.picture.standing(of: row.resource.id)?.rawValue, self.picture.healthStatus(of: row.resource.id)?.rawValue]
                        .compactMap { $0 }
                )
            case .tag: .texts((binding?.tags ?? [:]).flatMap { ["\($0.key)=\($0.value)", $0.key] })
            case .name: .texts([binding?.name ?? type])
            case .id: .texts(["\(row.resource.id.rawValue)", "\(row.resource.id)"])
            case .uses: .number(Double(row.resource.uses))
            case .level, .what: nil
            }
        }
    }

    func passes(_ row: ScopeRow, _ filter: Filter) -> Bool {
        filter.passes(text: "\(row.scope.name) \(row.scope.tag ?? "") \(row.scope.state.rawValue)") { field in
            switch field {
            case .scope, .name: .texts([row.scope.name])
            case .tag: .texts([row.scope.tag].compactMap { $0 })
            case .state: .texts([row.scope.state.rawValue])
            case .life: .number(((row.closedAt ?? self.picture.time) - row.scope.openedAt).inSeconds)
            case .err: .number(Double(row.scope.books.errors))
            case .id: .texts(["\(row.scope.id.rawValue)"])
            case .type, .health, .uses, .level, .what: nil
            }
        }
    }
}

extension ResourceRow {
    /// The state as shown on the screen.
    var stateLabel: String {
        self.disposeThrew && self.resource.state == .disposed ? "threw" : self.resource.state.label
    }
}

extension ResourceState {
    /// The state as shown on the screen.
    var label: String {
        switch self {
        case .initializing: "init"
        case .ready: "ready"
        case .disposing: "disposing"
        case .disposed: "disposed"
        case .initFailed: "failed"
        case .abandoned: "abandoned"
        }
    }
}
