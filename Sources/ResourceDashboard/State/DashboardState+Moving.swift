import ResourceContainer

extension DashboardState {
    var halfPage: Int {
        max(1, (self.size.height - 8) / 2)
    }

    /// Moves the cursor of the view's list. The rows then keep their order for two seconds.
    mutating func move(by step: Int) {
        self.movedAt = self.picture.time
        switch self.view {
        case .overview where self.isFocused("Needs attention"): self.findingCursor.move(by: step, in: self.picture.findings.lazy.map(\.id))
        case .overview where self.isFocused("Events"):
            // The newest event is at the top.
            let events = self.picture.events
            let number = self.selectedEvent.flatMap { events.number(of: $0) } ?? events.endIndex
            let next = number - step
            self.selectedEvent = next >= events.endIndex || events.isEmpty ? nil : events[max(events.startIndex, next)]
        case .overview, .scopes: self.treeCursor.move(by: step, in: self.treeRows.lazy.map(\.id))
        case .resources:
            self.resourceCursor.move(by: step, in: self.resourceRows)
            if self.detail != nil { self.detail = self.resourceCursor.selected }
        case .pools: self.poolCursor.move(by: step, in: self.poolRows.compactMap(\.resource))
        case .health: self.healthCursor.move(by: step, in: self.healthRows.map(\.resource))
        case .graph: self.graphCursor.move(by: step, in: self.graphRows.lazy.map(\.id))
        case .findings: self.findingCursor.move(by: step, in: self.findingRows.map(\.id))
        case .events where self.groupsErrors: self.errorCursor.move(by: step, in: self.errorRows.lazy.map(\.id))
        case .events:
            guard !self.eventRows.isEmpty else { return }
            let index = self.selectedEvent.flatMap { self.index(of: $0) } ?? self.eventRows.count
            let next = index + step
            self.selectedEvent = next >= self.eventRows.count ? nil : self.picture.events[self.eventRows[max(0, next)]]
        }
    }

    mutating func moveToEnd(first: Bool) {
        self.movedAt = self.picture.time
        switch self.view {
        case .overview where self.isFocused("Needs attention"):
            self.findingCursor.jump(toFirst: first, in: self.picture.findings.lazy.map(\.id))
        case .overview where self.isFocused("Events"): self.selectedEvent = first ? nil : self.picture.events.first
        case .overview, .scopes: self.treeCursor.jump(toFirst: first, in: self.treeRows.lazy.map(\.id))
        case .resources: self.resourceCursor.jump(toFirst: first, in: self.resourceRows)
        case .pools: self.poolCursor.jump(toFirst: first, in: self.poolRows.compactMap(\.resource))
        case .health: self.healthCursor.jump(toFirst: first, in: self.healthRows.map(\.resource))
        case .graph: self.graphCursor.jump(toFirst: first, in: self.graphRows.lazy.map(\.id))
        case .findings: self.findingCursor.jump(toFirst: first, in: self.findingRows.map(\.id))
        case .events where self.groupsErrors: self.errorCursor.jump(toFirst: first, in: self.errorRows.lazy.map(\.id))
        case .events: self.selectedEvent = first ? self.eventRows.first.map { self.picture.events[$0] } : nil
        }
    }

    /// Returns the row of an event line; nil if it is not shown. O(log n).
    func index(of line: EventLine) -> Int? {
        self.picture.events.number(of: line).flatMap { self.eventRows.row(of: $0) }
    }

    // MARK: Folding and sorting

    /// Moves left or right: folds or unfolds in a tree, or sorts by another column in a table.
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
        case .graph:
            guard let id = self.graphCursor.selected?.resource else { return }
            if step < 0 { self.foldedGraph.insert(id) } else { self.foldedGraph.remove(id) }
            self.refreshRows()
        case .resources, .pools, .health: self.sort(by: step)
        case .events, .findings: break
        }
    }

    /// Sorts by another column.
    mutating func sort(by step: Int) {
        switch self.view {
        case .resources: self.resourceSort.move(by: step)
        case .pools: self.poolSort.move(by: step)
        case .health: self.healthSort.move(by: step)
        case .overview, .scopes, .events, .findings, .graph: return
        }
        self.sortNow()
    }

    mutating func reverse() {
        switch self.view {
        case .resources: self.resourceSort.isDescending.toggle()
        case .pools: self.poolSort.isDescending.toggle()
        case .health: self.healthSort.isDescending.toggle()
        case .overview, .scopes, .events, .findings, .graph: return
        }
        self.sortNow()
    }

    /// Sorts the rows at once, even if the cursor was just moved. A held order is held again afterward.
    mutating func sortNow(_ text: String? = nil) {
        let isHeld = self.isOrderHeld
        (self.isOrderHeld, self.movedAt) = (false, nil)
        self.refreshRows()
        self.isOrderHeld = isHeld
        if let text { return self.say(text) }
        switch self.view {
        case .pools: self.say(self.poolSort.words)
        case .health: self.say(self.healthSort.words)
        default: self.say(self.resourceSort.words)
        }
    }

    mutating func toggleFold(_ id: ScopeID) {
        if self.folded.remove(id) == nil { self.folded.insert(id) }
        self.refreshRows()
    }

    /// Moves to the next match, with wrapping. In the tree, ancestors shown for context are skipped.
    mutating func moveToMatch(_ step: Int) {
        guard let filter = self.filters[self.view]?.filter, !filter.isEmpty else {
            return self.say("there is no filter; \(self.keys.key(.filter)) sets one", .warn)
        }
        self.movedAt = self.picture.time
        let found: Bool
        switch self.view {
        case .scopes, .overview:
            let matches = self.treeRows.filter { row in
                switch row.id {
                case .scope(let id): self.picture.scopes[id].map { self.passes($0, filter) } ?? false
                case .resource(let id): self.picture.resources[id].map { self.passes($0, filter) } ?? false
                }
            }
            found = self.treeCursor.cycle(by: step, in: matches.map(\.id))
        case .resources: found = self.resourceCursor.cycle(by: step, in: self.resourceRows)
        case .pools: found = self.poolCursor.cycle(by: step, in: self.poolRows.compactMap(\.resource))
        case .health: found = self.healthCursor.cycle(by: step, in: self.healthRows.map(\.resource))
        case .findings: found = self.findingCursor.cycle(by: step, in: self.findingRows.map(\.id))
        case .graph: found = self.graphCursor.cycle(by: step, in: self.graphRows.lazy.map(\.id))
        case .events:
            found = !self.eventRows.isEmpty
            guard found else { break }
            let index = self.selectedEvent.flatMap { self.index(of: $0) } ?? (step > 0 ? -1 : 0)
            self.selectedEvent = self.picture.events[self.eventRows[(index + step + self.eventRows.count) % self.eventRows.count]]
        }
        if !found { self.say("nothing matches the filter", .warn) }
    }
}
