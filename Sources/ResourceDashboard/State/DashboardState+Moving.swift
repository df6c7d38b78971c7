import ResourceContainer

extension DashboardState {
    var halfPage: Int {
        max(1, (self.size.height - 8) / 2)
    }

    /// Moves the cursor of the view's list; the rows keep their order for a while.
    mutating func move(by step: Int) {
        self.movedAt = self.picture.time
        switch self.view {
        case .overview, .scopes:
            let ids = self.treeRows.map(\.id)
            self.selectedTreeRow = Self.moved(self.selectedTreeRow, lastAt: self.treePlace, in: ids, by: step)
        case .resources:
            let ids = self.resourceRows.map(\.resource.id)
            self.selectedResource = Self.moved(self.selectedResource, lastAt: self.resourcePlace, in: ids, by: step)
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
        case .overview, .scopes: self.selectedTreeRow = first ? self.treeRows.first?.id : self.treeRows.last?.id
        case .resources: self.selectedResource = first ? self.resourceRows.first?.resource.id : self.resourceRows.last?.resource.id
        case .events: self.selectedEvent = first ? self.eventRows.first.map { self.picture.events[$0] } : nil
        }
    }

    /// Where the line stands among the rows shown; lines are looked for from the newest.
    func place(of line: EventLine) -> Int? {
        self.eventRows.lastIndex { self.picture.events[$0] == line }
    }

    private static func moved<ID: Hashable>(_ selected: ID?, lastAt lastPlace: Int, in rows: [ID], by step: Int) -> ID? {
        guard !rows.isEmpty else { return nil }
        guard let selected else { return step > 0 ? rows.first : rows.last }
        // What followed a row that has gone now stands in its place, so the first step down is already made.
        let place = rows.firstIndex(of: selected) ?? (step > 0 ? lastPlace - 1 : lastPlace)
        return rows[min(max(0, place + step), rows.count - 1)]
    }

    // MARK: Folding and sorting

    /// To the left or to the right: fold or unfold in a tree, another column in a table.
    mutating func sideways(_ step: Int) {
        switch self.view {
        case .scopes, .overview:
            guard case .scope(let id) = self.selectedTreeRow else {
                if step < 0, case .resource(let id) = self.selectedTreeRow, let scope = self.picture.resources[id]?.resource.scope {
                    self.selectedTreeRow = .scope(scope)
                }
                return
            }
            let isUnfolded = self.treeRows.first { $0.id == .scope(id) }?.isUnfolded
            if step < 0, isUnfolded == true {
                self.folded.insert(id)
            } else if step > 0, isUnfolded == false {
                self.folded.remove(id)
            } else if step < 0, let parent = self.picture.scopes[id]?.scope.parent {
                self.selectedTreeRow = .scope(parent)
            }
            self.refreshRows()
        case .resources:
            let columns = ResourceColumn.allCases
            self.sortColumn = columns[(self.sortColumn.rawValue + step + columns.count) % columns.count]
            self.sortsDescending = self.sortColumn.startsDescending
            self.sortNow()
        case .events:
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
        guard let place = self.selectedTreeRow.flatMap({ matches.firstIndex(of: $0) }) else {
            self.selectedTreeRow = matches.first
            return
        }
        self.selectedTreeRow = matches[(place + step + matches.count) % matches.count]
    }
}
