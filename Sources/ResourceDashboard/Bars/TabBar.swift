/// The second row: the tabs of the views, and the keys for filter, commands and help if there is room.
///
/// The tab of the current view is always visible. On narrow screens, first the titles of the other tabs are shortened, then omitted. If the
/// numbers do not fit either, the tabs around the current one are shown.
enum TabBar {
    /// A tab with its label.
    struct Tab: Hashable, Sendable {
        var view: DashboardView
        var number: Int
        var badge: Int
        var isCurrent: Bool

        /// Returns the label with the first `letters` letters of the title. The current tab always has its whole title.
        func label(letters: Int, isPadded: Bool = false) -> String {
            let title = self.isCurrent ? self.view.title : String(self.view.title.prefix(letters))
            let count = self.badge > 0 && !title.isEmpty ? "(\(self.badge))" : ""
            return " \(self.number)\(title.isEmpty ? "" : " ")\(title)\(count)\(isPadded ? " " : "")"
        }
    }

    /// The number of letters of a title, and whether a blank follows it, from wide to narrow.
    private static let shapes = [(Int.max, true), (Int.max, false), (6, false), (5, false), (4, false), (3, false), (0, false)]

    static func draw(_ state: DashboardState, _ painter: inout Painter, y: Int) {
        let width = painter.canvas.size.width
        var x = 0
        let tabs = Self.tabs(state)
        let shown = Self.labels(tabs, width: width)
        if shown.isCut.before { x += painter.text(painter.glyphs[.left], x: x, y: y, width: width, role: .textDim) }
        for shown in shown.labels {
            let length = painter.text(shown.label, x: x, y: y, width: width - x, role: shown.tab.isCurrent ? .text : .textDim)
            painter.mark(.tab(shown.tab.view), isSelected: shown.tab.isCurrent, x: x, y: y, width: length)
            x += length
        }
        if shown.isCut.after { painter.text(painter.glyphs[.right], x: width - 1, y: y, width: 1, role: .textDim) }
        if shown.labels.count == tabs.count { Self.drawKeys(state, &painter, x: x + 1, y: y) }
    }

    private static func tabs(_ state: DashboardState) -> [Tab] {
        let context = state.context
        return state.screens.views.enumerated().map { index, view in
            Tab(view: view, number: index + 1, badge: state.screens[view].badge(context), isCurrent: view == state.view)
        }
    }

    /// Returns the tabs that fit in `width` cells with their labels, and whether tabs before or after them are hidden.
    static func labels(_ tabs: [Tab], width: Int) -> (labels: [(tab: Tab, label: String)], isCut: (before: Bool, after: Bool)) {
        for (letters, isPadded) in Self.shapes {
            let labels = tabs.map { (tab: $0, label: $0.label(letters: letters, isPadded: isPadded)) }
            if labels.reduce(0, { $0 + DisplayText.width(of: $1.label) }) <= width { return (labels, (false, false)) }
        }
        let labels = tabs.map { (tab: $0, label: $0.label(letters: 0)) }
        let current = tabs.firstIndex(where: \.isCurrent) ?? 0
        // Two cells are for the signs of hidden tabs.
        var (shown, room) = (current..<current, width - 2)
        while let next = [shown.upperBound, shown.lowerBound - 1].first(where: { index in
            labels.indices.contains(index) && (shown.isEmpty || DisplayText.width(of: labels[index].label) <= room)
        }) {
            room -= DisplayText.width(of: labels[next].label)
            shown = min(next, shown.lowerBound)..<max(next + 1, shown.upperBound)
        }
        return (Array(labels[shown]), (shown.lowerBound > 0, shown.upperBound < labels.count))
    }

    /// Draws the keys for filter, commands and help, each of which can be clicked.
    private static func drawKeys(_ state: DashboardState, _ painter: inout Painter, x: Int, y: Int) {
        let hints = [(Command.filter, "filter"), (.palette, "command"), (.help, "help")].compactMap { command, word -> (Command, String)? in
            guard let key = state.keys.info(command)?.keys.first?.name else { return nil }
            return (command, key.count == 1 ? key + word : "\(key) \(word)")
        }
        let width = hints.reduce(0) { $0 + $1.1.count + 2 }
        guard x + width <= painter.canvas.size.width else { return }
        var x = x
        for (command, text) in hints {
            painter.targets.add(Rect(x: x, y: y, width: text.count, height: 1), .command(command))
            x += painter.text(text, x: x, y: y, width: text.count, role: .textDim) + 2
        }
    }
}
