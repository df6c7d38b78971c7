/// Mouse input. A click acts on the item drawn at its cell.
extension DashboardState {
    mutating func take(_ mouse: Mouse) -> [Effect] {
        guard self.usesMouse else { return [] }
        defer { self.showReport() }
        switch mouse.action {
        case .wheelUp, .wheelDown: return self.turn(by: mouse.action == .wheelUp ? -3 : 3)
        case .press where mouse.button == 0: return self.click(mouse)
        case .press, .release, .drag: return []
        }
    }

    private mutating func turn(by step: Int) -> [Effect] {
        switch self.overlay {
        case nil, .filter:
            self.move(by: step)
            return []
        case .some(let overlay):
            // In an overlay's list, the wheel moves by one, as the arrow keys do.
            return overlay.isList ? self.take(Key(step < 0 ? .up : .down), over: overlay) : []
        }
    }

    private mutating func click(_ mouse: Mouse) -> [Effect] {
        let targets = self.drawn().targets.targets(x: mouse.x, y: mouse.y)
        guard let target = targets.first else { return [] }
        self.notice = nil
        switch target {
        case .tab(let view): self.show(view)
        case .pane(let pane): self.focus[self.view] = pane
        case .finding(let index):
            let findings = self.picture.findings
            guard findings.indices.contains(index), let pane = self.view.panes.firstIndex(of: "Needs attention") else { return [] }
            let isSecond = self.focus[self.view] == pane && self.findingCursor.selected == findings[index].id
            self.focus[self.view] = pane
            self.findingCursor.selected = findings[index].id
            if isSecond { self.openSelected() }
        case .event(let index):
            let events = self.picture.events
            guard index < events.count, let pane = self.view.panes.firstIndex(of: "Events") else { return [] }
            let event = events[events.endIndex - 1 - index]
            let isSecond = self.focus[self.view] == pane && self.selectedEvent == event
            self.focus[self.view] = pane
            self.selectedEvent = event
            if isSecond { self.openSelected() }
        case .row(let index):
            // Rows belong to the list pane, while Enter acts on the view's first pane.
            let before = self.selectedRow
            self.select(row: index)
            if before == index, before != nil { self.openSelected() }
        case .button(let button):
            if case .close(let dialog) = self.overlay { return self.press(button, dialog) }
            if case .quit(let dialog) = self.overlay { return self.press(button, dialog) }
            if case .overwrite(let dialog) = self.overlay { return self.press(button, dialog) }
        case .choice(let index): return self.choose(index)
        case .cover: break
        }
        return []
    }

    /// Handles a click on a row of an overlay: the first selects it, and a second one confirms it.
    private mutating func choose(_ index: Int) -> [Effect] {
        guard let overlay = self.overlay else { return [] }
        switch overlay {
        case .help(var help):
            if help.selected == index { return self.take(Key(.enter), over: overlay) }
            help.selected = index
            self.overlay = .help(help)
        case .palette(var palette):
            if palette.selected == index { return self.take(Key(.enter), over: overlay) }
            palette.selected = index
            self.overlay = .palette(palette)
        case .chooser(var chooser):
            if chooser.selected == index { return self.take(Key(.enter), over: overlay) }
            chooser.selected = index
            self.overlay = .chooser(chooser)
        case .picker(var picker):
            let offered = self.offered(picker)
            guard offered.indices.contains(index) else { return [] }
            if picker.selected == offered[index].binding.id { return self.take(Key(.enter), over: overlay) }
            picker.selected = offered[index].binding.id
            self.overlay = .picker(picker)
        case .themes(var picker):
            if picker.selected == index { return self.take(Key(.enter), over: overlay) }
            guard self.themes.indices.contains(index) else { return [] }
            picker.selected = index
            self.theme = self.themes[index]
            self.overlay = .themes(picker)
        case .differences(var lens):
            if lens.selected == index { return self.take(Key(.enter), over: overlay) }
            lens.selected = index
            self.overlay = .differences(lens)
        case .name, .close, .preview, .report, .quit, .write, .overwrite, .mark, .filter: break
        }
        return []
    }

    /// The index of the selected row in the view's list.
    private var selectedRow: Int? {
        switch self.view {
        case .overview, .scopes: self.treeRows.firstIndex { $0.id == self.treeCursor.selected }
        case .resources: self.resourceCursor.selected.flatMap { self.resourceRows.firstIndex(of: $0) }
        case .pools: self.poolRows.firstIndex { $0.resource == self.poolCursor.selected && $0.resource != nil }
        case .health: self.healthRows.firstIndex { $0.resource == self.healthCursor.selected }
        case .findings: self.findingRows.firstIndex { $0.id == self.findingCursor.selected }
        case .graph: self.graphRows.firstIndex { $0.id == self.graphCursor.selected }
        case .events where self.groupsErrors: self.errorRows.firstIndex { $0.id == self.errorCursor.selected }
        case .events: self.selectedEvent.flatMap { self.index(of: $0) }
        }
    }

    private mutating func select(row: Int) {
        self.movedAt = self.picture.time
        switch self.view {
        case .overview, .scopes: if self.treeRows.indices.contains(row) { self.treeCursor.selected = self.treeRows[row].id }
        case .resources: if self.resourceRows.indices.contains(row) { self.resourceCursor.selected = self.resourceRows[row] }
        case .pools: if self.poolRows.indices.contains(row) { self.poolCursor.selected = self.poolRows[row].resource }
        case .health: if self.healthRows.indices.contains(row) { self.healthCursor.selected = self.healthRows[row].resource }
        case .findings: if self.findingRows.indices.contains(row) { self.findingCursor.selected = self.findingRows[row].id }
        case .graph: if self.graphRows.indices.contains(row) { self.graphCursor.selected = self.graphRows[row].id }
        case .events where self.groupsErrors:
            if self.errorRows.indices.contains(row) { self.errorCursor.selected = self.errorRows[row].id }
        case .events: if self.eventRows.indices.contains(row) { self.selectedEvent = self.picture.events[self.eventRows[row]] }
        }
    }
}
