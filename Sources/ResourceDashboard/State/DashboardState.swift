import ResourceContainer
import ResourceMonitoring

/// The complete state of a dashboard: the data, the selection and the settings.
///
/// Only ``update(_:)`` changes it, and ``render()`` draws it. Both are pure, so that a headless snapshot and the live screen use the same
/// code.
public struct DashboardState: Sendable {
    /// A message in the footer that responds to the last key.
    struct Notice: Sendable, Hashable {
        var text: String
        var level: EventLevel
    }

    /// The initial settings.
    package internal(set) var configuration: DashboardConfiguration
    /// The time span of the recording that is shown; nil if none is.
    var recorded: RecordedExtent?
    /// The size of the screen, in cells.
    package internal(set) var size: Size
    /// The theme in use.
    package internal(set) var theme: Theme
    /// The themes that can be chosen.
    var themes: [Theme]
    /// The glyph set in use.
    package internal(set) var glyphs: GlyphSet
    /// Whether the picture is paused. The owner of the dashboard requests no updates from its source while it is.
    package internal(set) var isPaused: Bool
    /// The picture that is shown, which may be a past one.
    package internal(set) var picture = Picture()
    /// The current view.
    package internal(set) var view: DashboardView
    /// The scopes that the user opened and that are still open, oldest first. They are closed when the dashboard quits.
    package internal(set) var userOpenedScopes: [ScopeID] = []

    // Attached processes.
    /// The attached processes; nil if the dashboard is not attached.
    var processes: [ProcessRow]?
    /// The attached process that the state is of.
    var processID: ProcessID?
    /// The state of the connection to the process; nil if the source has none.
    var connection: ConnectionStatus?
    /// How far back the source's flight recorder reaches; nil without one.
    var reach: Duration?
    /// The scopes that the user opened in processes that are not shown, as text.
    var openedElsewhere: [String] = []
    /// Whether another process is shown. Then the state has data, and no rows.
    var isHidden = false
    /// The assignment of keys to the commands that exist in this dashboard.
    private(set) var keys: KeyMap

    /// The load of the scenario, in percent.
    package internal(set) var load = 100
    /// Whether mouse reports are on. While they are off, the terminal's text selection works.
    package internal(set) var usesMouse: Bool

    // Navigation.
    var earlierViews: [DashboardView] = []
    var laterViews: [DashboardView] = []
    /// The screens, each with its rows, selection, order and filter.
    var screens: ScreenList
    /// Whether the focused pane has the whole body.
    var isZoomed = false
    var overlay: Overlay?
    /// The scroll bar or the time bar that the pressed button of the mouse drags; nil if none.
    var grabbed: PointerTarget?

    // Time travel.
    /// The newest picture, while a past one is shown; see ``newest``.
    var present: Picture?
    /// The number of the moment that is shown; nil for the newest.
    var moment: Int?
    var timeline = Timeline()
    /// The spans of time without data, oldest first.
    var gaps: [TimeGap] = []
    /// The marks in the order in which they were set.
    var marks: [TimeMark] = []
    var span = ChartSpan.minute
    /// The playback speed, as a factor of real time.
    var speed: Double
    /// Whether a seek to the next error is in progress.
    var seeksError = false
    /// The item to go to when a moment of the recording that is not after `time` is shown; nil if no seek for an item is in progress.
    var awaited: (item: Destination, time: TimeSource.Instant)?
    /// The path of the active recording; nil if there is none.
    var recordingPath: String?

    // Text input.
    var filterHistory = InputHistory()
    var paletteHistory = InputHistory()

    /// The reports that wait until the overlay closes, so that none intercepts keys while the user types.
    var waitingReports: [DisposeReport] = []
    /// The members of ``userOpenedScopes`` that the picture has contained. One that it no longer contains has closed.
    var seenUserScopes: Set<ScopeID> = []
    var notice: Notice?
    /// The effects that were requested and have not finished.
    var pending: [Effect] = []
    var ownCost: OwnCost?
    /// Whether the last key was Ctrl-C. A second one quits.
    var isInterrupted = false
    /// The time of the picture when the cursor last moved. Rows keep their order for two seconds afterward.
    var movedAt: TimeSource.Instant?
    /// Whether the user holds the order of the rows.
    var isOrderHeld = false

    /// Whether items that ended within a minute are shown.
    var showsClosed = true
    /// The titles of the columns that the user hid, by view.
    var hiddenColumns: [DashboardView: Set<String>] = [:]

    /// Creates the initial state, with no data.
    public init(configuration: DashboardConfiguration) {
        let isAttached = configuration.processes != nil
        self.init(configuration: configuration, screens: isAttached ? .builtIn.adding(ProcessesScreen()) : .builtIn)
    }

    /// Creates the initial state with other screens.
    init(configuration: DashboardConfiguration, screens: ScreenList) {
        self.configuration = configuration
        self.screens = screens
        self.recorded = configuration.recordedSpan.map { RecordedExtent(span: $0) }
        self.size = configuration.size
        self.theme = configuration.theme
        self.themes = configuration.themes
        self.glyphs = configuration.glyphs
        self.isPaused = configuration.isPaused
        self.view = configuration.view
        self.usesMouse = configuration.usesMouse
        self.speed = configuration.speed
        self.processes = configuration.processes
        self.processID = configuration.process
        self.reach = configuration.reach
        self.connection = configuration.processes?.first { $0.id == configuration.process }?.status
        self.keys = configuration.keys.existing(isAttached: configuration.processes != nil, hasRecorder: configuration.reach != nil)
        if let first = configuration.notices.first {
            let more = configuration.notices.count - 1
            // Faults of a recording are listed by `check`, all others by `doctor`.
            let command = self.recorded == nil ? "doctor" : "check"
            self.say(first + (more > 0 ? " (and \(more) more: resmon \(command))" : ""), .warn)
        }
        // The processes are known before the first update.
        if self.processes != nil { self.refreshRows() }
    }

    /// Whether rows keep their order: while an overlay is open, and for two seconds after the cursor moved.
    var holdsOrder: Bool {
        if self.isOrderHeld || (self.overlay != nil && !self.isTypingFilter) { return true }
        guard let movedAt = self.movedAt else { return false }
        return self.picture.time - movedAt < .seconds(2)
    }

    var isTypingFilter: Bool {
        if case .filter = self.overlay { return true }
        return false
    }

    // MARK: Update

    /// Handles a message and returns the effects to perform.
    public mutating func update(_ message: Message) -> [Effect] {
        switch message {
        case .monitor(let update):
            self.take(update)
            return []
        case .recorded(let picture):
            if let picture {
                self.show(recorded: picture)
            } else {
                self.seeksError = false
                self.awaited = nil
                self.say("there is no error after this moment")
            }
            return []
        case .recordedExtent(let extent):
            self.recorded = extent
            return []
        case .input(let event):
            return self.take(event)
        case .finished(let result):
            self.take(result)
            return []
        case .captured(let line):
            self.note(EventLine.Note(source: line.stream.rawValue, level: .info, what: "print", who: "-", message: line.text))
            return []
        case .themes(let themes, let problem):
            self.take(themes, problem)
            return []
        case .ownCost(let cost):
            self.ownCost = cost
            return []
        case .clock(let clock):
            self.configuration.clock = clock
            return []
        case .processes(let rows):
            self.take(rows)
            return []
        case .connection(let status):
            self.connection = status
            return []
        case .gap(let gap):
            self.mark(gap)
            return []
        case .reach(let reach):
            self.reach = reach
            self.keys = self.configuration.keys.existing(isAttached: self.isAttached, hasRecorder: reach != nil)
            return []
        }
    }

    mutating func dropStaleReferences() {
        guard !self.userOpenedScopes.isEmpty else { return }
        // A scope that was just opened may not be in the picture yet. One that closed during missed events is never shown as closed.
        for id in self.userOpenedScopes where self.picture.scopes[id] != nil { self.seenUserScopes.insert(id) }
        let seen = self.seenUserScopes.union(self.picture.closedScopes.lazy.map(\.scope.id))
        self.userOpenedScopes.removeAll { self.picture.scopes[$0] == nil && seen.contains($0) }
        self.seenUserScopes.formIntersection(self.userOpenedScopes)
    }

    /// Shows the oldest waiting report, if no overlay is open.
    mutating func showReport() {
        guard self.overlay == nil, !self.waitingReports.isEmpty else { return }
        self.overlay = .report(ReportDialog(self.waitingReports.removeFirst()))
    }

    /// Replaces the themes after their files were read again. If a file cannot be read, all themes stay unchanged.
    private mutating func take(_ themes: [Theme], _ problem: String?) {
        if let problem { return self.say(problem, .error) }
        self.themes = themes
        if let fresh = themes.first(where: { $0.name == self.theme.name }), fresh != self.theme {
            self.theme = fresh
            self.say("theme \(fresh.name) was reloaded")
        }
    }

    mutating func say(_ text: String, _ level: EventLevel = .info) {
        self.notice = Notice(text: text, level: level)
    }

    /// Appends a note to the events.
    mutating func note(_ note: EventLine.Note) {
        if self.present != nil {
            self.present?.note(note)
        } else {
            self.picture.note(note)
            self.refreshRows()
        }
    }

    // MARK: Screens

    /// The values that screens may read.
    var context: ScreenContext {
        ScreenContext(
            picture: self.picture,
            clock: self.configuration.clock,
            keys: self.keys,
            isReadonly: self.isReadonly,
            showsEnded: self.showsClosed,
            holdsOrder: self.holdsOrder,
            span: self.span,
            marks: self.marks,
            gaps: self.gaps,
            processes: self.processes,
            process: self.processID,
            size: self.size,
            isZoomed: self.isZoomed,
            hiddenColumns: self.hiddenColumns[self.view] ?? [],
            changed: nil
        )
    }

    /// The screen of the current view.
    var screen: any Screen {
        self.screens[self.view]
    }

    /// The list that list commands act on; nil if the view has none.
    var list: (any ListStatus)? {
        self.screen.list(at: self.screen.listIndex)
    }

    /// The selected items, which commands act on.
    var subject: Subject {
        self.screen.subject(self.context)
    }

    /// Rebuilds the rows of the current view, after a change of the picture, a filter, a fold or the view.
    ///
    /// - Parameter changed: The resources that changed since the last call, if nothing else did.
    mutating func refreshRows(changed: [ResourceRow]? = nil) {
        guard !self.isHidden else { return }
        var context = self.context
        context.changed = changed
        self.screens.update(self.view) { $0.refresh(context) }
    }

    /// Performs an action on the list that list commands act on.
    mutating func perform(_ action: ListAction) {
        self.screens.update(self.view) { $0.perform(action, at: $0.listIndex) }
    }
}
