import Foundation
import Testing

@testable import ResourceDashboard

@Suite("Renderers")
struct RendererTests {
    /// A canvas with an example of everything that a screen contains.
    private func sample(_ theme: Theme = .defaultDark) -> Canvas {
        var canvas = Canvas(size: Size(width: 44, height: 9), style: theme.style(.text))
        let inside = canvas.drawBox(
            canvas.bounds,
            title: "Pools <3> & \"more\"",
            trailing: "60s",
            border: theme.style(.border),
            titleStyle: theme.style(.title)
        )
        canvas.draw("数据库 🎉 café \u{1B}[31m", x: inside.x + 1, y: 1, style: theme.style(.text))
        canvas.draw("● healthy", x: inside.x + 1, y: 2, style: theme.style(.healthHealthy))
        canvas.draw("x unhealthy", x: inside.x + 14, y: 2, style: theme.style(.healthUnhealthy))
        let parts = [
            GaugePart(9, .used, theme.style(.gaugeUsed)), GaugePart(3, .idle, theme.style(.gaugeIdle)),
            GaugePart(4, .free, theme.style(.gaugeFree)),
        ]
        canvas.drawGauge(parts, x: inside.x + 1, y: 3, width: 16)
        canvas.drawArea((0..<60).map { Double($0 * $0 % 37) }, in: Rect(x: 2, y: 4, width: 30, height: 3), style: theme.style(.chart0))
        canvas.drawSparkline((0..<30).map { Double($0 % 8) }, x: 2, y: 7, width: 30, style: theme.style(.chart1))
        canvas.fill(Rect(x: 34, y: 5, width: 8, height: 1), style: theme.style(.selected))
        canvas.draw("selected", x: 34, y: 5, style: theme.style(.selected))
        return canvas
    }

    @Test("Every row of rendered text has exactly the canvas's width, and no escape sequence.")
    func text() {
        let text = TextRenderer.render(self.sample())
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 10)
        #expect(lines.last == "")
        for line in lines.dropLast() { #expect(DisplayText.width(of: line) == 44) }
        #expect(!text.contains("\u{1B}"))
    }

    @Test(
        "ANSI output without its sequences equals the text, resets at each row's end, and is deterministic.",
        arguments: ColorDepth.allCases
    )
    func ansi(depth: ColorDepth) {
        let canvas = self.sample()
        let ansi = ANSIRenderer.render(canvas, depth: depth)
        #expect(ansi.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == TextRenderer.render(canvas))
        #expect(ansi.split(separator: "\n").allSatisfy { $0.hasSuffix("\u{1B}[0m") })
        #expect(ansi == ANSIRenderer.render(self.sample(), depth: depth))
        #expect(ansi.contains("38;2;") == (depth == .direct))
        #expect(ansi.contains("38;5;") == (depth == .indexed256))
    }

    @Test("ANSI output has one sequence per run of equal style.")
    func runs() {
        var canvas = Canvas(size: Size(width: 6, height: 1))
        canvas.draw("ab", x: 0, y: 0, style: Style(foreground: .ansi(1), background: .ansi(12), attributes: [.bold, .reverse]))
        canvas.draw("cd", x: 2, y: 0, style: Style(foreground: .rgb(red: 1, green: 2, blue: 3), attributes: .underline))
        #expect(
            ANSIRenderer.render(canvas, depth: .direct)
                == "\u{1B}[0;1;7;31;104mab\u{1B}[0;4;38;2;1;2;3mcd\u{1B}[0m  \u{1B}[0m\n"
        )
        #expect(ANSIRenderer.render(canvas, depth: .monochrome) == "\u{1B}[0;1;7mab\u{1B}[0;4mcd\u{1B}[0m  \u{1B}[0m\n")
    }

    @Test("The nearest colors are those that xterm would show.")
    func nearest() {
        let orange = Color.rgb(red: 255, green: 135, blue: 0)
        #expect(ColorDepth.direct.nearest(orange) == .rgb(red: 255, green: 135, blue: 0))
        #expect(ColorDepth.indexed256.nearest(orange) == .indexed(208))
        #expect(ColorDepth.indexed256.nearest(.rgb(red: 128, green: 128, blue: 128)) == .indexed(244))
        #expect(ColorDepth.indexed256.nearest(.rgb(red: 255, green: 255, blue: 255)) == .indexed(231))
        #expect(ColorDepth.ansi16.nearest(.rgb(red: 250, green: 10, blue: 10)) == .indexed(9))
        #expect(ColorDepth.ansi8.nearest(.rgb(red: 250, green: 10, blue: 10)) == .indexed(1))
        #expect(ColorDepth.ansi8.nearest(.ansi(9)) == .indexed(1))
        #expect(ColorDepth.ansi8.nearest(.ansi(8)) == .indexed(7))
        #expect(ColorDepth.monochrome.nearest(orange) == .default)
        for depth in ColorDepth.allCases { #expect(depth.nearest(Color.default) == .default) }
    }

    @Test("Every palette entry above 15 maps to itself or to an identical color.")
    func palette() {
        for index in UInt8(16)...255 {
            let color = RGB.ofIndex(index)
            let nearest = ColorDepth.indexed256.nearest(.rgb(red: color.red, green: color.green, blue: color.blue))
            guard case .indexed(let found) = nearest else {
                Issue.record("\(index) became \(nearest)")
                continue
            }
            #expect(RGB.ofIndex(found) == color)
        }
    }

    @Test("Text stays visible where its two colors would become the same.")
    func collision() {
        let faint = Style(foreground: .rgb(red: 40, green: 40, blue: 40), background: .rgb(red: 10, green: 10, blue: 10))
        #expect(ColorDepth.ansi8.nearest(faint) == TerminalStyle(foreground: .indexed(7), background: .indexed(0), attributes: []))
        let pale = Style(foreground: .rgb(red: 220, green: 220, blue: 220), background: .rgb(red: 250, green: 250, blue: 250))
        #expect(ColorDepth.ansi8.nearest(pale) == TerminalStyle(foreground: .indexed(0), background: .indexed(7), attributes: []))
    }

    @Test(
        "SVG output is well-formed, contains no control characters, and is deterministic.",
        arguments: [Theme.defaultDark, .defaultLight, .mono]
    )
    func svg(theme: Theme) throws {
        let svg = SVGRenderer.render(self.sample(theme), theme: theme, title: "a <title> & \u{1B}more")
        #expect(svg == SVGRenderer.render(self.sample(theme), theme: theme, title: "a <title> & \u{1B}more"))
        #expect(svg.contains("<title>a &lt;title&gt; &amp; ␛more</title>"))
        #expect(!svg.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        #expect(self.isWellFormed(svg))
        #expect(svg.hasSuffix("</svg>\n"))
        // A wide character has a separate element with a length, so the text after it stays in its column.
        #expect(svg.contains("textLength=\"20\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\""))
    }

    @Test("SVG output of an empty canvas is well-formed.")
    func emptySVG() {
        let svg = SVGRenderer.render(Canvas(size: Size(width: 0, height: 0)), theme: .mono, title: "")
        #expect(self.isWellFormed(svg))
    }

    /// Returns whether elements are closed in order, and text and attributes are escaped.
    private func isWellFormed(_ xml: String) -> Bool {
        var open: [Substring] = []
        var rest = xml[...]
        while let start = rest.firstIndex(of: "<") {
            let text = rest[..<start]
            guard !text.contains(">"), text.matches(of: #/&(?!amp;|lt;|gt;|quot;)/#).isEmpty else { return false }
            guard let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("?") { continue }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
            guard tag.count(where: { $0 == "\"" }).isMultiple(of: 2), !tag.contains("<") else { return false }
        }
        return open.isEmpty
    }
}
