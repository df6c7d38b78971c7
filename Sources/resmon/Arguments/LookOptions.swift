import ArgumentParser
import CursesTerminal
import ResourceDashboard

/// What the dashboard looks like.
struct LookOptions: ParsableArguments {
    @OptionGroup var themes: ThemeOptions

    @Option(
        help: ArgumentHelp("The configuration, instead of the one in the person's own directory.", valueName: "path"),
        completion: .file(extensions: ["yaml"])
    )
    var config: String?

    @Option(
        help: ArgumentHelp("The colours: auto, always, never, 16, 256 or rgb.", valueName: "colours"),
        completion: .list(ColorChoice.allCases.map(\.rawValue))
    )
    var color: String?

    @Option(
        help: ArgumentHelp("What to draw with: braille, block or ascii.", valueName: "glyphs"),
        completion: .list(GlyphSet.allCases.map(\.rawValue))
    )
    var glyphs: String?

    @Flag(help: "Draw with ASCII only; the same as --glyphs ascii.")
    var ascii = false

    /// Which colours, if the person said so.
    func chosenColor() throws(UsageFault) -> ColorChoice? {
        guard let color = self.color else { return nil }
        return try Choice.parse(color, "--color", "choice of colours")
    }

    /// What to draw with, if the person said so.
    func chosenGlyphs() throws(UsageFault) -> GlyphSet? {
        guard let glyphs = self.glyphs else { return self.ascii ? .ascii : nil }
        let chosen: GlyphSet = try Choice.parse(glyphs, "--glyphs", "set of glyphs")
        if self.ascii, chosen != .ascii { throw UsageFault("--ascii and --glyphs \(glyphs) contradict each other: give one of them") }
        return chosen
    }
}
