import ResourceMonitoring

/// The panes of a screen, in the order in which Tab cycles through them. The first has the focus initially.
protocol ScreenPane: CaseIterable, Hashable, Sendable where AllCases == [Self] {
    /// The name in the footer.
    var title: String { get }
}

/// A view of the dashboard: its panes, its lists, its selection and its drawing.
///
/// A screen is a value that only the dashboard's state changes. Its functions are pure: they read the screen and a ``ScreenContext``. Keys,
/// the mouse, filters, sorting and copying work on the lists and tables that a screen names, so a screen implements none of them.
protocol Screen: Sendable {
    associatedtype Pane: ScreenPane

    /// The identity of the view.
    static var view: DashboardView { get }
    /// The pane that has the focus.
    var focus: Pane { get set }
    /// The pane whose list is filtered and moved while a pane without a list has the focus.
    var mainPane: Pane { get }
    /// Whether the screen shows the picture, so that it is dimmed while the picture is not current.
    var showsPicture: Bool { get }

    /// Rebuilds the rows after a change of the picture, of a filter or of the order.
    mutating func refresh(_ context: ScreenContext)
    /// Returns the panes that fit in `rect`, with their places. A focused pane that does not fit is drawn alone.
    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)]
    /// Draws a pane with its frame.
    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect)

    /// Returns the list in a pane; nil if it has none.
    func list(in pane: Pane) -> (any ListStatus)?
    /// Performs an action on the list in a pane.
    mutating func perform(_ action: ListAction, in pane: Pane)
    /// Returns the table in a pane; nil if it has none. It is drawn, copied and described in the help.
    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table?

    /// Returns the number on the view's tab; 0 for none.
    func badge(_ context: ScreenContext) -> Int
    /// Returns the selected items.
    func subject(_ context: ScreenContext) -> Subject
    /// Handles Enter and returns where it leads.
    mutating func open(_ context: ScreenContext) -> Destination
    /// Selects the item that `destination` names. Returns false if the screen does not show items of this kind.
    mutating func reveal(_ destination: Destination, _ context: ScreenContext) -> Bool
    /// Handles a command that only this screen has. Returns nil for any other command.
    mutating func run(_ command: Command, _ context: ScreenContext) -> ScreenResponse?
    /// Leaves the innermost state of the screen, such as a detail. Returns false if there is none.
    mutating func back() -> Bool

    /// Returns the selected row as text; nil if no row is selected.
    func text(_ context: ScreenContext) -> String?
    /// Adds the rows of the screen to its description as data.
    func describe(_ model: inout ViewModel, _ context: ScreenContext)
    /// Forgets everything about the items of the previous container.
    mutating func reset()
    /// Forgets the numbers of event lines, because the lines of another picture have other numbers.
    mutating func renumber()
    /// Releases what only a visible screen needs, because another view is shown. ``refresh(_:)`` is called before it is visible again.
    mutating func leave()
}

extension Screen {
    var mainPane: Pane { Pane.allCases[0] }
    var showsPicture: Bool { true }
    func list(in pane: Pane) -> (any ListStatus)? { nil }
    mutating func perform(_ action: ListAction, in pane: Pane) {}
    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? { nil }
    func badge(_ context: ScreenContext) -> Int { 0 }
    func subject(_ context: ScreenContext) -> Subject { Subject() }
    mutating func open(_ context: ScreenContext) -> Destination { .nowhere("there is nothing to open here") }
    mutating func reveal(_ destination: Destination, _ context: ScreenContext) -> Bool { false }
    mutating func run(_ command: Command, _ context: ScreenContext) -> ScreenResponse? { nil }
    mutating func back() -> Bool { false }
    func text(_ context: ScreenContext) -> String? { nil }
    func describe(_ model: inout ViewModel, _ context: ScreenContext) {}
    mutating func renumber() {}
    mutating func leave() {}
}

/// The panes by their index, for callers that do not know the type of the screen.
extension Screen {
    var view: DashboardView { Self.view }

    /// The index of the focused pane.
    var focusIndex: Int {
        get { Pane.allCases.firstIndex(of: self.focus) ?? 0 }
        set { self.focus = Pane.allCases[min(max(0, newValue), Pane.allCases.count - 1)] }
    }

    /// The name of the focused pane.
    var focusTitle: String { self.focus.title }

    var paneCount: Int { Pane.allCases.count }

    /// The index of the pane that list commands act on: the focused one if it has a list, or else the main one.
    var listIndex: Int {
        let pane = self.list(in: self.focus) == nil ? self.mainPane : self.focus
        return Pane.allCases.firstIndex(of: pane) ?? 0
    }

    func list(at index: Int) -> (any ListStatus)? {
        Pane.allCases.indices.contains(index) ? self.list(in: Pane.allCases[index]) : nil
    }

    mutating func perform(_ action: ListAction, at index: Int) {
        if Pane.allCases.indices.contains(index) { self.perform(action, in: Pane.allCases[index]) }
    }

    func table(at index: Int, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        Pane.allCases.indices.contains(index) ? self.table(in: Pane.allCases[index], context, glyphs) : nil
    }

    /// Draws the panes that fit, or the focused one alone if it is zoomed or does not fit beside the others.
    func draw(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let places = context.isZoomed ? [] : self.layout(context, rect).filter { $0.rect.width > 1 && $0.rect.height > 1 }
        guard places.contains(where: { $0.pane == self.focus }) else { return self.draw(self.focus, context, &painter, rect) }
        for place in places { self.draw(place.pane, context, &painter, place.rect) }
    }

    mutating func focusNext(by step: Int) {
        self.focusIndex = (self.focusIndex + step + self.paneCount) % self.paneCount
    }

    /// Draws the frame of a pane, which can be clicked, and returns its interior.
    func frame(_ pane: Pane, _ title: String, trailing: String = "", _ painter: inout Painter, _ rect: Rect) -> Rect {
        let index = Pane.allCases.firstIndex(of: pane) ?? 0
        painter.targets.add(rect, .pane(index))
        return painter.pane(rect, title, trailing: trailing, isFocused: self.focus == pane)
    }

    /// Draws the table of a pane below its frame's title. The selection of the main list is always visible, because other panes describe
    /// it. That of another list is visible while its pane has the focus.
    func drawTable(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ inside: Rect) {
        guard let table = self.table(in: pane, context, painter.glyphs)?.hiding(context.hiddenColumns), let list = self.list(in: pane)
        else { return }
        let index = Pane.allCases.firstIndex(of: pane) ?? 0
        let isFocused = self.focus == pane
        painter.draw(
            table,
            list,
            pane: index,
            isFocused: isFocused,
            showsSelection: isFocused || pane == self.mainPane,
            in: inside
        )
    }
}
