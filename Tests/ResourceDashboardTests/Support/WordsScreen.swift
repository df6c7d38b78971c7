@testable import ResourceDashboard

/// A view that tests add to the built-in ones: a list of words, which has everything that a list has.
struct WordsScreen: ResourceDashboard.Screen {
    enum Pane: String, ScreenPane {
        case words = "Words"
        var title: String { self.rawValue }
    }

    enum Column: String, SortColumn {
        case word = "WORD"
        case length = "LENGTH"
        var title: String { self.rawValue }
        var startsDescending: Bool { self == .length }
    }

    struct Word: Identifiable, Sendable {
        var id: String
    }

    static let view = DashboardView(named: "words")
    static let words = (10..<60).map { number in String(repeating: "x", count: number % 7 + 1) + "-\(number)" }
    var focus = Pane.words
    var rows = ListState<Word, Column>(sortedBy: .word, fields: [.name])

    mutating func refresh(_ context: ScreenContext) {
        self.rows.show(
            Self.words.map(Word.init),
            passes: { word, filter in filter.passes(text: word.id) { $0 == .name ? .texts([word.id]) : nil } },
            key: { word, column in column == .word ? SortKey(word.id) : SortKey(Double(word.id.count)) }
        )
    }

    func layout(_ context: ScreenContext, _ rect: Rect) -> [(pane: Pane, rect: Rect)] { [(.words, rect)] }

    func draw(_ pane: Pane, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        self.drawTable(pane, context, &painter, self.frame(pane, "Words \(self.rows.total)", &painter, rect))
    }

    func list(in pane: Pane) -> (any ListStatus)? { self.rows }
    mutating func perform(_ action: ListAction, in pane: Pane) { self.rows.perform(action) }
    mutating func open(_ context: ScreenContext) -> Destination { .view(.graph) }
    func text(_ context: ScreenContext) -> String? { self.rows.selected?.id }
    mutating func reset() { self.rows.reset() }

    func table(in pane: Pane, _ context: ScreenContext, _ glyphs: GlyphSet) -> Table? {
        let columns = [TableColumn("WORD", "the word", sort: 0), TableColumn("LENGTH", "its length", alignment: .right, sort: 1)]
        return Table(columns, count: self.rows.count, empty: "no words") { row in
            [.text(self.rows.rows[row].id), .text("\(self.rows.rows[row].id.count)", .textDim)]
        }
    }
}

extension DashboardState {
    /// A state of 120 x 36 cells that shows ``WordsScreen``.
    static func words() -> DashboardState {
        var state = DashboardState(
            configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 120, height: 36)),
            screens: .builtIn.adding(WordsScreen())
        )
        state.show(WordsScreen.view)
        return state
    }

    /// The rows of the screen.
    var lines: [String] {
        TextRenderer.render(self.render()).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Clicks the first occurrence of `text` at or below a row. Returns nil if there is none.
    mutating func click(_ text: String, from row: Int = 0) -> [Effect]? {
        let lines = self.lines
        for y in lines.indices.dropFirst(row) {
            guard let range = lines[y].firstRange(of: text) else { continue }
            return self.update(.input(.mouse(Mouse(.press, x: DisplayText.width(of: lines[y][..<range.lowerBound]), y: y))))
        }
        return nil
    }
}
