import ResourceDashboard
import Testing

@testable import CursesTerminal

@Suite("Terminal color depth")
struct ColorTests {
    @Test("The user's color choice overrides NO_COLOR but never exceeds what the terminal offers.")
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

    @Test("A terminal's number of colors determines its color depth.")
    func offered() {
        #expect(
            [-1, 0, 2, 8, 16, 88, 256, 1 << 24].map(ColorDepth.offered) == [
                .monochrome, .monochrome, .monochrome, .ansi8, .ansi16, .ansi16, .indexed256, .direct,
            ]
        )
    }

    @Test("Default colors map to the terminal's defaults, or to white on black where it has none.")
    func defaults() {
        let style = TerminalStyle(foreground: .default, background: .default, attributes: [])
        #expect(ColorPair(style, depth: .indexed256, hasDefaults: true).isDefault)
        let pair = ColorPair(style, depth: .ansi8, hasDefaults: false)
        #expect(pair.foreground == 7)
        #expect(pair.background == 0)
    }

    @Test("24-bit colors never become palette entries: values below 8 become 8, and bright entries their RGB value.")
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

    private static func mode(_ choice: ColorChoice, _ change: (inout ColorMode.Offer) -> Void = { _ in }) -> ColorMode {
        var offer = ColorMode.Offer(term: "xterm-256color", colors: 256)
        change(&offer)
        return ColorMode(choice, offer)
    }

    @Test("24-bit color needs COLORTERM, the terminal database, or an explicit request.")
    func directMode() {
        #expect(Self.mode(.auto).depth == .indexed256)
        #expect(Self.mode(.always).depth == .indexed256)
        let promised = Self.mode(.auto) { $0.promisesDirectColor = true }
        #expect(promised.depth == .direct)
        #expect(promised.usesOwnEntry)
        #expect(promised.reason == "COLORTERM announces it")
        let known = Self.mode(.auto) { $0.hasDirectColor = true }
        #expect(known.depth == .direct)
        #expect(known.usesOwnEntry)
        #expect(known.reason == "the terminal database has RGB or Tc for xterm-256color")
        let asked = Self.mode(.direct)
        #expect(asked.depth == .direct)
        #expect(asked.reason == "--color rgb")
        let own = Self.mode(.auto) { ($0.term, $0.colors, $0.hasDirectColor) = ("xterm-direct", 1 << 24, true) }
        #expect(own.depth == .direct)
        #expect(!own.usesOwnEntry)
        let unknown = Self.mode(.auto) { ($0.term, $0.colors, $0.promisesDirectColor) = ("foot", nil, true) }
        #expect(unknown.depth == .direct)
    }

    @Test("COLORTERM is ignored on a terminal without colors, under NO_COLOR, and where curses refuses the entry.")
    func limitedMode() {
        let plain = Self.mode(.auto) { ($0.term, $0.colors, $0.promisesDirectColor) = ("vt100", 0, true) }
        #expect(plain.depth == .monochrome)
        #expect(plain.reason.contains("vt100 no colors"))
        let none = Self.mode(.auto) { ($0.noColor, $0.promisesDirectColor) = (true, true) }
        #expect(none.depth == .monochrome)
        #expect(none.reason == "NO_COLOR is set")
        let few = Self.mode(.indexed256) { ($0.colors, $0.promisesDirectColor) = (8, true) }
        #expect(few.depth == .ansi8)
        #expect(few.reason.contains("less than --color 256 allows"))
        let old = Self.mode(.direct) { $0.takesOwnEntry = false }
        #expect(old.depth == .indexed256)
        #expect(old.reason.contains("accepts no other entry"))
        #expect(Self.mode(.ansi16).reason == "--color 16")
    }

    @Test("Curses accepts the entry for 24-bit color, and the environment is unchanged afterward.")
    func entry() {
        let before = TerminalProbe.variable("TERMINFO")
        #expect(DirectColorEntry.isTaken)
        #expect(TerminalProbe.variable("TERMINFO") == before)
    }
}
