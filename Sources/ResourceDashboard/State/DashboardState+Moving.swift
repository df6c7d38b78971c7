import ResourceContainer

extension DashboardState {
    var halfPage: Int {
        max(1, (self.size.height - 8) / 2)
    }

    /// Moves the cursor of the view's list; the rows keep their order for a while.
    mutating func move(by step: Int) {
        self.movedAt = self.picture.time
        switch self.view {
        case .overview, .scopes: self.treeCursor.move(by: step, in: self.treeRows.map(\.id))
        case .resources: self.resourceCursor.move(by: step, in: self.resourceRows.map(\.resource.id))
        case .pools: self.poolCursor.move(by: step, in: self.poolRows.compactMap(\.resource))
        case .health: self.healthCursor.move(by: step, in: self.healthRows.map(\.resource))
        case .graph: self.graphCursor.move(by: step, in: self.graphRows.map(\.id))
        case .findings: self.findingCursor.move(by: step, in: self.findingRows.map(\.id))
        case .events:
            guard !self.eventRows.isEmpty else { return }
            let place = self.selectedEvent.flatMap { self.place(of: $0) } ?? self.eventRows.count
            let next = place + step
            self.selectedEvent = next >= self.eventRows.count ? nil : self.picture.events[self.eventRows[max(0, next)]]
        }
    }

    mutating func moveToEnd(first: Bool) {
        self.movedAt = self.picture.time
        switch self.view {
        case .overview, .scopes: self.treeCursor.jump(toFirst: first, in: self.treeRows.map(\.id))
        case .resources: self.resourceCursor.jump(toFirst: first, in: self.resourceRows.map(\.resource.id))
        case .pools: self.poolCursor.jump(toFirst: first, in: self.poolRows.compactMap(\.resource))
        case .health: self.healthCursor.jump(toFirst: first, in: self.healthRows.map(\.resource))
        case .graph: self.graphCursor.jump(toFirst: first, in: self.graphRows.map(\.id))
        case .findings: self.findingCursor.jump(toFirst: first, in: self.findingRows.map(\.id))
        case .events: self.selectedEvent = first ? self.eventRows.first.map { self.picture.events[$0] } : nil
        }
    }

    /// Where the line stands among the rows shown; lines are looked for from the newest.
    func place(of line: EventLine) -> Int? {
        self.eventRows.lastIndex { self.picture.events[$0] == line }
    }

    // MARK: Folding and sorting

    /// To the left or to the right: fold or unfold in a tree, another column in a table.
    mutating func sideways(_ step: Int) {
        switch self.view {
        case .scopes, .overview:
            guard case .scope(let id) = self.treeCursor.selected else {
                if step < 0, case .resource(let id) = self.treeCursor.selected, let scope = self.picture.resources[id]?.resource.scope {
                    self.treeCursor.selected = .scope(scope)
                }
                return
            }
            let isUnfolded = self.treeRows.first { $0.id == .scope(id) }?.isUnfolded
            if step < 0, isUnfolded == true {
                self.folded.insert(id)
            } else if step > 0, isUnfolded == false {
                self.folded.remove(id)
            } else if step < 0, let parent = self.picture.scopes[id]?.scope.parent {
                self.treeCursor.selected = .scope(parent)
            }
            self.refreshRows()
        case .resources:
            let columns = ResourceColumn.allCases
            self.sortColumn = columns[(self.sortColumn.rawValue + step + columns.count) % columns.count]
            self.sortsDescending = self.sortColumn.startsDescending
            self.sortNow()
        case .pools, .health, .events, .findings, .graph:
            break
        }
    }

    mutating func reverse() {
        self.sortsDescending.toggle()
        self.sortNow()
    }

    private mutating func sortNow() {
        self.movedAt = nil
        self.refreshRows()
        self.say("sorted by \(self.sortColumn.title)\(self.sortsDescending ? ", greatest first" : "")")
    }

    mutating func toggleFold(_ id: ScopeID) {
        if self.folded.remove(id) == nil { self.folded.insert(id) }
        self.refreshRows()
    }

    /// To the next row that itself passes the filter, past the scopes shown only because of what is in them.
    mutating func moveToMatch(_ step: Int) {
        guard let filter = self.filters[.scopes]?.filter, !filter.isEmpty else {
            self.say("there is no filter: / begins one", .warn)
            return
        }
        let matches = self.treeRows.filter { row in
            switch row.id {
            case .scope(let id): self.picture.scopes[id].map { self.passes($0, filter) } ?? false
            case .resource(let id): self.picture.resources[id].map { self.passes($0, filter) } ?? false
            }
        }.map(\.id)
        guard !matches.isEmpty else {
            self.say("nothing passes the filter", .warn)
            return
        }
        self.movedAt = self.picture.time
        guard let place = self.treeCursor.selected.flatMap({ matches.firstIndex(of: $0) }) else {
            self.treeCursor.selected = matches.first
            return
        }
        self.treeCursor.selected = matches[(place + step + matches.count) % matches.count]
    }
}
