import CursesTerminal
import ResourceDashboard
import ResourceDashboardLive

/// The validated options of the live screen: the command line first, then the environment and the configuration.
struct ScreenPlan {
    let view: DashboardView
    let theme: Theme
    let library: ThemeLibrary
    /// The path of the theme, if it was given by its path.
    let themeFile: String?
    let glyphs: GlyphSet
    let framesPerSecond: Int
    let terminal: TerminalOptions
    let keys: KeyMap
    /// The problems of the configuration, one line each.
    let notices: [String]

    /// Validates the options. With `hasProcesses`, the view of the processes exists.
    init(
        _ screen: ScreenOptions,
        _ look: LookOptions,
        _ surroundings: Surroundings,
        _ probe: TerminalProbe,
        hasProcesses: Bool = false
    ) throws(UsageFault) {
        let configuration = try Configuration.read(look.config, surroundings)
        self.view =
            try screen.view.map { text throws(UsageFault) in try ViewArgument.parse(text, hasProcesses: hasProcesses) }
            ?? configuration.view ?? .overview
        self.framesPerSecond =
            try screen.fps.map { text throws(UsageFault) in try Self.rate(text, "--fps") } ?? configuration.framesPerSecond ?? 4
        self.library = try look.themes.library(surroundings, configuration)
        var notices = configuration.problems
        // A fault of the command line or the environment is an error. A fault of the configuration file is only a notice.
        let asksForTheme = look.themes.theme != nil || !(surroundings.environment["RESMON_THEME"] ?? "").isEmpty
        do throws(UsageFault) {
            self.theme = try look.themes.theme(from: self.library, environment: surroundings.environment, configuration)
        } catch {
            if asksForTheme { throw error }
            notices.append(error.description)
            self.theme = .defaultDark
        }
        // A file that does not load now is loaded as soon as it is fixed.
        let asked = try? look.themes.asked(surroundings.environment, configuration)
        self.themeFile = asked.flatMap { ThemeLibrary.isPath($0) ? $0 : nil }
        self.glyphs = try look.chosenGlyphs() ?? configuration.glyphs ?? (probe.isUTF8 ? .braille : .ascii)
        self.terminal = TerminalOptions(
            color: try look.chosenColor() ?? configuration.color ?? .auto,
            mouse: screen.noMouse ? false : configuration.mouse ?? true
        )
        self.keys = configuration.keys
        self.notices = notices
    }

    /// Parses a frame rate.
    static func rate(_ text: String, _ name: String) throws(UsageFault) -> Int {
        guard text.allSatisfy(\.isDigit), let rate = Int(text), (1...30).contains(rate) else {
            throw UsageFault("\(name): '\(text)' is not a rate: a whole number from 1 to 30 is accepted")
        }
        return rate
    }

    /// The options of the dashboard.
    var options: DashboardOptions {
        var themes = self.library.names().compactMap { try? self.library.load($0) }
        if !themes.contains(where: { $0.name == self.theme.name }) { themes.append(self.theme) }
        return DashboardOptions(
            theme: self.theme,
            themes: themes,
            glyphs: self.glyphs,
            view: self.view,
            rate: self.framesPerSecond,
            keys: self.keys,
            notices: self.notices,
            themeWatch: ThemeWatch(self.library, file: self.themeFile),
            terminal: self.terminal
        )
    }
}
