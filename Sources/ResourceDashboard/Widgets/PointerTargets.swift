/// The meaning of a click at a position of the screen.
package enum PointerTarget: Hashable, Sendable {
    case tab(DashboardView)
    /// A pane of the view, by its index.
    case pane(Int)
    /// A row of the list in a pane.
    case row(pane: Int, index: Int)
    /// A row of the list in a pane that a single click opens.
    case jump(pane: Int, index: Int)
    /// The title of a column by which the rows of a pane can be sorted.
    case header(pane: Int, column: Int)
    /// The rows of a pane, which the wheel scrolls.
    case list(pane: Int, top: Int, height: Int, count: Int)
    /// The scroll bar of a pane.
    case scrollBar(pane: Int, y: Int, height: Int, shown: Int, count: Int)
    /// A command named by a key hint.
    case command(Command)
    /// The time bar: its first column and its width.
    case timeBar(x: Int, width: Int)
    /// A button of a dialog.
    case button(DialogButton)
    /// A row of an overlay.
    case choice(Int)
    /// An overlay, which covers the targets below it.
    case cover
}

/// The rectangles of the pointer targets. Targets added later are above earlier ones.
package struct PointerTargets: Sendable {
    private var entries: [(rect: Rect, target: PointerTarget)] = []

    package mutating func add(_ rect: Rect, _ target: PointerTarget) {
        self.entries.append((rect, target))
    }

    /// Returns the targets at a cell, topmost first.
    package func targets(x: Int, y: Int) -> [PointerTarget] {
        self.entries.reversed().filter { $0.rect.columns.contains(x) && $0.rect.rows.contains(y) }.map(\.target)
    }

    /// Returns the topmost target that satisfies `fits`; nil if there is none.
    package func first(where fits: (PointerTarget) -> Bool) -> PointerTarget? {
        self.entries.last { fits($0.target) }?.target
    }
}
