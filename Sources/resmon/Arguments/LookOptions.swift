import ArgumentParser
import CursesTerminal
import ResourceDashboard

/// The options for the appearance of the dashboard.
struct LookOptions: ParsableArguments {
    @OptionGroup var themes: ThemeOptions

    @Option(
        help: ArgumentHelp("The configuration file, instead of the one in your configuration directory.", valueName: "path"),
        completion: .file(extensions: ["yaml"])
    )
    var config: String?

    @Option(
        help: ArgumentHelp("The colors: auto, always, never, 16, 256 or rgb.", valueName: "colors"),
        completion: .list(ColorChoice.allCases.map(\.rawValue))
    )
    var color: String?

    @Option(
        help: ArgumentHelp("The glyph set: braille, block or ascii.", valueName: "glyphs"),
        completion: .list(GlyphSet.allCases.map(\.rawValue))
    )
    var glyphs: String?

    @Flag(help: "Draw with ASCII only; the same as --glyphs ascii.")
    var ascii = false

    /// The color choice of the command line, or nil.
    func chosenColor() throws(UsageFault) -> ColorChoice? {
        guard let color = self.color else { return nil }
        return try Choice.parse(color, "--color", "choice of colors")
    }

    /// The glyph set of the command line, or nil.
    func chosenGlyphs() throws(UsageFault) -> GlyphSet? {
        guard let glyphs = self.glyphs else { return self.ascii ? .ascii : nil }
        let chosen: GlyphSet = try Choice.parse(glyphs, "--glyphs", "set of glyphs")
        if self.ascii, chosen != .ascii { throw UsageFault("--ascii and --glyphs \(glyphs) contradict each other: give one of them") }
        return chosen
    }
}
