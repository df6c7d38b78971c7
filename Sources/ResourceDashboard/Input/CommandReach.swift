import ResourceContainer
import ResourceMonitoring

/// The outcome of a command that was chosen by its name.
enum CommandOutcome: Sendable {
    /// It was run, and the effects are to be performed.
    case done([Effect])
    /// It was refused for this reason, and nothing changed.
    case refused(String)
}

extension DashboardState {
    /// Runs a command in the first view that has what it acts on, beginning with the current one. A command that is refused changes nothing.
    mutating func runAnywhere(_ info: CommandInfo, argument: String = "") -> CommandOutcome {
        var next = self
        next.notice = nil
        var reach = CommandReach(self)
        if let view = reach.view(for: info) { next.show(view) }
        let effects = next.run(info, argument: argument)
        // Every warning is the reason why nothing was done.
        if effects.isEmpty, next.overlay == nil, let notice = next.notice, notice.level > .info { return .refused(notice.text) }
        self = next
        return .done(effects)
    }

    /// Returns why a command works in no view at the moment, in a few words; nil if it may work.
    func obstacle(to info: CommandInfo) -> String? {
        if info.acts, let obstacle = self.obstacle(toActing: info) { return obstacle }
        switch info.command {
        case .save: return self.reach == nil ? "no flight recorder" : nil
        case .previousProcess, .nextProcess: return self.seenProcesses.count == 1 ? "no other process" : nil
        case .speed: return self.recorded == nil ? "not a recording" : nil
        case .record: return self.recorded == nil ? nil : "a recording"
        case .scenario: return self.configuration.scenarios.isEmpty ? "no scenarios" : nil
        case .goToMark, .differences: return self.marks.isEmpty ? "no marks" : nil
        default: break
        }
        switch info.command.need {
        case .scope: return self.picture.scopes.isEmpty ? "no open scopes" : nil
        case .resource: return self.picture.resources.isEmpty ? "no resources" : nil
        case .pool: return self.picture.pools.isEmpty ? "no pools" : nil
        case .finding: return self.picture.findings.isEmpty ? "no findings" : nil
        case .sortedRows, .filteredRows, .columns, .nothing: return nil
        }
    }

    private func obstacle(toActing info: CommandInfo) -> String? {
        if self.staysHere(info) { return self.connection?.hasEnded == true ? "the process has ended" : nil }
        if self.isReadonly { return self.isAttached ? "look-only" : "read-only" }
        if self.isPast { return "not in the past" }
        if let connection, !connection.isLive { return "not connected" }
        return nil
    }
}

extension Command {
    /// A kind of item or pane that commands act on.
    enum Need: Hashable, Sendable {
        case scope, resource, pool, finding, sortedRows, filteredRows, columns, nothing
    }

    /// The kind of item or pane that the command acts on in a view.
    var need: Need {
        switch self {
        case .openScope, .openScopeNamed, .getResource, .teardownPreview, .closeScope, .forceClose: .scope
        case .checkHealth, .injectFault: .resource
        case .lease: .pool
        case .explain: .finding
        case .sort, .reverse, .sortNow, .holdOrder: .sortedRows
        case .filter, .nextMatch, .previousMatch: .filteredRows
        case .columns: .columns
        default: .nothing
        }
    }
}

/// Where commands work: the current view, or another one. The screens are asked once for each kind of thing that commands act on.
struct CommandReach {
    private let state: DashboardState
    /// A picture with one item of each kind. Screens are asked about it, because they may rebuild all rows when an item is selected.
    private lazy var sample = Self.sample(of: self.state.picture)
    private var known: [Command.Need: DashboardView?] = [:]

    init(_ state: DashboardState) {
        self.state = state
    }

    /// Returns the first view that has what a command acts on, beginning with the current one; nil if none has it.
    mutating func view(for info: CommandInfo) -> DashboardView? {
        let others = self.state.screens.views.filter { $0 != self.state.view }
        let views = [self.state.view] + others
        if let own = info.views { return views.first { own.contains($0) } }
        let need = info.command.need
        if let known = self.known[need] { return known }
        let view = views.first { self.has(need, in: $0) }
        self.known.updateValue(view, forKey: need)
        return view
    }

    private mutating func has(_ need: Command.Need, in view: DashboardView) -> Bool {
        let (state, screen) = (self.state, self.state.screens[view])
        switch need {
        case .nothing: return true
        case .sortedRows: return screen.list(at: screen.listIndex)?.isSortable ?? false
        case .filteredRows: return !(screen.list(at: screen.listIndex)?.fields.isEmpty ?? true)
        case .columns: return screen.table(at: screen.listIndex, state.context, state.glyphs) != nil
        case .scope, .resource, .pool, .finding: return view == state.view ? self.hasSelected(need) : self.shows(need, in: screen)
        }
    }

    /// Whether an item of a kind is selected in the current view.
    private func hasSelected(_ need: Command.Need) -> Bool {
        let (subject, picture) = (self.state.subject, self.state.picture)
        switch need {
        case .scope: return subject.scope.map { picture.scopes[$0] != nil } ?? false
        case .resource: return subject.resource.map { picture.resources[$0] != nil } ?? false
        case .pool: return picture.pools.count == 1 || picture.pools.contains { $0.resource != nil && $0.resource == subject.resource }
        case .finding: return subject.finding != nil || subject.resource != nil || subject.scope != nil
        case .sortedRows, .filteredRows, .columns, .nothing: return true
        }
    }

    /// Whether a screen shows items of a kind. It is asked by selecting one in a copy of the screen.
    private mutating func shows(_ need: Command.Need, in screen: any Screen) -> Bool {
        var context = self.state.context
        context.picture = self.sample
        let item: Destination? =
            switch need {
            case .scope: .scope(.root)
            case .resource: context.picture.active.first.map { .resource($0) }
            case .pool: context.picture.pools.first?.resource.map { .pool($0) }
            case .finding: context.picture.findings.first.map { .finding($0.id) }
            case .sortedRows, .filteredRows, .columns, .nothing: nil
            }
        var copy = screen
        return item.map { copy.reveal($0, context) } ?? false
    }

    private static func sample(of picture: Picture) -> Picture {
        var update = MonitorUpdate(sequence: 0, time: picture.time, isReset: true, container: picture.container, totals: picture.totals)
        let resource = picture.active.first.flatMap { picture.resources[$0] }
        update.scopes = [picture.scopes[.root]].compactMap(\.self)
        update.resources = [resource].compactMap(\.self)
        update.bindings = [resource.flatMap { picture.bindings[$0.resource.binding] }].compactMap(\.self)
        update.pools = [picture.pools.first { $0.resource != nil }].compactMap(\.self)
        update.findings = Array(picture.findings.prefix(1))
        var sample = Picture()
        sample.fold(update)
        return sample
    }
}

extension Screen {
    /// Returns the table of the focused pane, or else that of the pane that list commands act on; nil if neither has one.
    func focusedTable(_ context: ScreenContext, _ glyphs: GlyphSet) -> (pane: Int, table: Table)? {
        for index in [self.focusIndex, self.listIndex] {
            if let table = self.table(at: index, context, glyphs) { return (index, table) }
        }
        return nil
    }
}
