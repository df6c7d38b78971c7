import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The event loop of the dashboard. It passes terminal input, updates of the source and results of effects to the state, and draws the
/// state.
///
/// Everything that may take time runs in a child task that ends with an ``Arrival``. Between two arrivals nothing runs.
struct DashboardLoop {
    /// The time limit for closing, at the end, the scopes that the user opened.
    static let closingBudget = Duration.seconds(5)

    private enum Arrival: Sendable {
        case terminal([TerminalEvent])
        /// An update of the source; nil at its end.
        case update(MonitorUpdate?)
        /// The next picture of a recording; nil after a seek.
        case played(Picture?)
        case effect(EffectResult)
        /// The source's `run()` has returned.
        case ran
    }

    private let terminal: any DashboardTerminal
    private let source: any DashboardSource
    private let rate: Int
    private let time: TimeSource
    private let themes: ThemeWatch?
    /// The source of the time of day; nil if the displayed clock is fixed.
    private let localTime: LocalTime?
    private let didLeaveScreen: @Sendable () -> Void
    /// When the theme files and the time of day were last read.
    private var polledAt: TimeSource.Instant
    private var state: DashboardState
    private var opened = OpenedScopes()
    private var progress = LoopState()
    /// The running recording to a file, and the outcomes of those that ended.
    private var recorder: Recorder?
    private var recorded: [String] = []
    private var cutOff: [String] = []
    private var cost: ProcessCost
    private var lastFrame = Duration.zero

    init(
        terminal: any DashboardTerminal,
        source: any DashboardSource,
        state: DashboardState,
        rate: Int,
        themes: ThemeWatch? = nil,
        localTime: LocalTime? = nil,
        didLeaveScreen: @escaping @Sendable () -> Void = {},
        time: TimeSource = .system
    ) {
        self.terminal = terminal
        self.source = source
        self.state = state
        self.rate = rate
        self.time = time
        self.themes = themes
        self.localTime = localTime
        self.didLeaveScreen = didLeaveScreen
        self.cost = ProcessCost(at: time.now)
        self.polledAt = time.now
    }

    /// Runs until the user quits, a signal arrives, the terminal hangs up or the task is canceled. Restores the terminal.
    mutating func run() async -> DashboardOutcome {
        await withTaskGroup(of: Arrival.self) { group in
            let updates = self.source.updates(rate: self.rate)
            group.addTask { [terminal] in .terminal(await terminal.nextEvents()) }
            group.addTask { [source] in
                await source.run()
                return .ran
            }
            self.requestUpdate(updates, in: &group)
            if let player = self.source.player { await self.show(player.present(), of: player, in: &group) }
            await self.draw()
            while self.progress.reason == nil, let arrival = await group.next() {
                switch arrival {
                case .terminal(let events):
                    if events.isEmpty { self.progress.end(Task.isCancelled ? .quit : .hangUp) }
                    for event in events where self.progress.reason == nil { await self.take(event, in: &group) }
                    if self.progress.reason == nil { group.addTask { [terminal] in .terminal(await terminal.nextEvents()) } }
                case .update(let update): self.progress.receive(update: update)
                case .played(let picture):
                    let shown = self.progress.receive(picture: picture, isPaused: self.state.isPaused)
                    if let shown, let player = self.source.player { await self.show(shown, of: player, in: &group) }
                case .effect(let result):
                    self.note(result)
                    self.source.expedite()
                    await self.send(.finished(result), in: &group)
                case .ran: break
                }
                await self.showUpdate(in: &group)
                await self.pollSurroundings(in: &group)
                self.requestUpdate(updates, in: &group)
                if self.progress.reason == nil { await self.draw() }
            }
            self.recorder?.stop()
            // Cancellation ends the waits. Scopes that were opened since are closed with the others.
            group.cancelAll()
            for await case .effect(let result) in group { self.note(result) }
        }
        await self.terminal.close()
        self.didLeaveScreen()
        var outcome = DashboardOutcome(reason: self.progress.reason ?? .quit)
        if let control = self.source.control {
            await self.opened.closeAll(with: control, budget: Self.closingBudget, time: self.time, into: &outcome)
        }
        outcome.recorded = self.recorded
        outcome.cutOff = self.cutOff
        if let control = self.source.control { outcome.released = await control.releaseAll() }
        await self.terminal.release()
        return outcome
    }

    private mutating func requestUpdate(_ updates: AsyncStream<MonitorUpdate>, in group: inout TaskGroup<Arrival>) {
        guard self.progress.beginRequest(isPaused: self.state.isPaused) else { return }
        if let player = self.source.player {
            group.addTask { [rate] in .played(await player.next(rate: rate)) }
            return
        }
        group.addTask {
            var iterator = updates.makeAsyncIterator()
            return .update(await iterator.next())
        }
    }

    private mutating func showUpdate(in group: inout TaskGroup<Arrival>) async {
        guard let update = self.progress.takeUpdate(isPaused: self.state.isPaused) else { return }
        await self.send(.monitor(update), in: &group)
        if let share = self.cost.share(at: self.time.now) {
            await self.send(.ownCost(OwnCost(processorShare: share, frame: self.lastFrame)), in: &group)
        }
    }

    /// Reads the theme files and the time of day, at most once a second: nothing notifies the dashboard when they change.
    private mutating func pollSurroundings(in group: inout TaskGroup<Arrival>) async {
        let (now, last) = (self.time.now, self.polledAt)
        guard now - last >= .seconds(1) else { return }
        self.polledAt = now
        if let localTime = self.localTime {
            var clock = self.state.configuration.clock
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
        case .signal(let number): self.progress.end(.signal(number))
        case .hangUp: self.progress.end(.hangUp)
        // The terminal has already redrawn.
        case .resumed: break
        }
    }

    private mutating func send(_ message: Message, in group: inout TaskGroup<Arrival>) async {
        for effect in self.state.update(message) { await self.perform(effect, in: &group) }
    }

    /// Shows a picture of a recording, and the recording's extent, which may have grown.
    private mutating func show(_ picture: Picture?, of player: any DashboardPlayer, in group: inout TaskGroup<Arrival>) async {
        await self.send(.recordedExtent(player.extent), in: &group)
        await self.send(.recorded(picture), in: &group)
    }

    private mutating func perform(_ effect: Effect, in group: inout TaskGroup<Arrival>) async {
        switch effect {
        case .quit: self.progress.end(.quit)
        case .suspend: await self.terminal.suspend()
        case .redraw: await self.terminal.redraw()
        case .mouse(let isOn): await self.terminal.setMouse(isOn)
        case .copy(let text): await self.terminal.copy(text)
        case .step: self.progress.step()
        case .setSpeed(let factor): self.source.player?.setSpeed(factor)
        case .seek(let seek):
            guard let player = self.source.player else { break }
            self.progress.seek()
            await self.show(await player.seek(seek), of: player, in: &group)
        case .startRecording(let path): await self.startRecording(effect, path, in: &group)
        case .stopRecording:
            guard let recorder = self.recorder else {
                await self.send(.finished(.failed(effect, "nothing is being recorded")), in: &group)
                break
            }
            recorder.stop()
        case .openScope, .closeScope, .get, .checkHealth, .lease, .release, .inject, .breakLease, .allowFinding, .setLoad, .startScenario,
            .write, .overwrite:
            let action = ControlAction(effect, control: self.source.control)
            group.addTask { .effect(await action.run()) }
        }
    }

    private mutating func startRecording(_ effect: Effect, _ path: String, in group: inout TaskGroup<Arrival>) async {
        if path == "-" {
            let reason = "standard output shows the dashboard: give the name of a file"
            return await self.send(.finished(.failed(effect, reason)), in: &group)
        }
        do {
            let recorder = try self.source.recorder(to: try RecordingPath.path(path), clock: self.state.configuration.clock)
            self.recorder = recorder
            group.addTask {
                do throws(RecordingError) {
                    try await recorder.run()
                    return .effect(.done(.stopRecording, "recorded \(Format.bytes(recorder.length)) to \(recorder.path)"))
                } catch {
                    return .effect(.failed(.stopRecording, "\(error)"))
                }
            }
            await self.send(.finished(.done(effect, "recording to \(recorder.path)")), in: &group)
        } catch {
            if let error = error as? RecordingError, error.isCutOff { self.cutOff.append(error.description) }
            await self.send(.finished(.failed(effect, "\(error)")), in: &group)
        }
    }

    private mutating func note(_ result: EffectResult) {
        switch result {
        case .done(.stopRecording, let text):
            self.recorder = nil
            self.recorded.append(text)
        case .failed(.stopRecording, let text):
            self.recorder = nil
            self.cutOff.append(text)
        case .opened(let scope, _, _): self.opened.opened(scope)
        case .closed(let report): self.opened.closed(report)
        case .got, .checked, .occupied, .done, .failed: break
        }
    }

    private mutating func draw() async {
        let began = self.time.now
        let canvas = self.state.render()
        let rendered = self.time.now - began
        self.lastFrame = rendered + (await self.terminal.draw(canvas))
    }
}
