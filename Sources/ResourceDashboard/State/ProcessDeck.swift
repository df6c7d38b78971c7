/// The states of a dashboard's processes: the one that is shown, and the hidden ones, which continue to take data.
///
/// Each process keeps its own position, filters, marks and past. The past of all processes shares one budget of memory: the process that is
/// shown has an equal share, but at least ``shownShare``, unless that is more than half of the budget. The others divide what is left. A
/// hidden share is never larger than the shown one, so that nothing is lost by showing a process. A pure value, as the states are.
package struct ProcessDeck: Sendable {
    /// The least memory of the past of the process that is shown, in bytes, if the budget allows it.
    package static let shownShare = 64 << 20
    /// The memory of the past of all processes, in bytes, unless another budget is chosen.
    package static let standardBudget = 256 << 20
    /// The least memory of the past of a hidden process, in bytes.
    private static let leastShare = 1 << 20

    /// The process that is shown.
    package private(set) var shown: ProcessID
    /// The state of the process that is shown.
    package private(set) var state: DashboardState
    private var hidden: [ProcessID: DashboardState] = [:]
    private var rows: [ProcessRow]
    private let budget: Int
    /// The state's initial clock, which is that of the terminal and not of a process.
    private let clock: WallClock

    /// Creates a deck that shows one state.
    ///
    /// - Parameters:
    ///   - state: The state.
    ///   - process: The process that the state is of; any identity for a state of no process.
    ///   - budget: The memory of the past of all processes, in bytes.
    package init(_ state: DashboardState, of process: ProcessID, budget: Int = Self.standardBudget) {
        self.shown = process
        self.state = state
        self.rows = state.processes ?? []
        self.budget = budget
        self.clock = state.configuration.clock
        self.take(self.rows)
        self.share()
    }

    /// Whether the deck has a state of a process.
    package func contains(_ process: ProcessID) -> Bool {
        process == self.shown || self.hidden[process] != nil
    }

    /// Whether a process is paused; nil if the deck has no state of it.
    package func isPaused(_ process: ProcessID) -> Bool? {
        process == self.shown ? self.state.isPaused : self.hidden[process]?.isPaused
    }

    /// The clock of a process's data; nil if it is the terminal's.
    package func clock(of process: ProcessID) -> WallClock? {
        self.rows.first { $0.id == process }?.clock
    }

    /// The last process that replaced the shown one after its end, of those that the deck has a state of; nil if there is none.
    package var successor: ProcessID? {
        guard let row = self.rows.first(where: { $0.id == self.shown }), row.status.hasEnded else { return nil }
        return self.rows.successor(of: row.id) { self.contains($0) }
    }

    // MARK: Changes

    /// Handles a message for a process, and returns the effects to perform on that process. Without a state of it, nothing happens.
    package mutating func update(_ message: Message, of process: ProcessID) -> [Effect] {
        process == self.shown ? self.state.update(message) : self.hidden[process]?.update(message) ?? []
    }

    /// Adds a process, which is hidden. Does nothing if the deck has it.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - origin: The origin of its data.
    ///   - isReadonly: Whether no commands act on its container.
    ///   - reach: How far back its flight recorder reaches; nil without one.
    package mutating func add(_ process: ProcessID, origin: String, isReadonly: Bool, reach: Duration?) {
        guard !self.contains(process) else { return }
        var configuration = self.state.configuration
        configuration.origin = origin
        configuration.isReadonly = isReadonly
        configuration.clock = self.clock(of: process) ?? self.clock
        configuration.processes = self.rows
        configuration.process = process
        configuration.reach = reach
        configuration.notices = []
        configuration.scenarios = []
        var state = DashboardState(configuration: configuration)
        state.hide()
        self.hidden[process] = state
        self.share()
    }

    /// Takes the rows of the attached processes. A hidden process without a row is forgotten.
    package mutating func take(_ rows: [ProcessRow]) {
        self.rows = rows
        let known = Set(rows.map(\.id))
        let count = self.hidden.count
        self.hidden = self.hidden.filter { known.contains($0.key) }
        for row in rows { self.apply(row) }
        if self.hidden.count != count { self.share() }
        self.refresh()
    }

    /// Passes the connection and the clock of a row to the state of its process.
    private mutating func apply(_ row: ProcessRow) {
        if row.id != self.shown { _ = self.update(.connection(row.status), of: row.id) }
        guard let clock = row.clock, clock != self.configuration(of: row.id)?.clock else { return }
        _ = self.update(.clock(clock), of: row.id)
    }

    private func configuration(of process: ProcessID) -> DashboardConfiguration? {
        process == self.shown ? self.state.configuration : self.hidden[process]?.configuration
    }

    /// Shows the present depth of each process's past, and the scopes that the user opened elsewhere. Call it once a second.
    package mutating func refresh() {
        guard self.state.isAttached else { return }
        let rows = self.rows.map { row in
            var row = row
            row.depth = row.id == self.shown ? self.state.timeline.depth : self.hidden[row.id]?.timeline.depth
            return row
        }
        if rows != self.state.processes { _ = self.state.update(.processes(rows)) }
        self.state.openedElsewhere = self.rows.flatMap { self.hidden[$0.id]?.openedHere ?? [] }
    }

    /// Shows a process, in a view or in the one that it showed last. Returns false if the deck has no state of it.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - view: The view; nil for the last one.
    ///   - notice: A text for the user; nil for none.
    package mutating func show(_ process: ProcessID, in view: DashboardView? = nil, notice: String? = nil) -> Bool {
        guard process != self.shown else { return true }
        guard var state = self.hidden.removeValue(forKey: process) else { return false }
        swap(&state, &self.state)
        self.state.appear(after: state, in: view)
        state.hide()
        self.hidden[self.shown] = state
        self.shown = process
        if let notice { self.state.say(notice) }
        self.share()
        self.refresh()
        return true
    }

    /// Divides the budget among the processes.
    private mutating func share() {
        guard self.state.isAttached else { return }
        let count = self.hidden.count
        // A small budget is not left to the shown process alone.
        let shown = max(min(Self.shownShare, self.budget / 2), self.budget / (count + 1))
        self.state.limitHistory(shown)
        guard count > 0 else { return }
        let rest = max(Self.leastShare, (self.budget - shown) / count)
        for process in Array(self.hidden.keys) { self.hidden[process]?.limitHistory(rest) }
    }
}
