/// What stands somewhere on the screen, for a person who points at it.
enum PointerTarget: Hashable, Sendable {
    case tab(DashboardView)
    /// A pane of the view, by its place among them.
    case pane(Int)
    /// A finding in the overview, by its place among those that stand.
    case finding(Int)
    /// An event in the overview, counted from the newest.
    case event(Int)
    /// A row of the view's list, by its place in it.
    case row(Int)
    case button(CloseDialog.Button)
    /// A row of what stands over the view.
    case choice(Int)
    /// Something that stands over the view: what is below it cannot be reached.
    case cover
}

/// Where the targets are; what was drawn later stands above.
struct PointerTargets: Sendable {
    private var places: [(rect: Rect, target: PointerTarget)] = []

    mutating func add(_ rect: Rect, _ target: PointerTarget) {
        self.places.append((rect, target))
    }

    /// What stands at a cell, the topmost first.
    func targets(x: Int, y: Int) -> [PointerTarget] {
        self.places.reversed().filter { $0.rect.columns.contains(x) && $0.rect.rows.contains(y) }.map(\.target)
    }
}
