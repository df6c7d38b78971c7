import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation

/// A person at the dashboard, by a script: keys, and waiting in the container's time, each step with the frame that it leads to.
///
/// ```swift
/// let session = DashboardSession(container)
/// try await session.play("3 / 'type:Db*' Enter", "wait 2s", "Space")
/// try session.expect(matches: .golden("databases"))          // the last frame
/// try session.expectFrames(match: .golden("looking-up"))     // all six, one below the other
/// ```
///
/// A script consists of words with blanks between them:
///
/// | word | what happens |
/// | --- | --- |
/// | `3` `x` `/` `Enter` `C-d` `Space` `PgDn` | the key is pressed; `resmon keys` lists what keys do |
/// | `j*9` | the key is pressed nine times |
/// | `'type:Db*'` or `"it's"` | the text is typed |
/// | `wait 2s` | time passes: `250ms`, `2s`, `1m30s` |
/// | `paste 'text'` | the text is pasted as a whole |
/// | `click 12,3` | the mouse is pressed at column 12 of row 3, from 0 |
/// | `resize 80x24` | the screen gets another size |
///
/// Keys that do something do it to the container: scopes are opened and closed, resources got and checked. After each key everything
/// happens that can happen without time passing; what takes longer goes on, and its end shows in the step in which it comes. For the rest
/// it is as with ``DashboardScreen``: drawn by the same code, at the same moments, in the same time.
public final class DashboardSession: Sendable {
    /// How long closing may take, at the end, of the scopes that were opened by hand.
    private static let closingBudget = Duration.seconds(5)

    /// What watches the container.
    public let monitor: ResourceMonitor
    private let container: Container
    private let control: any DashboardControl
    private let watched: WatchedState
    private let log = Lock(Log())

    private struct Log: Sendable {
        var frames: [DashboardFrame] = []
        var effects: [Effect] = []
        /// How many actions have not come back.
        var actions = 0
        var hasEnded = false
    }

    /// A session over `container`, from now on.
    ///
    /// - Parameters:
    ///   - container: what is shown.
    ///   - size: in cells; that of `resmon snapshot` unless said otherwise.
    ///   - monitor: what watches the container already, if something does; otherwise the session has one of its own, with a health checker.
    ///   - control: what the keys act with; by default a `ContainerControl`, as in the live dashboard.
    ///   - time: the container's time, if it stands still until it is moved: the script's `wait` moves it then. Nil where time passes by
    ///     itself.
    ///   - showsLines: whether places in source code are shown with their lines, as everywhere else; otherwise with line 0, so that a
    ///     golden file stays right when lines move. Texts of errors are left as they are.
    ///   - configure: changes how the dashboard begins: its view, its keys, its theme.
    public init(
        _ container: Container,
        size: Size = Size(width: 120, height: 36),
        monitor: ResourceMonitor? = nil,
        control: (any DashboardControl)? = nil,
        moving time: ManualTime? = nil,
        showsLines: Bool = true,
        configure: (inout DashboardConfiguration) -> Void = { _ in }
    ) {
        let setup = ScreenSetup(
            container,
            size: size,
            monitor: monitor,
            moving: time,
            showsLines: showsLines,
            isPaused: false,
            configure: configure
        )
        self.monitor = setup.monitor
        self.container = container
        self.control = control ?? ContainerControl(container, health: setup.monitor.health, monitor: setup.monitor)
        self.watched = WatchedState(setup, standsStillWhilePaused: true)
    }

    // MARK: Playing

    /// Plays the steps of `scripts`, one after the other. All of them are read before the first is played.
    ///
    /// - Throws: ``ScriptError`` for a script that cannot be read, and for a step after the one that quit; `CancellationError`.
    public func play(_ scripts: String...) async throws {
        try await self.play(scripts.flatMap { script throws(ScriptError) in try ScriptParser.steps(of: script) })
    }

    /// Plays `steps`, one after the other.
    ///
    /// - Throws: ``ScriptError`` for a step after the one that quit; `CancellationError`.
    public func play(_ steps: [ScriptStep]) async throws {
        for step in steps {
            if self.log.withLock({ $0.hasEnded }) { throw ScriptError(endedBefore: step) }
            for event in step.input { self.send(.input(event)) }
            if case .wait(let duration) = step {
                try await self.watched.wait(for: duration, isUnderWay: self.isActing)
            } else {
                try await self.watched.settle(isUnderWay: self.isActing)
            }
            self.watched.refresh()
            if self.log.withLock({ $0.hasEnded }) { try await self.close() }
            self.keepFrame(after: step)
        }
    }

    private func keepFrame(after step: ScriptStep) {
        let (state, age) = (self.watched.state, self.watched.age)
        self.log.withLock { log in
            log.frames.append(DashboardFrame(state, subject: "step \(log.frames.count + 1), \(step)", time: age))
        }
    }

    private func send(_ message: Message) {
        for effect in self.watched.update(message) { self.perform(effect) }
    }

    private func perform(_ effect: Effect) {
        self.log.withLock { $0.effects.append(effect) }
        switch effect {
        case .quit: self.log.withLock { $0.hasEnded = true }
        case .step: self.watched.step()
        // There is no terminal, and no recording that is played.
        case .copy, .mouse, .redraw, .suspend, .seek, .setSpeed: break
        case .write, .overwrite, .startRecording, .stopRecording:
            self.send(.finished(.failed(effect, "a scripted session writes no files: what would be written is among its effects")))
        case .openScope, .closeScope, .get, .checkHealth, .lease, .release, .inject, .breakLease, .allowFinding, .setLoad, .startScenario:
            self.start(effect)
        }
    }

    private func isActing() -> Bool {
        self.log.withLock { $0.actions > 0 }
    }

    /// Not a child task: what takes long goes on through the steps that follow.
    private func start(_ effect: Effect) {
        self.log.withLock { $0.actions += 1 }
        self.container.environment.start { [control] in
            if let result = await effect.act(with: control) { self.send(.finished(result)) }
            self.log.withLock { $0.actions -= 1 }
        }
    }

    /// Closes the scopes that were opened by hand, newest first, and gives back what was borrowed, as the live dashboard does when it is
    /// quit. A script that quits does it by itself. What does not close within five seconds of the container's time goes on.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    public func close() async throws {
        self.log.withLock { log in
            log.hasEnded = true
            log.actions += 1
        }
        let scopes = self.watched.state.personOpenedScopes
        // Not a child task: a resource may be deaf, and nobody could leave a deaf child behind.
        self.container.environment.start { [control] in
            // One that others have closed meanwhile is closed.
            for scope in scopes.reversed() { _ = try? await control.closeScope(scope, force: false) }
            _ = await control.releaseAll()
            self.log.withLock { $0.actions -= 1 }
        }
        try await self.watched.settle(isUnderWay: self.isActing)
        var waited = Duration.zero
        while self.isActing(), waited < Self.closingBudget {
            try await self.watched.wait(for: .milliseconds(250), isUnderWay: self.isActing)
            waited += .milliseconds(250)
        }
        self.watched.refresh()
    }

    // MARK: What was drawn

    /// The frames so far, one after each step.
    public var frames: [DashboardFrame] {
        self.log.withLock { $0.frames }
    }

    /// Everything that the keys asked for outside of the dashboard, in order: also what a session does not do, such as writing files.
    public var effects: [Effect] {
        self.log.withLock { $0.effects }
    }

    /// The screen after the last step; before the first one, the screen at this moment.
    public var frame: DashboardFrame {
        if let last = self.log.withLock({ $0.frames.last }) { return last }
        self.watched.refresh()
        return DashboardFrame(self.watched.state, subject: "the first screen", time: self.watched.age)
    }

    /// What the last step's view shows, as data.
    public var model: ViewModel {
        self.watched.state.viewModel()
    }

    /// Compares ``frame`` with a golden file, every byte of it; or writes the file, if `rewriting`.
    ///
    /// - Throws: ``GoldenFailure`` with the lines that differ, or with how to make the file.
    public func expect(matches golden: GoldenFile, rewriting: Bool = GoldenFile.isRewriting) throws(GoldenFailure) {
        try self.frame.expect(matches: golden, rewriting: rewriting)
    }

    /// Compares all frames with one golden file, in which each stands as text below a line with its step and its time; or writes the file,
    /// if `rewriting`.
    ///
    /// - Throws: ``GoldenFailure`` with the lines that differ, or with how to make the file.
    public func expectFrames(match golden: GoldenFile, rewriting: Bool = GoldenFile.isRewriting) throws(GoldenFailure) {
        let text = self.frames.map { "== \($0.subject), at \($0.time.scripted)\n\($0.text)" }.joined()
        try golden.expect(text, subject: "the session", rewriting: rewriting)
    }
}
