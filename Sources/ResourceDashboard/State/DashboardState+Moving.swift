import ResourceContainer

/// The selection, the order and the filter of the current view's list.
extension DashboardState {
    /// Moves the selection by the rows of half a page.
    mutating func movePage(by pages: Int) {
        self.move(.move(by: pages * max(1, (self.size.height - 8) / 2)))
    }

    /// Moves the selection. The rows then keep their order for two seconds.
    mutating func move(_ action: ListAction) {
        self.movedAt = self.picture.time
        self.perform(action)
    }

    /// Moves left or right in a view without such a command: sorts by the column to the left or the right.
    mutating func sideways(_ step: Int) {
        if self.list?.isSortable ?? false { self.sort(.sortNext(by: step)) }
    }

    /// Changes the order of the rows, and sorts them at once.
    mutating func sort(_ action: ListAction, at pane: Int? = nil) {
        let index = pane ?? self.screen.listIndex
        guard self.screen.list(at: index)?.isSortable ?? false else { return self.say("these rows have a fixed order", .warn) }
        self.screens.update(self.view) { $0.perform(action, at: index) }
        self.sortNow(self.screen.list(at: index)?.sortWords ?? "")
    }

    /// Sorts the rows at once, even if the cursor was just moved. A held order is held again afterward.
    mutating func sortNow(_ text: String) {
        let isHeld = self.isOrderHeld
        (self.isOrderHeld, self.movedAt) = (false, nil)
        self.refreshRows()
        self.isOrderHeld = isHeld
        self.say(text)
    }

    /// Moves to the next match, with wrapping.
    mutating func moveToMatch(_ step: Int) {
        guard let list = self.list, !list.filter.isEmpty else {
            return self.say("there is no filter; \(self.keys.key(.filter)) sets one", .warn)
        }
        guard list.count > 0 else { return self.say("nothing matches the filter", .warn) }
        self.move(.cycle(by: step))
    }

    // MARK: Filter

    mutating func openFilter(_ query: String) {
        guard let list = self.list, !list.fields.isEmpty else { return self.say("this view has no rows to filter", .warn) }
        if query.isEmpty { return self.overlay = .filter }
        self.filter(TextField(query))
        self.endFilterInput()
        self.confirmFilter()
    }

    /// Sets the filter of the current list, and shows the rows that pass.
    mutating func filter(_ text: TextField) {
        self.perform(.filter(text))
        self.refreshRows()
    }

    /// Ends the input of the filter, which stays in effect.
    mutating func endFilterInput() {
        self.overlay = nil
        self.filterHistory.add(self.list?.filter.text.text ?? "")
    }

    /// Completes the text of the filter. An incomplete one gets a blank at its end, which makes the start of a field a word.
    mutating func confirmFilter() {
        guard let field = self.list?.filter, field.expected != nil else { return }
        self.filter(TextField(field.text.text + " "))
    }
}
