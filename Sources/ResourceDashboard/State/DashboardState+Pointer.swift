/// Mouse input. A click acts on the item drawn at its cell.
extension DashboardState {
    mutating func take(_ mouse: Mouse) -> [Effect] {
        guard self.usesMouse else { return [] }
        defer { self.showReport() }
        switch mouse.action {
        case .wheelUp, .wheelDown: return self.turn(by: mouse.action == .wheelUp ? -3 : 3, at: mouse)
        case .press where mouse.button == 0: return self.click(mouse)
        case .drag where mouse.button == 0: return self.drag(mouse)
        case .release:
            self.grabbed = nil
            return []
        case .press, .drag: return []
        }
    }

    private func targets(at mouse: Mouse) -> [PointerTarget] {
        self.drawn().targets.targets(x: mouse.x, y: mouse.y)
    }

    /// Scrolls the list under the pointer. The selection stays.
    private mutating func turn(by step: Int, at mouse: Mouse) -> [Effect] {
        if let overlay = self.overlay, !self.isTypingFilter {
            // In an overlay's list, the wheel moves by one, as the arrow keys do.
            return overlay.isList ? self.take(Key(step < 0 ? .up : .down), over: overlay) : []
        }
        for case .list(let pane, let top, let height, let count) in self.targets(at: mouse) {
            let row = top + step >= count - height ? count : max(0, top + step)
            self.screens.update(self.view) { $0.perform(.scroll(to: row), at: pane) }
            break
        }
        return []
    }

    private mutating func click(_ mouse: Mouse) -> [Effect] {
        let targets = self.targets(at: mouse)
        guard let target = targets.first(where: { if case .list = $0 { false } else { true } }) else { return [] }
        self.notice = nil
        // The keys after a click act on what was clicked. The filter stays in effect.
        if self.isTypingFilter { self.endFilterInput() }
        switch target {
        case .tab(let view): self.show(view)
        case .pane(let pane): self.screens.update(self.view) { $0.focusIndex = pane }
        case .row(let pane, let index):
            // The rows keep their places, so that a second click hits the same row.
            for case .list(let shown, let top, _, _) in targets where shown == pane {
                self.screens.update(self.view) { $0.perform(.scroll(to: top), at: pane) }
            }
            return self.click(row: index, in: pane)
        case .jump(let pane, let index):
            self.select(row: index, in: pane)
            return self.openSelected()
        case .header(let pane, let column): self.sort(.sort(by: column), at: pane)
        case .scrollBar, .timeBar:
            self.grabbed = target
            return self.drag(mouse)
        case .command(let command): if let info = self.keys.info(command) { return self.run(info) }
        case .button(let button): return self.press(button)
        case .choice(let index): return self.choose(index)
        case .list, .cover: break
        }
        return []
    }

    /// Selects a row. A click on the selected row opens it.
    private mutating func click(row: Int, in pane: Int) -> [Effect] {
        let isSelected = self.screen.focusIndex == pane && self.screen.list(at: pane)?.selectedIndex == row
        self.select(row: row, in: pane)
        return isSelected ? self.openSelected() : []
    }

    private mutating func select(row: Int, in pane: Int) {
        self.movedAt = self.picture.time
        self.screens.update(self.view) { screen in
            screen.focusIndex = pane
            screen.perform(.select(row), at: pane)
        }
    }

    /// Moves the scroll bar or the time bar that was pressed to the pointer, which may have left it.
    private mutating func drag(_ mouse: Mouse) -> [Effect] {
        // A dialog that opens during the drag covers the bar.
        guard let grabbed = self.grabbed, self.overlay == nil else { return [] }
        switch self.drawn().targets.first(where: { $0.isSameBar(as: grabbed) }) {
        case .scrollBar(let pane, let y, let height, let shown, let count)?:
            let row = (min(max(mouse.y, y), y + height - 1) - y) * max(0, count - shown) / max(1, height - 1)
            self.screens.update(self.view) { $0.perform(.scroll(to: row >= count - shown ? count : row), at: pane) }
            return []
        case .timeBar(let x, let width)?:
            // The last moment of the column, which has all that the column shows.
            return self.goTo(share: (Double(mouse.x - x) + 0.49) / Double(max(1, width - 1)))
        default: return []
        }
    }
}

extension PointerTarget {
    /// Whether the target is the same scroll bar or time bar as another one, which may have been elsewhere.
    fileprivate func isSameBar(as other: PointerTarget) -> Bool {
        switch (self, other) {
        case (.timeBar, .timeBar): true
        case (.scrollBar(let pane, _, _, _, _), .scrollBar(let pressed, _, _, _, _)): pane == pressed
        default: false
        }
    }
}
