import DemoScenarios
import ResourceContainer
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Charts")
struct ChartTests {
    private static func painter(_ chart: Chart, _ width: Int, _ height: Int, _ glyphs: GlyphSet = .block) -> Painter {
        var painter = Painter(size: Size(width: width, height: height), theme: .defaultDark, glyphs: glyphs)
        painter.draw(chart, in: painter.canvas.bounds)
        return painter
    }

    private static func text(_ chart: Chart, _ width: Int, _ height: Int) -> [String] {
        TextRenderer.render(Self.painter(chart, width, height).canvas).split(separator: "\n").map(String.init)
    }

    private static var rising: Chart {
        var chart = Chart([1, 2, 3, 4], slots: 4, maximum: 4)
        chart.limit = 4
        return chart
    }

    @Test("A chart has a scale, and a dotted line at the limit where the area does not reach it.")
    func limit() {
        let lines = Self.text(Self.rising, 14, 4)
        #expect(lines == ["max 4 ╌╌╌╌╌╌██", "          ████", "        ██████", "    0 ████████"])
    }

    @Test("The scale has thousands separators, as the figures beside the chart.")
    func thousands() {
        var chart = Chart([2000], slots: 1, maximum: 2000)
        chart.limit = 2000
        #expect(chart.top == "2,000")
        #expect(chart.limitLabel == "max 2,000")
    }

    @Test("A narrow chart has no scale.")
    func narrow() {
        #expect(Self.text(Self.rising, 8, 1) == ["▂▂▄▄▆▆██"])
        #expect(Self.text(Self.rising, 4, 2) == ["╌╌▄█", "▄███"])
    }

    @Test("The time axis has labels from the oldest second to now, and ticks at their positions.")
    func axis() {
        var chart = Self.rising
        chart.span = .minute
        chart.ticks = [Chart.Tick(share: 0.5, glyph: .failure, role: .stateFailed, word: "error")]
        let painter = Self.painter(chart, 41, 6)
        let lines = TextRenderer.render(painter.canvas).split(separator: "\n").map(String.init)
        #expect(lines[5].split(separator: " ") == ["-60s", "-45s", "-30s", "-15s", "now"])
        #expect(lines[5].hasSuffix("now"))
        #expect(lines[4].contains("─"))
        // The plot has 35 cells after a scale of 6.
        let tick = painter.canvas.row(4)[painter.canvas.row(4).startIndex + 6 + 17]
        #expect(tick.text == "x")
        #expect(tick.style == Theme.defaultDark.style(.stateFailed))
    }

    @Test("Each span has its own labels.", arguments: ChartSpan.allCases)
    func spans(_ span: ChartSpan) throws {
        var chart = Self.rising
        chart.span = span
        let labels = try #require(Self.text(chart, 80, 6).last).split(separator: " ")
        let expected = [ChartSpan.minute: "-60s", .twoMinutes: "-2m", .fiveMinutes: "-5m", .tenMinutes: "-10m"]
        #expect(labels.first.map(String.init) == expected[span])
        #expect(labels.last == "now")
        #expect(labels.count >= 5)
    }

    @Test("A time axis that is too narrow for all labels omits labels, and never cuts one.", arguments: 1...60)
    func narrowAxis(_ width: Int) {
        var chart = Self.rising
        chart.span = .minute
        let labels = Self.text(chart, width, 6).last?.split(separator: " ").map(String.init) ?? []
        #expect(labels.allSatisfy { ["-60s", "-45s", "-30s", "-15s", "now"].contains($0) })
    }

    @Test("Waiters are stacked above leases as a warning, and leases at the limit with waiters are a failure.")
    func grades() {
        var chart = Chart([4, 4], slots: 2, maximum: 8)
        chart.limit = 4
        chart.overlay = [0, 4]
        let canvas = Self.painter(chart, 2, 4).canvas
        let theme = Theme.defaultDark
        func style(_ x: Int, _ y: Int) -> Style { canvas.cells[y * 2 + x].style }
        #expect(style(1, 0) == theme.style(.healthDegraded))
        #expect(style(1, 1) == theme.style(.healthDegraded))
        #expect(style(1, 2) == theme.style(.stateFailed))
        #expect(style(1, 3) == theme.style(.stateFailed))
        // Without waiters, only the part above 80 % of the limit is a warning.
        #expect(style(0, 2) == theme.style(.healthDegraded))
        #expect(style(0, 3) == theme.style(.chart0))
        #expect(canvas.cells[0].text == " ")
    }

    @Test("A chart without a limit has one color.")
    func plain() {
        let canvas = Self.painter(Chart([1, 2, 3, 4], slots: 4, maximum: 4), 4, 4).canvas
        let styles = Set(canvas.cells.filter { $0.text != " " }.map(\.style))
        #expect(styles == [Theme.defaultDark.style(.chart0)])
    }

    @Test("A chart draws any figures at any size.", arguments: GlyphSet.allCases)
    func anySize(_ glyphs: GlyphSet) {
        let figures: [Double?] = [.nan, .infinity, -.infinity, -1, nil, 0, 1, 1e300]
        for maximum in [0, 1, -1, 1e300, .infinity, .nan] as [Double] {
            var chart = Chart(figures, slots: 8, maximum: maximum)
            chart.limit = maximum
            chart.overlay = figures.reversed()
            chart.span = .minute
            chart.ticks = ([-1, 0, 1, 2, .nan] as [Double]).map { Chart.Tick(share: $0, glyph: .alarm, role: .text, word: "finding") }
            for width in 0...20 {
                for height in 0...7 {
                    let size = Size(width: width, height: height)
                    #expect(Self.painter(chart, width, height, glyphs).canvas.size == size)
                }
            }
        }
    }

    @Test("A sparkline is graded by load, and its zeros are dim.")
    func sparkline() {
        var painter = Painter(size: Size(width: 5, height: 1), theme: .defaultDark, glyphs: .block)
        painter.sparkline([0, 2, 4, 4], waiting: [0, 0, 0, 1], limit: 4, in: painter.canvas.bounds)
        let theme = Theme.defaultDark
        #expect(painter.canvas.cells[0].text == " ")
        #expect(painter.canvas.cells[1].style == theme.style(.textDim))
        #expect(painter.canvas.cells[2].style == theme.style(.gaugeUsed))
        #expect(painter.canvas.cells[3].style == theme.style(.healthDegraded))
        #expect(painter.canvas.cells[4].style == theme.style(.stateFailed))
    }

    @Test("Ticks show the seconds with errors, the beginnings of findings, and the marks of the span.")
    func ticks() async throws {
        let session = try SimulatedSession(ExhaustionScenario.self, seed: 7)
        var state = DashboardState.fixture(.pools)
        for update in await session.advance(to: .seconds(30)) { _ = state.update(.monitor(update)) }
        _ = state.type("ma")
        let ticks = Chart.ticks(state.context, .minute)
        #expect(ticks.count { $0.word == "error" } == state.picture.history.count { $0.counts.errors > 0 })
        #expect(ticks.count { $0.word == "finding" } == state.picture.findings.count + state.picture.withdrawnFindings.count)
        #expect(ticks.contains { $0.word == "finding" })
        let mark = try #require(ticks.last)
        #expect(mark.word == "mark")
        #expect(mark.share == 1)
        // Later, the mark is before the shorter span and still in the longer one.
        for update in await session.advance(to: .seconds(92)) { _ = state.update(.monitor(update)) }
        #expect(!Chart.ticks(state.context, .minute).contains { $0.word == "mark" })
        #expect(Chart.ticks(state.context, .twoMinutes).contains { $0.word == "mark" })
    }

    @Test("The legend names each sign of the ticks once.")
    func legend() {
        var chart = Self.rising
        chart.ticks = [0.1, 0.2, 0.3].map { Chart.Tick(share: $0, glyph: .failure, role: .stateFailed, word: "error") }
        #expect(chart.legend(.braille) == [Span("x error", .stateFailed)])
        #expect(Self.rising.legend(.braille).isEmpty)
    }
}
