import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The running dashboard: what comes from the terminal, the source and finished effects goes into the state, and the state to the screen.
///
/// Everything that may take time is a child task whose end is an ``Arrival``; between two arrivals nothing runs.
struct DashboardLoop {
    /// How long closing may take, at the end, of the scopes that the person opened.
    static let closingBudget = Duration.seconds(5)

    private enum Arrival: Sendable {
        case terminal([TerminalEvent])
        /// nil when the source has no more.
        case update(MonitorUpdate?)
        /// What the player of a recording shows next, and how often it had been sent elsewhere when it was asked.
        case played(Picture?, seeks: Int)
        case effect(EffectResult)
        /// What goes on beside the source has come to its end.
        case ran
    }

    private let terminal: any DashboardTerminal
    private let source: any DashboardSource
    private let rate: Int
    private let time: TimeSource
    private let themes: ThemeWatch?
    /// Where the time of day comes from; nil if the clock of what is shown is not the one of the world.
    private let localTime: LocalTime?
    private let didLeaveScreen: @Sendable () -> Void
    /// When the themes' files and the clock of the world were looked at last.
    private var lookedAt: TimeSource.Instant
    private var state: DashboardState
    private var opened = OpenedScopes()
    private var reason: DashboardOutcome.Reason?
    private var isSourceAsked = false
    private var hasSourceEnded = false
    /// Whether one update is to be shown although the picture stands still.
    private var wantsStep = false
    /// Came while paused: what is shown stays as it was, and nothing is lost.
    private var held: MonitorUpdate?
    /// How often the player of a recording was sent elsewhere: what it was asked for before counts no more.
    private var seeks = 0
    /// What is recorded to a file, and what became of the recordings that ended.
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
        self.lookedAt = time.now
    }

    /// Runs until the person quits, a signal comes, the terminal goes or the task is cancelled. Leaves the terminal as it was found.
    mutating func run() async -> DashboardOutcome {
        await withTaskGroup(of: Arrival.self) { group in
            let updates = self.source.updates(rate: self.rate)
            group.addTask { [terminal] in .terminal(await terminal.nextEvents()) }
            group.addTask { [source] in
                await source.run()
                return .ran
            }
            self.askSource(updates, in: &group)
            if let player = self.source.player { await self.show(player.present(), of: player, in: &group) }
            await self.draw()
            while self.reason == nil, let arrival = await group.next() {
                switch arrival {
                case .terminal(let events):
                    if events.isEmpty { self.reason = Task.isCancelled ? .quit : .hangUp }
                    for event in events where self.reason == nil { await self.take(event, in: &group) }
                    if self.reason == nil { group.addTask { [terminal] in .terminal(await terminal.nextEvents()) } }
                case .update(let update):
                    self.isSourceAsked = false
                    self.hasSourceEnded = update == nil
                    self.held = update
                case .played(let picture, let seeks):
                    self.isSourceAsked = false
                    if let picture, seeks == self.seeks, !self.standsStill, let player = self.source.player {
                        await self.show(picture, of: player, in: &group)
                    }
                case .effect(let result):
                    self.note(result)
                    self.source.hurry()
                    await self.send(.finished(result), in: &group)
                case .ran: break
                }
                await self.showHeld(in: &group)
                await self.lookAround(in: &group)
                self.askSource(updates, in: &group)
                if self.reason == nil { await self.draw() }
            }
            self.recorder?.stop()
            // Nobody waits any more; what was opened in the meantime is closed with the rest.
            group.cancelAll()
            for await case .effect(let result) in group { self.note(result) }
        }
        await self.terminal.close()
        self.didLeaveScreen()
        var outcome = DashboardOutcome(reason: self.reason ?? .quit)
        if let control = self.source.control {
            await self.opened.closeAll(with: control, budget: Self.closingBudget, time: self.time, into: &outcome)
        }
        outcome.recorded = self.recorded
        outcome.cutOff = self.cutOff
        if let control = self.source.control { outcome.released = await control.releaseAll() }
        await self.terminal.release()
        return outcome
    }

    private mutating func askSource(_ updates: AsyncStream<MonitorUpdate>, in group: inout TaskGroup<Arrival>) {
        if self.isSourceAsked || self.hasSourceEnded || self.held != nil || self.standsStill || self.reason != nil { return }
        self.isSourceAsked = true
        if let player = self.source.player {
            group.addTask { [rate, seeks] in .played(await player.next(rate: rate), seeks: seeks) }
            return
        }
        group.addTask {
            var iterator = updates.makeAsyncIterator()
            return .update(await iterator.next())
        }
    }

    private var standsStill: Bool {
        self.state.isPaused && !self.wantsStep
    }

    private mutating func showHeld(in group: inout TaskGroup<Arrival>) async {
        guard !self.standsStill, let update = self.held else { return }
        self.held = nil
        self.wantsStep = false
        await self.send(.monitor(update), in: &group)
        if let share = self.cost.share(at: self.time.now) {
            await self.send(.ownCost(OwnCost(processorShare: share, frame: self.lastFrame)), in: &group)
        }
    }

    /// Looks once a second, at most, while something happens anyway, at what may change without anybody telling.
    private mutating func lookAround(in group: inout TaskGroup<Arrival>) async {
        let (now, last) = (self.time.now, self.lookedAt)
        guard now - last >= .seconds(1) else { return }
        self.lookedAt = now
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
        case .signal(let number): self.reason = .signal(number)
        case .hangUp: self.reason = .hangUp
        // The terminal has drawn itself again.
        case .resumed: break
        }
    }

    private mutating func send(_ message: Message, in group: inout TaskGroup<Arrival>) async {
        for effect in self.state.update(message) { await self.perform(effect, in: &group) }
    }

    /// Shows a moment of a recording, which may have grown since the last one.
    private mutating func show(_ picture: Picture?, of player: any DashboardPlayer, in group: inout TaskGroup<Arrival>) async {
        await self.send(.recordedExtent(player.extent), in: &group)
        await self.send(.recorded(picture), in: &group)
    }

    private mutating func perform(_ effect: Effect, in group: inout TaskGroup<Arrival>) async {
        switch effect {
        case .quit: self.reason = .quit
        case .suspend: await self.terminal.suspend()
        case .redraw: await self.terminal.redraw()
        case .mouse(let isOn): await self.terminal.setMouse(isOn)
        case .copy(let text): await self.terminal.copy(text)
        case .step: self.wantsStep = true
        case .setSpeed(let factor): self.source.player?.setSpeed(factor)
        case .seek(let seek):
            guard let player = self.source.player else { break }
            self.seeks += 1
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
            let reason = "standard output has the screen on it: give the name of a file"
            return await self.send(.finished(.failed(effect, reason)), in: &group)
        }
        do {
            let recorder = try self.source.recorder(to: try RecordingPlace.path(path), clock: self.state.configuration.clock)
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
