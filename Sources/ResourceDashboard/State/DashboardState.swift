import ResourceContainer
import ResourceMonitoring

/// Everything the dashboard knows. ``update(_:)`` is the only way it changes, and ``render()`` draws it; both are pure, so that a headless
/// snapshot and the live screen are the same code.
public struct DashboardState: Sendable {
    /// What was typed as a view's filter, and what it means.
    struct FilterField: Sendable {
        var field = TextField()
        /// The last query that could be read; it goes on being applied while what is typed cannot be.
        var filter = Filter.all
        var fault: Filter.Fault?
    }

    /// A line that answers the last key.
    struct Notice: Sendable, Hashable {
        var text: String
        var level: EventLevel
    }

    public internal(set) var configuration: DashboardConfiguration
    /// How far the recording reaches that is shown; nil if none is.
    var recorded: RecordedExtent?
    public internal(set) var size: Size
    public internal(set) var theme: Theme
    /// The themes that can be chosen.
    var themes: [Theme]
    public internal(set) var glyphs: GlyphSet
    /// Whether the picture stands still. Whoever runs the dashboard asks its source for nothing meanwhile.
    public internal(set) var isPaused: Bool
    /// The picture that is shown.
    public internal(set) var picture = Picture()
    public internal(set) var view: DashboardView
    /// The scopes that the person opened and that are still open, oldest first: closed on quit.
    public internal(set) var personOpenedScopes: [ScopeID] = []

    /// How much of the scenario's load runs, in percent.
    public internal(set) var load = 100
    /// Whether the terminal reports the mouse to the dashboard; otherwise its own selection works.
    public internal(set) var usesMouse: Bool

    // Where one is.
    var earlierViews: [DashboardView] = []
    var laterViews: [DashboardView] = []
    var focus: [DashboardView: Int] = [:]
    /// The resource that is shown in full in place of the table.
    var detail: ResourceID?
    var overlay: Overlay?

    // When one is.
    /// The newest picture, while an earlier one is shown; see ``newest``.
    var present: Picture?
    /// The number of the moment shown in the timeline, if it is not the newest.
    var moment: Int?
    var timeline = Timeline()
    /// In the order they were set.
    var marks: [TimeMark] = []
    var span = ChartSpan.minute
    /// How many times as fast as it happened a recording is played.
    var speed: Double
    /// Whether the player of a recording was sent to the next error and has not come there yet.
    var seeksError = false
    /// The file that what is shown is recorded to.
    var recordingPath: String?

    // What was typed.
    var filters: [DashboardView: FilterField] = [:]
    var filterHistory = InputHistory()
    var paletteHistory = InputHistory()

    /// Reports that wait for what stands over the view to go, so that none takes the keys from a person who types.
    var waitingReports: [DisposeReport] = []
    /// Those of ``personOpenedScopes`` that the picture has shown: one that it shows no more has closed.
    var seenPersonScopes: Set<ScopeID> = []
    var notice: Notice?
    /// What was asked for and has not been answered.
    var pending: [Effect] = []
    var ownCost: OwnCost?
    /// Whether the last key was Ctrl-C: a second one quits.
    var isInterrupted = false
    /// The time of the picture when the cursor moved last: rows keep their order for two seconds.
    var movedAt: TimeSource.Instant?
    /// Whether rows keep their order until the person says otherwise.
    var isOrderHeld = false

    // The lists. Selection is by identity, so that it stays on its item while rows come, go and change their order.
    var treeRows: [TreeRow] = []
    var treeCursor = Cursor<TreeRowID>()
    var folded: Set<ScopeID> = []
    var showsClosed = true
    var resourceRows: [ResourceID] = []
    /// The active ones of them in their order, kept up to date while the view shows.
    var resourceOrder = ResourceOrder()
    var resourceCursor = Cursor<ResourceID>()
    var resourceSort = SortOrder(ResourceColumn.id)
    var hiddenColumns: Set<ResourceColumn> = []
    var showsPeek = true
    var poolRows: [PoolSample] = []
    var poolCursor = Cursor<ResourceID>()
    var poolSort = SortOrder(PoolColumn.pressure)
    var healthRows: [HealthRow] = []
    var healthCursor = Cursor<ResourceID>()
    var healthSort = SortOrder(HealthColumn.status)
    var findingRows: [Finding] = []
    var findingCursor = Cursor<UInt64>()
    var graphRows: [GraphRow] = []
    var graphCursor = Cursor<GraphRow.ID>()
    var foldedGraph: Set<ResourceID> = []
    /// The event lines that pass the filter.
    var eventRows = EventRows()
    /// The selected event; nil follows the newest.
    var selectedEvent: EventLine?
    /// Whether the events are shown as errors grouped by cause.
    var groupsErrors = false
    var errorRows: [ErrorGroup] = []
    var errorCursor = Cursor<ErrorGroup.ID>()

    public init(configuration: DashboardConfiguration) {
        self.configuration = configuration
        self.recorded = configuration.recordedSpan.map { RecordedExtent(span: $0) }
        self.size = configuration.size
        self.theme = configuration.theme
        self.themes = configuration.themes
        self.glyphs = configuration.glyphs
        self.isPaused = configuration.isPaused
        self.view = configuration.view
        self.usesMouse = configuration.usesMouse
        self.speed = configuration.speed
        if let first = configuration.notices.first {
            let more = configuration.notices.count - 1
            // What is wrong with a recording another command tells.
            let command = self.recorded == nil ? "doctor" : "check"
            self.say(first + (more > 0 ? " (and \(more) more: resmon \(command))" : ""), .warn)
        }
    }

    /// The keys, and what they ask for.
    var keys: KeyMap {
        self.configuration.keys
    }

    /// Rows keep their order while a dialog is open and for two seconds after the cursor moved.
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

    /// Takes a message and returns what is to be done outside.
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
                self.say("no error comes after this moment")
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
        }
    }

    mutating func letGoOfWhatIsGone() {
        self.folded.formIntersection(self.picture.scopes.keys)
        guard !self.personOpenedScopes.isEmpty else { return }
        // One that was opened a moment ago may not be in the picture yet; one that closed in a gap is never shown as closed.
        for id in self.personOpenedScopes where self.picture.scopes[id] != nil { self.seenPersonScopes.insert(id) }
        let seen = self.seenPersonScopes.union(self.picture.closedScopes.lazy.map(\.scope.id))
        self.personOpenedScopes.removeAll { self.picture.scopes[$0] == nil && seen.contains($0) }
        self.seenPersonScopes.formIntersection(self.personOpenedScopes)
    }

    /// Shows the oldest report that waits, if nothing else takes the keys.
    mutating func showReport() {
        guard self.overlay == nil, !self.waitingReports.isEmpty else { return }
        self.overlay = .report(ReportOverlay(report: self.waitingReports.removeFirst()))
    }

    /// Themes were read again: the one in use and those to choose from are the fresh ones. A file that cannot be read leaves all as it was.
    private mutating func take(_ themes: [Theme], _ problem: String?) {
        if let problem { return self.say(problem, .error) }
        self.themes = themes
        if let fresh = themes.first(where: { $0.name == self.theme.name }), fresh != self.theme {
            self.theme = fresh
            self.say("theme \(fresh.name) was read again")
        }
    }

    private mutating func take(_ result: EffectResult) {
        switch result {
        case .opened(let id, let name, let parent):
            self.pending.removeFirst { $0 == .openScope(in: parent, name: name) }
            self.personOpenedScopes.append(id)
            self.folded.remove(parent)
            self.treeCursor.selected = .scope(id)
            self.say("opened \(name ?? "a scope") in \(self.picture.scopeName(parent))")
        case .closed(let report):
            self.pending.removeFirst {
                if case .closeScope(report.scope, _) = $0 { true } else { false }
            }
            self.personOpenedScopes.removeAll { $0 == report.scope }
            self.waitingReports.append(report)
            self.showReport()
            self.say("closed \(report.name)")
            self.tell(
                report.isClean ? .info : .warn,
                "close",
                "scope \(report.name)",
                "asked from the keyboard: \(report.count(.disposed) + report.count(.threw)) disposed, \(report.count(.threw)) threw"
            )
        case .got(let resource, let scope):
            // The resource may not be in the picture yet: what was asked for tells its name.
            var binding: BindingID?
            self.pending.removeFirst {
                guard case .get(let asked, in: scope) = $0 else { return false }
                binding = asked
                return true
            }
            self.resourceCursor.selected = resource
            self.say("got \(self.picture.label(of: resource, binding: binding)) in \(self.picture.scopeName(scope))")
        case .checked(let count):
            self.pending.removeFirst {
                if case .checkHealth = $0 { return true }
                return false
            }
            self.say("\(count) checked")
        case .occupied(let effect):
            self.pending.removeFirst { $0 == effect }
            self.askToReplace(effect)
        case .done(let effect, let text):
            self.pending.removeFirst { $0 == effect }
            if case .setLoad(let percent) = effect { self.load = percent }
            if case .startScenario = effect { self.load = 100 }
            if case .startRecording = effect { self.recordingPath = text }
            if case .stopRecording = effect { self.recordingPath = nil }
            self.say(text)
            if effect.isTold { self.tell(.info, effect.verb, "-", text) }
        case .failed(let effect, let text):
            self.pending.removeFirst { $0 == effect }
            self.say(text, .error)
            // What resmon could not do is no error of the program that is watched.
            self.note(EventLine.Note(source: "resmon", level: .warn, what: "failed", who: "-", message: text))
        }
        self.refreshRows()
    }

    mutating func say(_ text: String, _ level: EventLevel = .info) {
        self.notice = Notice(text: text, level: level)
    }

    /// Adds a line to the events.
    mutating func note(_ note: EventLine.Note) {
        if self.present != nil {
            self.present?.note(note)
        } else {
            self.picture.note(note)
            if self.view == .events { self.refreshRows() }
        }
    }

    private mutating func tell(_ level: EventLevel, _ what: String, _ who: String, _ message: String) {
        self.note(EventLine.Note(source: "user", level: level, what: what, who: who, message: message))
    }

    // MARK: What is selected

    /// The scope that acting keys act on: the selected one, or the one that owns the selected resource.
    var selectedScope: ScopeID? {
        switch self.view {
        case .overview, .scopes:
            switch self.treeCursor.selected {
            case .scope(let id): return id
            case .resource(let id): return self.picture.resources[id]?.resource.scope
            case nil: return self.picture.scopes.keys.min()
            }
        case .resources, .pools, .health, .graph:
            return self.actionResource.flatMap { self.picture.resources[$0]?.resource.scope }
        case .findings:
            return self.selectedFinding?.subject.scope
        case .events:
            return self.selectedEvent?.scopeID
        }
    }

    /// The finding that is explained: the selected one, or the first.
    var selectedFinding: Finding? {
        guard let id = self.findingCursor.selected else { return self.findingRows.first }
        return self.findingRows.first { $0.id == id }
    }

    /// The resource that acting keys act on.
    var actionResource: ResourceID? {
        switch self.view {
        case .overview, .scopes:
            if case .resource(let id) = self.treeCursor.selected { return id }
            return nil
        case .resources:
            return self.detail ?? self.resourceCursor.selected
        case .pools:
            return self.poolCursor.selected ?? self.poolRows.first?.resource
        case .health:
            return self.healthCursor.selected ?? self.healthRows.first?.resource
        case .findings:
            return self.selectedFinding?.subject.resource
        case .graph:
            return self.graphCursor.selected?.resource
        case .events:
            return self.selectedEvent?.resource
        }
    }
}

extension Array {
    /// Removes the first element that fits, if there is one.
    mutating func removeFirst(where fits: (Element) -> Bool) {
        if let index = self.firstIndex(where: fits) { self.remove(at: index) }
    }
}
