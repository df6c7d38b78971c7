import Testing

@testable import ResourceDashboard

@Suite("Canvas")
struct CanvasTests {
    private func canvas(_ width: Int, _ height: Int, glyphs: GlyphSet = .braille) -> Canvas {
        Canvas(size: Size(width: width, height: height), glyphs: glyphs)
    }

    /// Expects that every row has exactly the canvas's width and that the halves of wide graphemes come in pairs.
    private func expectWhole(_ canvas: Canvas) {
        for y in 0..<canvas.size.height {
            let row = Array(canvas.row(y))
            #expect(row.reduce(0) { $0 + Int($1.width) } == canvas.size.width)
            for (x, cell) in row.enumerated() {
                #expect(cell.width != 2 || (x + 1 < row.count && row[x + 1].width == 0))
                #expect(cell.width != 0 || (x > 0 && row[x - 1].width == 2 && cell.text.isEmpty))
            }
        }
        let lines = TextRenderer.render(canvas).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == canvas.size.height + 1)
        for line in lines.dropLast() { #expect(DisplayText.width(of: line) == canvas.size.width) }
    }

    @Test("A canvas with no cells or one cell accepts any drawing.")
    func tiny() {
        for (width, height) in [(0, 0), (1, 1), (0, 5), (5, 0), (2, 1), (1, 2), (-3, -3)] {
            var canvas = self.canvas(width, height)
            canvas.draw("数据 and more", x: -1, y: 0, style: .plain)
            canvas.draw("x", x: .max, y: .max, style: .plain)
            canvas.draw("abc", x: .min, y: 0, style: .plain)
            canvas.fill(Rect(x: -5, y: -5, width: 100, height: 100), style: .plain)
            canvas.fill(Rect(x: 0, y: 0, width: .max, height: .max), style: .plain)
            canvas.restyle(Rect(x: -1, y: -1, width: 9, height: 9)) { $0.attributes = .bold }
            canvas.drawBox(canvas.bounds, title: "title", trailing: "trailing", border: .plain)
            canvas.drawBox(Rect(x: -3, y: -1, width: 9, height: 9), title: "t", border: .plain)
            canvas.drawGauge([GaugePart(1, .used, .plain)], x: -1, y: 0, width: 4)
            canvas.drawArea([1, 2, nil], in: canvas.bounds, style: .plain)
            canvas.drawSparkline([1, 2], x: 0, y: 0, width: 9, style: .plain)
            self.expectWhole(canvas)
        }
    }

    @Test("A wide grapheme cut by an edge is replaced by a blank in its style.")
    func edges() {
        let bold = Style(attributes: .bold)
        var canvas = self.canvas(3, 1)
        #expect(canvas.draw("数数", x: 0, y: 0, style: bold) == 4)
        #expect(TextRenderer.render(canvas) == "数 \n")
        #expect(canvas.row(0).map(\.style) == [bold, bold, bold])
        #expect(canvas.draw("数a", x: -1, y: 0, style: bold) == 3)
        #expect(TextRenderer.render(canvas) == " a \n")
        self.expectWhole(canvas)
    }

    @Test("Overwriting half of a wide grapheme blanks the other half.")
    func halves() {
        for x in 0..<4 {
            var canvas = self.canvas(6, 1)
            canvas.draw("数据库", x: 0, y: 0, style: .plain)
            canvas.draw("x", x: x, y: 0, style: .plain)
            self.expectWhole(canvas)
            canvas.draw("宽", x: x, y: 0, style: .plain)
            self.expectWhole(canvas)
        }
        var canvas = self.canvas(4, 1)
        canvas.draw("数据", x: 0, y: 0, style: .plain)
        canvas.draw("宽", x: 1, y: 0, style: .plain)
        #expect(TextRenderer.render(canvas) == " 宽 \n")
    }

    @Test("A width limit clips text, but never within a grapheme.")
    func limit() {
        var canvas = self.canvas(6, 1)
        #expect(canvas.draw("a数据", x: 0, y: 0, style: .plain, limit: 4) == 3)
        #expect(TextRenderer.render(canvas) == "a数   \n")
    }

    @Test("A wide grapheme is restyled only as a whole.")
    func restyle() {
        var canvas = self.canvas(4, 1)
        canvas.draw("数据", x: 0, y: 0, style: .plain)
        canvas.restyle(Rect(x: 1, y: 0, width: 2, height: 1)) { $0.attributes = .bold }
        #expect(canvas.row(0).map(\.style.attributes) == [[], [], .bold, .bold])
    }

    @Test("Hostile names never change the width of a row.", arguments: 1...40)
    func hostileNames(seed: UInt64) {
        var random = SeededText(seed: seed)
        for glyphs in GlyphSet.allCases {
            var canvas = self.canvas(1 + random.number(below: 90), 6, glyphs: glyphs)
            for _ in 0..<30 {
                let x = random.number(below: 100) - 10
                canvas.draw(random.text(), x: x, y: random.number(below: 8) - 1, style: .plain, limit: random.number(below: 120))
            }
            canvas.drawBox(Rect(x: 2, y: 1, width: 40, height: 4), title: random.text(), trailing: random.text(), border: .plain)
            self.expectWhole(canvas)
            #expect(!TextRenderer.render(canvas).unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
            if glyphs == .ascii { #expect(TextRenderer.render(canvas).utf8.allSatisfy { $0 < 0x80 }) }
        }
    }

    @Test("A name of 300 characters stays within its row.")
    func longName() {
        var canvas = self.canvas(20, 2)
        canvas.draw(DisplayText.fit(String(repeating: "name", count: 75), width: 20), x: 0, y: 0, style: .plain)
        #expect(TextRenderer.render(canvas) == "namenamenamenamenam…\n                    \n")
    }

    @Test("In ASCII, interface glyphs have substitutes and other characters become question marks.")
    func ascii() {
        var canvas = self.canvas(16, 1, glyphs: .ascii)
        canvas.draw("▸ ● é数 … ␛\u{1B}", x: 0, y: 0, style: .plain)
        #expect(TextRenderer.render(canvas) == "> * ??? ~ ??    \n")
    }

    @Test("Every interface glyph is one cell wide in every glyph set.")
    func glyphs() {
        for set in GlyphSet.allCases {
            for sign in Glyph.allCases.map({ set[$0] }) + set.levels + set.bars {
                #expect(DisplayText.graphemes(sign).map(\.width) == [1], "\(sign)")
                #expect(sign.unicodeScalars.allSatisfy { $0.isASCII || !$0.properties.isEmoji }, "\(sign)")
                if set == .ascii { #expect(sign.utf8.allSatisfy { $0 < 0x80 }) }
            }
        }
    }
}
