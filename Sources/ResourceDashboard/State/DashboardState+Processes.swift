import ResourceContainer
import ResourceMonitoring

/// The attached processes: the one that the state is of, and the ways to the others.
extension DashboardState {
    /// Whether the dashboard is attached to processes.
    var isAttached: Bool { self.processes != nil }

    /// The row of the process that the state is of; nil if it is none of the attached ones.
    var process: ProcessRow? {
        self.processes?.first { $0.id == self.processID }
    }

    /// The processes that can be shown, in their order.
    var seenProcesses: [ProcessID] {
        (self.processes ?? []).filter { !$0.isUnseen || $0.id == self.processID }.map(\.id)
    }

    /// The process in words, to be appended to the title of a dialog: ` of shop 4711@web1`; empty without a process.
    var ofProcess: String {
        self.process.map { " of \($0.words)" } ?? ""
    }

    /// The open scopes that the user opened, as text that names their process if there is one.
    var openedHere: [String] {
        self.userOpenedScopes.map { "\(self.picture.scopeName($0))\(self.ofProcess)" }
    }

    /// Replaces the rows of the attached processes.
    mutating func take(_ rows: [ProcessRow]) {
        self.processes = rows
        if let status = self.process?.status { self.connection = status }
        // A view of the picture has the same rows as before, and may have many.
        if !self.screen.showsPicture { self.refreshRows() }
    }

    // MARK: Going to a process

    /// Shows an attached process, in a view or in the one that it showed last.
    mutating func show(process id: ProcessID, _ view: DashboardView?) -> [Effect] {
        guard id != self.processID else {
            self.show(view ?? self.viewOfPicture)
            return []
        }
        return [.showProcess(id, view: view)]
    }

    /// Shows the process that is a number of rows after the present one, with wrapping. Rows that cannot be shown are not counted.
    mutating func showProcess(by step: Int) -> [Effect] {
        let ids = self.seenProcesses
        guard let index = ids.firstIndex(where: { $0 == self.processID }) else {
            return ids.first.map { [.showProcess($0)] } ?? []
        }
        guard ids.count > 1 else {
            self.say("there is no other process", .warn)
            return []
        }
        return [.showProcess(ids[(index + step + ids.count) % ids.count])]
    }

    mutating func openProcesses() {
        self.overlay = .processes(ProcessPicker(selected: self.processID))
    }

    /// Connects to the selected process, or to the one that is shown, or shows its successor if it has ended.
    mutating func reconnect() -> [Effect] {
        let id = self.subject.process ?? self.processID
        guard let row = self.processes?.first(where: { $0.id == id }) else {
            self.say("select a process to connect to", .warn)
            return []
        }
        switch row.status {
        case .live:
            self.say("the connection to \(row.words) is open")
            return []
        case .connecting:
            self.say("the connection to \(row.words) is being opened: no data have arrived yet")
            return []
        case .silent, .reconnecting, .refused:
            self.say("connecting to \(row.words) …")
            return [.reconnect(row.id)]
        case .ended:
            if let successor = self.processes?.successor(of: row.id) { return self.show(process: successor, nil) }
            let others = row.successor.map { "\($0) took its place and ended before anything was seen of it" }
            self.say("\(row.words) has ended, and \(others ?? "no other process has taken its place")", .warn)
            return []
        }
    }

    /// The current view, or the last one before it that shows the picture.
    private var viewOfPicture: DashboardView {
        if self.screen.showsPicture { return self.view }
        return self.earlierViews.last { self.screens[$0].showsPicture } ?? .overview
    }

    // MARK: Changing places

    /// Leaves the screen to another process. The state continues to take data.
    mutating func hide() {
        self.overlay = nil
        self.grabbed = nil
        self.isHidden = true
        self.show(self.viewOfPicture)
        self.screens.update(self.view) { $0.leave() }
    }

    /// Takes the screen from another process, with what belongs to the terminal and not to a process.
    mutating func appear(after other: DashboardState, in view: DashboardView?) {
        self.size = other.size
        self.theme = other.theme
        self.themes = other.themes
        self.glyphs = other.glyphs
        self.usesMouse = other.usesMouse
        self.span = other.span
        self.ownCost = other.ownCost
        self.filterHistory = other.filterHistory
        self.paletteHistory = other.paletteHistory
        self.processes = other.processes
        self.isHidden = false
        self.notice = nil
        if let view { self.show(view) }
        self.refreshRows()
    }

    /// Limits the memory of the past, in bytes. The oldest moments beyond it are removed.
    mutating func limitHistory(_ limit: Int) {
        guard limit != self.timeline.limit else { return }
        if var present = self.present {
            self.present = nil
            self.timeline.setLimit(limit, &present)
            self.present = present
        } else {
            self.timeline.setLimit(limit, &self.picture)
            self.refreshRows()
        }
    }

    // MARK: Gaps

    /// The largest number of gaps that are kept.
    private static let gapLimit = 100

    /// Marks a span of time without data.
    mutating func mark(_ gap: TimeGap) {
        guard self.newest.begun != nil else { return }
        self.gaps.append(gap)
        if self.gaps.count > Self.gapLimit { self.gaps.removeFirst() }
        let text = "no data for \(Format.duration(gap.to - gap.from)), until \(self.configuration.clock.time(gap.to)): \(gap.reason)"
        self.note(EventLine.Note(source: "attach", level: .warn, what: "gap", who: "-", message: text))
    }

    // MARK: Acting

    /// Whether commands that act on the container are refused, regardless of the connection.
    var isReadonly: Bool {
        self.process.map { !$0.acts } ?? self.configuration.isReadonly
    }

    /// Whether a command that acts on a container in this process is not sent to an attached one, and so needs no consent: findings of an
    /// attached process are suppressed in this dashboard only.
    func staysHere(_ info: CommandInfo) -> Bool {
        (self.isAttached || self.connection != nil) && info.command == .allowFinding
    }

    /// Returns why a command that acts on the container is refused, and what would allow it; nil if it is not.
    func refusal(of info: CommandInfo) -> String? {
        if self.staysHere(info) {
            guard let connection, connection.hasEnded else { return nil }
            return "\(info.label) is refused: \(Mark(connection, self.configuration.clock).word)"
        }
        if let refusal = self.process?.refusal { return "\(info.label) is refused: \(refusal)" }
        if let connection, !connection.isLive {
            let remedy = connection.isLost ? "; \(self.keys.key(.reconnect)) connects now" : ""
            return "\(info.label) is refused: \(Mark(connection, self.configuration.clock).word)\(remedy)"
        }
        if let process, !process.acts { return "\(info.label) is refused: \(process.words) is only watched" }
        if self.process == nil, self.configuration.isReadonly { return "\(info.label) is refused: the dashboard is read-only" }
        guard self.isPast else { return nil }
        return "\(info.label) acts on the live container, and this is the past: \(self.keys.key(.live)) returns to live"
    }

    // MARK: Figures that are not current

    /// Whether the figures of the picture may have changed since: nothing arrives from a process that runs.
    var isStale: Bool {
        guard let connection, !self.isPast else { return false }
        return !connection.isLive && !connection.hasEnded
    }

    /// A sentence about a picture that is not current: when it was seen, why it is the last one, and what can be done. Nil for a live one.
    var lastSeen: String? {
        guard let connection, !connection.isLive else { return nil }
        let clock = self.configuration.clock
        let seen = self.newest.begun == nil ? "nothing was seen yet" : "last seen at \(clock.time(self.newest.time))"
        let key = self.keys.key(.reconnect)
        let text = "\(seen): \(Mark(connection, clock).word)"
        if connection.isLost { return "\(text); \(key) connects now" }
        guard connection.hasEnded, let process, let successor = self.processes?.successor(of: process.id) else { return text }
        return "\(text); \(process.name) is back as \(successor): \(key)"
    }

    // MARK: The past of the flight recorder

    /// Returns why an argument of the command `save` is not accepted; nil if it is.
    func fault(ofSaving argument: String) -> String? {
        guard self.reach != nil else {
            let subject = self.process?.words ?? "this container"
            return "\(subject) keeps no past: its program keeps one with FlightRecorder(container)"
        }
        guard !argument.isEmpty, RecentPast(argument) == nil else { return nil }
        return "save: '\(argument)' does not begin with a time: expected 30s, 10m, or 1h, and the name of a file"
    }

    mutating func save(_ argument: String) -> [Effect] {
        let past = RecentPast(argument) ?? RecentPast(last: self.reach ?? .zero, path: "")
        return self.start(.saveRecent(past.last, to: past.path), "saving the last \(Format.age(past.last))")
    }
}

/// The argument of the command `save`: `10m shop.jsonl`. The file may be left out.
struct RecentPast: Hashable, Sendable {
    var last: Duration
    var path: String

    init(last: Duration, path: String) {
        self.last = last
        self.path = path
    }

    /// Parses an argument; nil if it does not begin with a time of at least a millisecond and at most a year.
    init?(_ argument: String) {
        let words = argument.split(separator: " ", maxSplits: 1)
        guard let first = words.first, first.last?.isLetter ?? false, let seconds = Filter.number(String(first)),
            (0.001...31_536_000).contains(seconds)
        else { return nil }
        self.last = .seconds(seconds)
        self.path = words.count > 1 ? String(words[1].drop { $0 == " " }) : ""
    }
}
