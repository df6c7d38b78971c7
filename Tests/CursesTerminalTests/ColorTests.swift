import ResourceDashboard
import Testing

@testable import CursesTerminal

@Suite("Which colours a terminal is asked for")
struct ColorTests {
    @Test("a person's choice limits what the terminal offers, and wins over NO_COLOR")
    func depth() {
        #expect(ColorChoice.auto.depth(offered: .indexed256, noColor: false) == .indexed256)
        #expect(ColorChoice.auto.depth(offered: .indexed256, noColor: true) == .monochrome)
        #expect(ColorChoice.always.depth(offered: .ansi8, noColor: true) == .ansi8)
        #expect(ColorChoice.never.depth(offered: .direct, noColor: false) == .monochrome)
        #expect(ColorChoice.ansi16.depth(offered: .indexed256, noColor: true) == .ansi16)
        #expect(ColorChoice.ansi16.depth(offered: .ansi8, noColor: false) == .ansi8)
        #expect(ColorChoice.indexed256.depth(offered: .direct, noColor: false) == .indexed256)
        #expect(ColorChoice.direct.depth(offered: .direct, noColor: false) == .direct)
        #expect(ColorChoice.direct.depth(offered: .monochrome, noColor: false) == .monochrome)
    }

    @Test("a number of colours is a depth")
    func offered() {
        #expect(
            [-1, 0, 2, 8, 16, 88, 256, 1 << 24].map(ColorDepth.offered) == [
                .monochrome, .monochrome, .monochrome, .ansi8, .ansi16, .ansi16, .indexed256, .direct,
            ]
        )
    }

    @Test("the terminal's own colours stay its own where it has them")
    func defaults() {
        let style = TerminalStyle(foreground: .default, background: .default, attributes: [])
        #expect(ColorPair(style, depth: .indexed256, hasDefaults: true).isDefault)
        let pair = ColorPair(style, depth: .ansi8, hasDefaults: false)
        #expect(pair.foreground == 7)
        #expect(pair.background == 0)
    }

    @Test("24-bit numbers never mean an entry of the palette")
    func direct() {
        let dark = TerminalStyle(foreground: .rgb(red: 0, green: 0, blue: 3), background: .indexed(3), attributes: [])
        let pair = ColorPair(dark, depth: .direct, hasDefaults: true)
        #expect(pair.foreground == 8)
        #expect(pair.background == 3)
        let bright = TerminalStyle(foreground: .rgb(red: 1, green: 2, blue: 3), background: .indexed(9), attributes: [])
        let other = ColorPair(bright, depth: .direct, hasDefaults: true)
        #expect(other.foreground == 0x010203)
        #expect(other.background == 0xFF0000)
        #expect(ColorPair(bright, depth: .indexed256, hasDefaults: true).background == 9)
    }
}
