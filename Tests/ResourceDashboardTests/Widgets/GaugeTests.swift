import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Gauges")
struct GaugeTests {
    private static func pool(leased: Int, idle: Int = 0, maximum: Int = 10, waiting: Int = 0) -> PoolSample {
        var pool = PoolSample(resource: ResourceID(1), name: "files", maximum: maximum)
        (pool.leased, pool.idle, pool.waiting) = (leased, idle, waiting)
        return pool
    }

    private static func painter(_ pool: PoolSample, width: Int = 12) -> Painter {
        var painter = Painter(size: Size(width: width, height: 1), theme: .defaultDark, glyphs: .braille)
        painter.draw(Gauge(pool), in: painter.canvas.bounds)
        return painter
    }

    /// Returns the role of the first leased cell, by its style.
    private static func style(_ pool: PoolSample) -> Style? {
        let painter = Self.painter(pool)
        return painter.canvas.cells.first { $0.text == painter.glyphs[.used] }?.style
    }

    @Test("A gauge shows leased, idle and free items in brackets.")
    func parts() {
        #expect(TextRenderer.render(Self.painter(Self.pool(leased: 5, idle: 2)).canvas) == "[█████▒▒░░░]\n")
    }

    @Test("A gauge of three cells has no brackets, and one without room draws nothing.")
    func narrow() {
        #expect(TextRenderer.render(Self.painter(Self.pool(leased: 10), width: 3).canvas) == "███\n")
        #expect(TextRenderer.render(Self.painter(Self.pool(leased: 10), width: 0).canvas) == "\n")
    }

    @Test("The leased part is calm up to 80 % of the maximum, a warning above it, and a failure at the maximum with waiters.")
    func grades() {
        let theme = Theme.defaultDark
        #expect(Self.style(Self.pool(leased: 1)) == theme.style(.gaugeUsed))
        #expect(Self.style(Self.pool(leased: 8)) == theme.style(.gaugeUsed))
        #expect(Self.style(Self.pool(leased: 9)) == theme.style(.healthDegraded))
        #expect(Self.style(Self.pool(leased: 10)) == theme.style(.healthDegraded))
        #expect(Self.style(Self.pool(leased: 10, waiting: 1)) == theme.style(.stateFailed))
        #expect(Self.style(Self.pool(leased: 5, waiting: 1)) == theme.style(.gaugeUsed))
    }

    @Test("Leases above a lowered maximum are a part with its own sign.")
    func over() {
        #expect(TextRenderer.render(Self.painter(Self.pool(leased: 10, maximum: 5)).canvas) == "[█████▓▓▓▓▓]\n")
    }

    @Test("Each word of the legend has the role of the part that it explains.")
    func legend() {
        let legend = Gauge.legend(.braille)
        #expect(legend.first { $0.text == "█ leased" }?.role == .gaugeUsed)
        #expect(legend.first { $0.text == "▒ idle" }?.role == .gaugeIdle)
        #expect(legend.first { $0.text == "░ free" }?.role == .gaugeFree)
    }

    @Test("Spans at the right of a frame keep their roles, and are omitted if they do not fit beside the title.")
    func trailing() {
        func top(_ width: Int) -> Painter {
            var painter = Painter(size: Size(width: width, height: 3), theme: .defaultDark, glyphs: .braille)
            _ = painter.pane(painter.canvas.bounds, "Pools")
            painter.trailing([Span("█ leased", .gaugeUsed)], on: painter.canvas.bounds, beside: "Pools")
            return painter
        }
        #expect(TextRenderer.render(top(24).canvas).hasPrefix("╭─ Pools ─── █ leased ─╮"))
        #expect(top(24).canvas.row(0).first { $0.text == "█" }?.style == Theme.defaultDark.style(.gaugeUsed))
        #expect(TextRenderer.render(top(20).canvas).hasPrefix("╭─ Pools ──────────╮"))
    }
}
