import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Table")
struct TableTests {
    private func words(_ state: DashboardState) -> [String] {
        state.screens.first(WordsScreen.self)?.rows.rows.map(\.id) ?? []
    }

    /// Returns the cells of a column of the screen that have a target.
    private func cells(_ state: DashboardState, x: Int, _ fits: (PointerTarget) -> Bool) -> [Int] {
        let targets = state.drawn().targets
        return (0..<state.size.height).filter { y in targets.targets(x: x, y: y).contains(where: fits) }
    }

    private func isScrollBar(_ target: PointerTarget) -> Bool {
        if case .scrollBar = target { true } else { false }
    }

    private func mouse(_ state: inout DashboardState, _ action: Mouse.Action, x: Int, y: Int) {
        _ = state.update(.input(.mouse(Mouse(action, x: x, y: y))))
    }

    @Test("A click on the title of a column sorts by it, and a second click reverses the order.")
    func header() {
        var state = DashboardState.words()
        #expect(state.lines.contains { $0.contains("WORD↑") })
        #expect(state.click("LENGTH") != nil)
        #expect(state.lines.contains { $0.contains("LENGTH↓") })
        let longest = self.words(state)
        #expect(longest.first?.count == 10)
        #expect(state.click("LENGTH") != nil)
        #expect(state.lines.contains { $0.contains("LENGTH↑") })
        #expect(self.words(state).first?.count == 4)
        #expect(state.click("WORD", from: 3) != nil)
        #expect(self.words(state) == WordsScreen.words.sorted())
    }

    @Test("Text over several columns makes no column wide, and covers the columns after it.")
    func spanning() {
        let columns = [TableColumn("A", ""), TableColumn("B", ""), TableColumn("C", "", .flexible(minimum: 1))]
        let rows: [[TableCell]] = [
            [.text("one"), .text("2"), .text("3")],
            [.text("two"), .spanning([Span("a state"), Span(" and a hint")]), .text("hidden")],
        ]
        let table = Table(columns, count: rows.count, empty: "") { rows[$0] }
        var list = ListState<WordsScreen.Word, Unsorted>(fields: [])
        list.show([WordsScreen.Word(id: "one"), WordsScreen.Word(id: "two")], passes: { _, _ in true })
        var painter = Painter(size: Size(width: 26, height: 3), theme: .defaultDark, glyphs: .block)
        painter.draw(table, list, pane: 0, isFocused: false, in: painter.canvas.bounds)
        let lines = TextRenderer.render(painter.canvas).split(separator: "\n")
        #expect(lines[1].hasPrefix(" one  2  3"))
        #expect(lines[2] == " two  a state and a hint  ")
        #expect(table.text(isAligned: false).hasSuffix("two\ta state and a hint\thidden\n"))
    }

    @Test("The wheel scrolls the rows under the pointer, and the selection stays.")
    func wheel() {
        var state = DashboardState.words()
        let (first, fourth) = (self.words(state)[0], self.words(state)[3])
        #expect(state.lines.contains { $0.contains(" \(first) ") })
        self.mouse(&state, .wheelDown, x: 5, y: 10)
        #expect(!state.lines.contains { $0.contains(" \(first) ") })
        #expect(state.lines[4].contains(" \(fourth) "))
        #expect(state.list?.selectedIndex == 0)
        for _ in 0..<40 { self.mouse(&state, .wheelDown, x: 5, y: 10) }
        let last = self.words(state)[49]
        #expect(state.lines[32].contains(" \(last) "))
        for _ in 0..<40 { self.mouse(&state, .wheelUp, x: 5, y: 10) }
        #expect(state.lines[4].contains(" \(first) "))
    }

    @Test("A scroll bar shows the position, and can be clicked and dragged.")
    func scrollBar() {
        var state = DashboardState.words()
        let x = state.size.width - 1
        let bar = self.cells(state, x: x, self.isScrollBar)
        #expect(bar == Array(4...32))
        #expect(state.drawn().canvas.row(4).last?.text == "┃")
        #expect(state.drawn().canvas.row(32).last?.text == "│")
        self.mouse(&state, .press, x: x, y: 32)
        #expect(state.drawn().canvas.row(32).last?.text == "┃")
        #expect(state.lines[32].contains(" \(self.words(state)[49]) "))
        self.mouse(&state, .drag, x: x, y: 4)
        #expect(state.lines[4].contains(" \(self.words(state)[0]) "))
        #expect(state.list?.selectedIndex == 0)
    }

    @Test("A scroll bar follows the pointer beyond its ends and columns until the button is released.")
    func strayingPointer() {
        var state = DashboardState.words()
        let x = state.size.width - 1
        self.mouse(&state, .drag, x: x, y: 32)
        #expect(state.list?.top == nil)
        self.mouse(&state, .press, x: x, y: 4)
        self.mouse(&state, .drag, x: 3, y: 35)
        #expect(state.lines[32].contains(" \(self.words(state)[49]) "))
        self.mouse(&state, .drag, x: x, y: 0)
        #expect(state.lines[4].contains(" \(self.words(state)[0]) "))
        self.mouse(&state, .release, x: x, y: 0)
        self.mouse(&state, .drag, x: x, y: 32)
        #expect(state.lines[4].contains(" \(self.words(state)[0]) "))
    }

    @Test("A table whose rows are all visible has no scroll bar.")
    func noScrollBar() {
        var state = DashboardState.words()
        _ = state.type("/-1")
        #expect(self.cells(state, x: state.size.width - 1, self.isScrollBar).isEmpty)
    }

    @Test("y copies the selected row, Y the table aligned without borders, and tsv with tabs.")
    func copies() {
        var state = DashboardState.words()
        let words = self.words(state)
        #expect(state.type("y") == [.copy(words[0])])
        let effects = state.type("Y")
        guard case .copy(let text)? = effects.first else {
            Issue.record("nothing was copied")
            return
        }
        let lines = text.split(separator: "\n")
        #expect(lines.count == 51)
        #expect(lines[0] == "WORD        LENGTH")
        #expect(lines[1].hasPrefix("\(words[0]) "))
        #expect(Set(lines.map(\.count)) == [18])
        #expect(!text.contains("│"))
        let tabs = words.map { "\($0)\t\($0.count)\n" }.joined()
        #expect(state.copyView("tsv") == [.copy("WORD\tLENGTH\n" + tabs)])
    }

    @Test("Columns are omitted before the name of a row is cut.")
    func names() {
        let columns = [
            TableColumn("NAME", "", .content(minimum: 8)), TableColumn("A", "", priority: 2), TableColumn("B", "", priority: 1),
            TableColumn("REST", "", .flexible(minimum: 6)),
        ]
        let content = [14, 6, 6, 12]
        #expect(Table.layout(columns, content: content, width: 60).widths == [14, 6, 6, 28])
        #expect(Table.layout(columns, content: content, width: 35).widths == [14, 6, 6, 6])
        #expect(Table.layout(columns, content: content, width: 34).widths == [14, nil, 6, 12])
        #expect(Table.layout(columns, content: content, width: 21).widths == [14, nil, nil, 6])
        #expect(Table.layout(columns, content: content, width: 17).widths == [10, nil, nil, 6])
        #expect(Table.layout(columns, content: content, width: 12).widths == [8, nil, nil, 3])
    }

    @Test("Sentences wrap while rows are free, from the top.")
    func sentences() {
        let cells: [[TableCell]] = Array(repeating: [.text("a"), .sentence("one two three", .text)], count: 2)
        #expect(Table.lineCounts(cells, widths: [1, 5], height: 6) == [3, 3])
        #expect(Table.lineCounts(cells, widths: [1, 5], height: 5) == [3, 2])
        #expect(Table.lineCounts(cells, widths: [1, 5], height: 2) == [1, 1])
        #expect(Table.lineCounts(cells, widths: [1, nil], height: 6) == [1, 1])
        let table = Table([TableColumn("A", ""), TableColumn("B", "", .flexible(minimum: 5))], count: 2, empty: "") { cells[$0] }
        #expect(table.height(width: 7, limit: 9) == 7)
        #expect(table.height(width: 16, limit: 9) == 3)
    }

    @Test("An unknown value, which is a dash alone, is dim in lines and cells, and a dash in a text is not.", arguments: GlyphSet.allCases)
    func unknown(_ glyphs: GlyphSet) {
        let (theme, dash) = (Theme.defaultDark, glyphs[.dash])
        var painter = Painter(size: Size(width: 6, height: 1), theme: theme, glyphs: glyphs)
        painter.lines([[Span(dash), Span(" a\(dash)b")]], in: painter.canvas.bounds)
        #expect(painter.canvas.cells[0].style == theme.style(.textDim))
        #expect(painter.canvas.cells[3].text == dash)
        #expect(painter.canvas.cells[3].style == theme.style(.text))
        painter.draw(TableCell.text(dash, .stateFailed).dimmingUnknown(glyphs), .right, in: painter.canvas.bounds)
        #expect(painter.canvas.cells[5].text == dash)
        #expect(painter.canvas.cells[5].style == theme.style(.textDim))
    }

    @Test("In Health, the figures of a resource that was never checked are dim dashes.")
    func neverChecked() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.health)
        for binding in 0..<3 { _ = fixture.make(binding) }
        var update = fixture.update()
        update.trouble(["Database", "Cache", "FileStore"])
        _ = state.update(.monitor(update))
        // The selected row has other colors. It is that of the unhealthy resource.
        #expect(state.subject.resource == ResourceID(3))
        let y = try #require(state.lines.firstIndex { $0.contains("│ Database ") })
        let dashes = state.render().row(y).filter { $0.text == "–" }
        #expect(dashes.count >= 3)
        #expect(dashes.allSatisfy { $0.style.foreground == state.theme.style(.textDim).foreground })
    }

    @Test("A hidden column is neither drawn nor described, and the first column stays.")
    func hidden() {
        let table = Table([TableColumn("A", ""), TableColumn("B", ""), TableColumn("C", "")], count: 1, empty: "") { _ in
            [.text("a"), .text("b"), .text("c")]
        }
        #expect(table.hiding(["A", "B"]).text(isAligned: false) == "A\tC\na\tc\n")
    }

    @Test("A filter that no row matches is named in place of the rows.")
    func nothing() {
        var state = DashboardState.words()
        _ = state.type("/zzz")
        #expect(state.lines.contains { $0.contains("nothing matches the filter; Esc clears it") })
        #expect(state.lines[2].contains("0 of 50"))
    }
}
