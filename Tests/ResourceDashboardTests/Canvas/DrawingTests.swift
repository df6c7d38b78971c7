import Testing

@testable import ResourceDashboard

@Suite("Boxes, gauges and charts")
struct DrawingTests {
    private func drawn(_ width: Int, _ height: Int, glyphs: GlyphSet = .braille, _ draw: (inout Canvas) -> Void) -> String {
        var canvas = Canvas(size: Size(width: width, height: height), glyphs: glyphs)
        draw(&canvas)
        return TextRenderer.render(canvas)
    }

    @Test("A box has round corners, a title at the left and a trailing text at the right.")
    func box() {
        var canvas = Canvas(size: Size(width: 30, height: 3))
        let inside = canvas.drawBox(canvas.bounds, title: "Pools 3", trailing: "60s", border: .plain)
        #expect(inside == Rect(x: 1, y: 1, width: 28, height: 1))
        #expect(
            TextRenderer.render(canvas) == """
                ╭─ Pools 3 ──────────── 60s ─╮
                │                            │
                ╰────────────────────────────╯

                """
        )
    }

    @Test("A narrow box drops its trailing text, then shortens its title, then drops it.")
    func narrowBox() {
        func top(_ width: Int) -> String {
            let text = self.drawn(width, 2) { $0.drawBox($0.bounds, title: "Pools", trailing: "sorted", border: .plain) }
            return String(text.prefix { $0 != "\n" })
        }
        #expect(top(20) == "╭─ Pools ─ sorted ─╮")
        #expect(top(19) == "╭─ Pools ─────────╮")
        #expect(top(10) == "╭─ Poo… ─╮")
        #expect(top(7) == "╭─ … ─╮")
        #expect(top(6) == "╭────╮")
        #expect(top(2) == "╭╮")
    }

    @Test("An ASCII box consists of plus, minus and bar characters.")
    func asciiBox() {
        let text = self.drawn(12, 3, glyphs: .ascii) { $0.drawBox($0.bounds, title: "Pools", border: .plain) }
        #expect(text == "+- Pools --+\n|          |\n+----------+\n")
    }

    @Test("A gauge fills its width exactly and shows every part that is not zero.")
    func gauge() {
        func gauge(_ used: Int, _ idle: Int, _ free: Int, width: Int = 10, glyphs: GlyphSet = .braille) -> String {
            self.drawn(width, 1, glyphs: glyphs) {
                let parts = [GaugePart(used, .used, .plain), GaugePart(idle, .idle, .plain), GaugePart(free, .free, .plain)]
                $0.drawGauge(parts, x: 0, y: 0, width: width)
            }
        }
        #expect(gauge(5, 2, 3) == "█████▒▒░░░\n")
        #expect(gauge(18, 1, 1, width: 20) == "██████████████████▒░\n")
        #expect(gauge(9_999, 1, 1) == "████████▒░\n")
        #expect(gauge(0, 0, 7) == "░░░░░░░░░░\n")
        #expect(gauge(0, 0, 0) == "          \n")
        #expect(gauge(1, 1, 1, width: 2).count == 3)
        #expect(gauge(5, 2, 3, glyphs: .ascii) == "#####==...\n")
        #expect(gauge(-5, 1, 1) == "▒▒▒▒▒░░░░░\n")
        #expect(gauge(.max, .max, 1).count == 11)
    }

    @Test("The shares of a gauge add up to its width for any values.", arguments: 1...20)
    func shares(seed: UInt64) {
        var random = SeededText(seed: seed)
        for _ in 0..<200 {
            let values = (0..<4).map { _ in random.number(below: 3) == 0 ? 0 : random.number(below: 1 << random.number(below: 40)) }
            let width = random.number(below: 60)
            let cells = Canvas.shares(values, of: width)
            #expect(cells.allSatisfy { $0 >= 0 })
            #expect(cells.reduce(0, +) == (values.allSatisfy { $0 == 0 } ? 0 : width))
            if width >= 4 { #expect(zip(values, cells).allSatisfy { ($0 > 0) == ($1 > 0) || $0 == 0 }) }
        }
    }

    @Test("A bar grows in eighths of a cell.")
    func bar() {
        func bar(_ value: Double) -> String {
            self.drawn(4, 1) { $0.drawBar(value, of: 32, x: 0, y: 0, width: 4, style: .plain) }
        }
        #expect(bar(0) == "    \n")
        #expect(bar(0.001) == "▏   \n")
        #expect(bar(12) == "█▌  \n")
        #expect(bar(32) == "████\n")
        #expect(bar(99) == "████\n")
        #expect(bar(.nan) == "    \n")
        #expect(bar(.infinity) == "████\n")
    }

    @Test("A sparkline ends with the newest value, marks missing values with a dot, and shows small values.")
    func sparkline() {
        #expect(self.drawn(6, 1) { $0.drawSparkline([0, 1, nil, 1000], x: 0, y: 0, width: 6, style: .plain) } == "  ▁▂·█\n")
        #expect(self.drawn(3, 1) { $0.drawSparkline([9, 9, 0, 4, 8], maximum: 8, x: 0, y: 0, width: 3, style: .plain) } == "▁▅█\n")
        #expect(self.drawn(3, 1) { $0.drawSparkline([0, 0, 0], x: 0, y: 0, width: 3, style: .plain) } == "▁▁▁\n")
        #expect(self.drawn(3, 1, glyphs: .ascii) { $0.drawSparkline([0, 4, 8], x: 0, y: 0, width: 3, style: .plain) } == ".=#\n")
    }

    @Test("An area chart draws two samples per cell in braille, and one in blocks and ASCII.")
    func area() {
        let values: [Double?] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
        func area(_ glyphs: GlyphSet) -> String {
            self.drawn(5, 2, glyphs: glyphs) { $0.drawArea(values, in: $0.bounds, style: .plain) }
        }
        #expect(area(.braille) == "   ⣠⣾\n ⣠⣾⣿⣿\n")
        #expect(area(.block) == " ▂▄▆█\n█████\n")
        #expect(area(.ascii) == " .-=#\n#####\n")
    }
}
