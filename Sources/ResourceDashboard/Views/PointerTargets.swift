/// The meaning of a click at a position of the screen.
enum PointerTarget: Hashable, Sendable {
    case tab(DashboardView)
    /// A pane of the view, by its index.
    case pane(Int)
    /// A finding in the overview, by its index among the active ones.
    case finding(Int)
    /// An event in the overview, counted from the newest.
    case event(Int)
    /// A row of the view's list, by its index.
    case row(Int)
    case button(CloseDialog.Button)
    /// A row of an overlay.
    case choice(Int)
    /// An overlay, which covers the targets below it.
    case cover
}

/// The rectangles of the pointer targets. Targets added later are above earlier ones.
struct PointerTargets: Sendable {
    private var entries: [(rect: Rect, target: PointerTarget)] = []

    mutating func add(_ rect: Rect, _ target: PointerTarget) {
        self.entries.append((rect, target))
    }

    /// Returns the targets at a cell, topmost first.
    func targets(x: Int, y: Int) -> [PointerTarget] {
        self.entries.reversed().filter { $0.rect.columns.contains(x) && $0.rect.rows.contains(y) }.map(\.target)
    }
}
