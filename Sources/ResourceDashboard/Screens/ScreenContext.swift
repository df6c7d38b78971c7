import ResourceContainer
import ResourceMonitoring

/// Everything that a screen may read besides its own state. It is made for each call, so that no screen keeps a copy.
struct ScreenContext: Sendable {
    /// The picture that is shown, which may be a past one.
    var picture: Picture
    /// The clock that converts instants to times of day.
    var clock: WallClock
    /// The assignment of keys to commands.
    var keys: KeyMap
    /// Whether commands that act on the container are refused.
    var isReadonly: Bool
    /// Whether items that ended within a minute are shown.
    var showsEnded: Bool
    /// Whether rows keep their order.
    var holdsOrder: Bool
    /// The time span of the charts.
    var span: ChartSpan
    /// The marks in the order in which they were set.
    var marks: [TimeMark]
    /// The spans of time without data, oldest first.
    var gaps: [TimeGap]
    /// The attached processes; nil if the dashboard is not attached.
    var processes: [ProcessRow]?
    /// The attached process that is shown.
    var process: ProcessID?
    /// The size of the screen, in cells.
    var size: Size
    /// Whether the focused pane has the whole body.
    var isZoomed: Bool
    /// The titles of the columns that the user hid.
    var hiddenColumns: Set<String>
    /// The resources that changed since the last refresh, if nothing else did; nil if anything may have changed.
    var changed: [ResourceRow]?

    /// Whether there is room for two columns of panes.
    var isWide: Bool {
        self.size.width >= 100 && self.size.height >= 24
    }

    /// Whether there is room for one pane only.
    var isSmall: Bool {
        self.size.width < 60 || self.size.height < 12
    }

    /// The state as text in the title of a sorted table.
    func order(_ list: some ListStatus) -> String {
        self.holdsOrder ? "order held" : list.sortWords ?? ""
    }
}
