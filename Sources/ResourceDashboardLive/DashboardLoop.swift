import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The event loop of the dashboard. It passes terminal input, updates of the source and results of effects to the state, and draws the
/// state.
///
/// Everything that may take time runs in a child task that ends with an ``Arrival``. Between two arrivals nothing runs. A dashboard that is
/// attached to processes has a ``ProcessFeed`` for each; any other has one.
struct DashboardLoop {
    /// The time limit for closing, at the end, the scopes that the user opened.
    static let closingBudget = Duration.seconds(5)
    /// The time between two updates of a process that is not shown.
    static let hiddenInterval = Duration.seconds(1)

    enum Arrival: Sendable {
        case terminal([TerminalEvent])
        /// An update of a process's source; nil at its end.
        case update(ProcessID, MonitorUpdate?)
        /// The next picture of a recording; nil after a seek.
        case played(Picture?)
        case effect(ProcessID, EffectResult)
        /// The `run()` of a source has returned.
        case ran
        /// A row of an attached process has changed. False at the end of the directory.
        case processes(Bool)
        /// Processes that are not shown are due for an update.
        case tick
    }

    let terminal: any DashboardTerminal
    let source: any DashboardSource
    let rate: Int
    let time: TimeSource
    private let themes: ThemeWatch?
    /// The source of the time of day; nil if the displayed clock is fixed.
    private let localTime: LocalTime?
    /// Whether the loop goes to the process that replaces the shown one.
    let followsSuccessor: Bool
    private let didLeaveScreen: @Sendable () -> Void
    /// When the theme files and the time of day were last read.
    private var polledAt: TimeSource.Instant
    var deck: ProcessDeck
    var feeds: [ProcessID: ProcessFeed] = [:]
    /// The outcomes of the recordings that ended.
    var recorded: [String] = []
    var cutOff: [String] = []
    private var cost: ProcessCost
    private var lastFrame = Duration.zero

    init(
        terminal: any DashboardTerminal,
        source: any DashboardSource,
        state: DashboardState,
        rate: Int,
        themes: ThemeWatch? = nil,
        localTime: LocalTime? = nil,
        historyLimit: Int = ProcessDeck.standardBudget,
        followsSuccessor: Bool = false,
        didLeaveScreen: @escaping @Sendable () -> Void = {},
        time: TimeSource = .system
    ) {
        self.terminal = terminal
        self.source = source
        self.deck = ProcessDeck(state, of: source.process ?? ProcessID(""), budget: historyLimit)
        self.rate = rate
        self.time = time
        self.themes = themes
        self.localTime = localTime
        self.followsSuccessor = followsSuccessor
        self.didLeaveScreen = didLeaveScreen
        self.cost = ProcessCost(at: time.now)
        self.polledAt = time.now
    }

    /// Runs until the user quits, a signal arrives, the terminal hangs up or the task is canceled. Restores the terminal.
    mutating func run() async -> DashboardOutcome {
        await withTaskGroup(of: Arrival.self) { group in
            let changes = self.source.processes?.changes()
            self.open(self.deck.shown, self.source, in: &group)
            self.source.loadPast()
            group.addTask { [terminal] in .terminal(await terminal.nextEvents()) }
            if let changes { await self.begin(changes, in: &group) }
            if self.isAttached { self.startTick(in: &group) }
            self.requestUpdate(of: self.deck.shown, in: &group)
            if let player = self.source.player { await self.show(player.present(), of: player, in: &group) }
            await self.draw()
            while self.reason == nil, let arrival = await group.next() {
                let isVisible = await self.take(arrival, changes, in: &group)
                await self.pollSurroundings(in: &group)
                self.requestUpdate(of: self.deck.shown, in: &group)
                if self.reason == nil, isVisible { await self.draw() }
            }
            for feed in self.feeds.values { feed.recorder?.stop() }
            // Cancellation ends the waits. Scopes that were opened since are closed with the others.
            group.cancelAll()
            for await case .effect(let process, let result) in group { self.note(result, of: process) }
        }
        await self.terminal.close()
        self.didLeaveScreen()
        let outcome = await self.end()
        await self.terminal.release()
        return outcome
    }

    /// The reason for the end of the loop; nil while it runs.
    private var reason: DashboardOutcome.Reason? {
        self.feeds[self.deck.shown]?.progress.reason
    }

    mutating func end(_ reason: DashboardOutcome.Reason) {
        self.feeds[self.deck.shown]?.progress.end(reason)
    }

    /// Handles an arrival. Returns false if it cannot change the screen.
    private mutating func take(
        _ arrival: Arrival,
        _ changes: AsyncStream<Void>?,
        in group: inout TaskGroup<Arrival>
    ) async -> Bool {
        switch arrival {
        case .terminal(let events):
            if events.isEmpty { self.end(Task.isCancelled ? .quit : .hangUp) }
            for event in events where self.reason == nil { await self.take(event, in: &group) }
            if self.reason == nil { group.addTask { [terminal] in .terminal(await terminal.nextEvents()) } }
        case .update(let process, let update):
            self.feeds[process]?.progress.receive(update: update)
            await self.showUpdate(of: process, in: &group)
            // The directory states changes a few times a second; the end of a process is shown at once.
            if update == nil { await self.takeRows(in: &group) }
            return process == self.deck.shown
        case .played(let picture):
            let isPaused = self.deck.state.isPaused
            let shown = self.feeds[self.deck.shown]?.progress.receive(picture: picture, isPaused: isPaused)
            if let shown, let player = self.source.player { await self.show(shown, of: player, in: &group) }
        case .effect(let process, let result):
            self.note(result, of: process)
            self.feeds[process]?.source.expedite()
            await self.send(.finished(result), to: process, in: &group)
        case .processes(let continues):
            await self.takeRows(in: &group)
            if continues, let changes { self.awaitChange(changes, in: &group) }
        case .tick: await self.tick(in: &group)
        case .ran: break
        }
        // An update that arrived during a pause is shown after it.
        await self.showUpdate(of: self.deck.shown, in: &group)
        return true
    }

    /// Requests an update of a process, unless one is requested.
    mutating func requestUpdate(of process: ProcessID, in group: inout TaskGroup<Arrival>) {
        guard let isPaused = self.deck.isPaused(process), var feed = self.feeds[process] else { return }
        let begins = feed.progress.beginRequest(isPaused: isPaused)
        self.feeds[process] = feed
        guard begins else { return }
        if let player = feed.source.player {
            group.addTask { [rate] in .played(await player.next(rate: rate)) }
            return
        }
        group.addTask { [updates = feed.updates] in
            var iterator = updates.makeAsyncIterator()
            return .update(process, await iterator.next())
        }
    }

    private mutating func showUpdate(of process: ProcessID, in group: inout TaskGroup<Arrival>) async {
        guard let isPaused = self.deck.isPaused(process),
            let update = self.feeds[process]?.progress.takeUpdate(isPaused: isPaused)
        else { return }
        await self.joinPast(before: update, of: process, in: &group)
        for gap in self.feeds[process]?.source.takeGaps() ?? [] { await self.send(.gap(gap), to: process, in: &group) }
        await self.send(.monitor(update), to: process, in: &group)
        guard process == self.deck.shown else { return }
        await self.pollReach(in: &group)
        if let share = self.cost.share(at: self.time.now) {
            await self.send(.ownCost(OwnCost(processorShare: share, frame: self.lastFrame)), in: &group)
        }
    }

    /// Reads the theme files and the time of day, at most once a second: nothing notifies the dashboard when they change.
    private mutating func pollSurroundings(in group: inout TaskGroup<Arrival>) async {
        let (now, last) = (self.time.now, self.polledAt)
        guard now - last >= .seconds(1) else { return }
        self.polledAt = now
        if let localTime = self.localTime, self.deck.clock(of: self.deck.shown) == nil {
            var clock = self.deck.state.configuration.clock
            if clock.look(localTime, time: self.time, last: last) { await self.send(.clock(clock), in: &group) }
        }
        if let (found, problem) = self.themes?.changes() {
            let depth = self.terminal.colorDepth
            await self.send(.themes(found.map { $0.adapted(to: depth) }, problem: problem), in: &group)
        }
    }

    private mutating func take(_ event: TerminalEvent, in group: inout TaskGroup<Arrival>) async {
        switch event {
        case .input(let input): await self.send(.input(input), in: &group)
        case .captured(let line, let isError):
            await self.send(.captured(CapturedLine(stream: isError ? .stderr : .stdout, text: line)), in: &group)
        case .signal(let number): self.end(.signal(number))
        case .hangUp: self.end(.hangUp)
        // The terminal has already redrawn.
        case .resumed: break
        }
    }

    /// Passes a message to the state that is shown, and performs its effects.
    mutating func send(_ message: Message, in group: inout TaskGroup<Arrival>) async {
        await self.send(message, to: self.deck.shown, in: &group)
    }

    /// Passes a message to the state of a process, and performs its effects on that process.
    mutating func send(_ message: Message, to process: ProcessID, in group: inout TaskGroup<Arrival>) async {
        for effect in self.deck.update(message, of: process) { await self.perform(effect, on: process, in: &group) }
    }

    /// Shows a picture of a recording, and the recording's extent, which may have grown.
    mutating func show(_ picture: Picture?, of player: any DashboardPlayer, in group: inout TaskGroup<Arrival>) async {
        await self.send(.recordedExtent(player.extent), in: &group)
        await self.send(.recorded(picture), in: &group)
    }

    /// Closes the scopes that the user left open and releases the leases, in all processes at once, within the budget.
    private func end() async -> DashboardOutcome {
        var outcome = DashboardOutcome(reason: self.reason ?? .quit)
        outcome.recorded = self.recorded
        outcome.cutOff = self.cutOff
        let feeds = self.feeds.sorted { $0.key.text < $1.key.text }
        await withTaskGroup(of: (index: Int, outcome: DashboardOutcome).self) { group in
            for (index, entry) in feeds.enumerated() {
                let process = self.isAttached ? entry.key : nil
                let closing = FeedClosing(entry.value, of: process, budget: Self.closingBudget, time: self.time)
                group.addTask { (index: index, outcome: await closing.run()) }
            }
            var parts = feeds.map { _ in DashboardOutcome(reason: .quit) }
            for await part in group { parts[part.index] = part.outcome }
            for part in parts {
                outcome.closed += part.closed
                outcome.released += part.released
                outcome.problems += part.problems
            }
        }
        return outcome
    }

    private mutating func draw() async {
        let began = self.time.now
        let canvas = self.deck.state.render()
        let rendered = self.time.now - began
        self.lastFrame = rendered + (await self.terminal.draw(canvas))
    }
}
