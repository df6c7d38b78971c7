import ResourceDashboard

/// The initial settings of the screen of a fleet.
package struct FleetConfiguration: Sendable {
    /// The size of the screen, in cells.
    package var size: Size
    package var theme: Theme
    package var themes: [Theme]
    package var glyphs: GlyphSet
    package var keys: KeyMap
    package var usesMouse: Bool
    /// The clock that converts instants to times of day.
    package var clock: WallClock
    /// The source of the tables for users, such as the address of the server.
    package var source: String
    /// The time between two tables.
    package var refresh: Duration
    /// The command that connects to the selected process.
    package var command: FleetCommandTemplate
    /// The notices shown at the start, one line each.
    package var notices: [String]

    package init(
        size: Size,
        theme: Theme = .defaultDark,
        themes: [Theme] = Theme.builtIn,
        glyphs: GlyphSet = .braille,
        keys: KeyMap = .standard,
        usesMouse: Bool = true,
        clock: WallClock,
        source: String,
        refresh: Duration,
        command: FleetCommandTemplate,
        notices: [String] = []
    ) {
        self.size = size
        self.theme = theme
        self.themes = themes
        self.glyphs = glyphs
        self.keys = keys
        self.usesMouse = usesMouse
        self.clock = clock
        self.source = source
        self.refresh = refresh
        self.command = command
        self.notices = notices
    }
}
