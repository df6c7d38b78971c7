import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation

/// A scripted dashboard session over a container: keys, and waits in the container's time. It keeps the frame after each step.
///
/// ```swift
/// let session = DashboardSession(container)
/// try await session.play("3 / 'type:Db*' Enter", "wait 2s", "Space")
/// try session.expect(matches: .golden("databases"))          // the last frame
/// try session.expectFrames(match: .golden("looking-up"))     // all six, one below the other
/// ```
///
/// A script consists of words separated by blanks:
///
/// | word | effect |
/// | --- | --- |
/// | `3` `x` `/` `Enter` `C-d` `Space` `PgDn` | the key is pressed; `resmon keys` lists what keys do |
/// | `j*9` | the key is pressed nine times |
/// | `'type:Db*'` or `"it's"` | the text is typed |
/// | `wait 2s` | time passes: `250ms`, `2s`, `1m30s` |
/// | `paste 'text'` | the text is pasted in one piece |
/// | `click 12,3` | the mouse is pressed at column 12 of row 3, counted from 0 |
/// | `resize 80x24` | the screen is resized |
///
/// Commands act on the container: they open and close scopes, resolve resources and check health. After each key the session runs
/// everything that can run without time passing. A longer action continues, and its result shows in the step in which it arrives. Drawing,
/// sampling and time are as in ``DashboardScreen``.
public final class DashboardSession: Sendable {
    /// The time limit for closing, at the end, the scopes that the script opened.
    private static let closingBudget = Duration.seconds(5)

    /// The monitor of the container.
    public let monitor: ResourceMonitor
    private let container: Container
    private let control: any DashboardControl
    private let watched: WatchedState
    private let log = Lock(Log())

    private struct Log: Sendable {
        var frames: [DashboardFrame] = []
        var effects: [Effect] = []
        /// The number of running actions.
        var actions = 0
        var hasEnded = false
    }

    /// Creates a session over `container` that begins now.
    ///
    /// - Parameters:
    ///   - container: the container to show.
    ///   - size: the size of the screen in cells; by default the size that `resmon snapshot` uses.
    ///   - monitor: an existing monitor of the container; by default the session creates one, with a health checker.
    ///   - control: the control that commands act on; by default a `ContainerControl`, as in the live dashboard.
    ///   - time: the container's manual time, which the script's `wait` advances. Nil if time advances by itself.
    ///   - showsLines: whether source locations show their line numbers. By default they show line 0, so that golden files do not change when
    ///     code moves. Error texts are not changed.
    ///   - configure: changes the initial configuration: view, keys, theme.
    public init(
        _ container: Container,
        size: Size = Size(width: 120, height: 36),
        monitor: ResourceMonitor? = nil,
        control: (any DashboardControl)? = nil,
        moving time: ManualTime? = nil,
        showsLines: Bool = false,
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

    /// Plays the steps of `scripts`, one after the other. All scripts are parsed before the first step is played.
    ///
    /// - Throws: ``ScriptError`` for a script that cannot be parsed, and for a step after the dashboard has quit; `CancellationError`.
    public func play(_ scripts: String...) async throws {
        try await self.play(scripts.flatMap { script throws(ScriptError) in try ScriptParser.steps(of: script) })
    }

    /// Plays `steps`, one after the other.
    ///
    /// - Throws: ``ScriptError`` for a step after the dashboard has quit; `CancellationError`.
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
        // A session has no terminal, plays no recording, and is attached to no process.
        case .copy, .mouse, .redraw, .suspend, .seek, .setSpeed, .showProcess, .reconnect: break
        case .write, .overwrite, .startRecording, .stopRecording, .saveRecent:
            self.send(.finished(.failed(effect, "a scripted session writes no files: see its effects")))
        case .openScope, .closeScope, .get, .checkHealth, .lease, .release, .inject, .breakLease, .allowFinding, .setLoad, .startScenario:
            self.start(effect)
        }
    }

    private func isActing() -> Bool {
        self.log.withLock { $0.actions > 0 }
    }

    /// Not a child task: a long action continues through the following steps.
    private func start(_ effect: Effect) {
        self.log.withLock { $0.actions += 1 }
        self.container.environment.start { [control] in
            if let result = await effect.act(with: control) { self.send(.finished(result)) }
            self.log.withLock { $0.actions -= 1 }
        }
    }

    /// Closes the scopes that the script opened, newest first, and releases its leases, as the live dashboard does when it quits. A script
    /// that quits does this itself. A close that takes more than five seconds of the container's time continues unattended.
    ///
    /// - Throws: `CancellationError` if the task is canceled.
    public func close() async throws {
        self.log.withLock { log in
            log.hasEnded = true
            log.actions += 1
        }
        let scopes = self.watched.state.userOpenedScopes
        // Not a child task: a resource may ignore cancellation, and a parent cannot return before its children.
        self.container.environment.start { [control] in
            // An error means that another task has already closed the scope.
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

    // MARK: Frames

    /// The frames so far, one for each step.
    public var frames: [DashboardFrame] {
        self.log.withLock { $0.frames }
    }

    /// All effects that the commands requested, in order, including those that a session does not perform, such as writing files.
    public var effects: [Effect] {
        self.log.withLock { $0.effects }
    }

    /// The screen after the last step. Before the first step, the current screen.
    public var frame: DashboardFrame {
        if let last = self.log.withLock({ $0.frames.last }) { return last }
        self.watched.refresh()
        return DashboardFrame(self.watched.state, subject: "the first screen", time: self.watched.age)
    }

    /// The data that the current view shows.
    public var model: ViewModel {
        self.watched.state.viewModel()
    }

    /// Compares ``frame`` with a golden file byte by byte, or writes the file if `rewriting` is true.
    ///
    /// - Throws: ``GoldenFailure`` with the lines that differ, or with instructions for creating the file.
    public func expect(matches golden: GoldenFile, rewriting: Bool = GoldenFile.isRewriting) throws(GoldenFailure) {
        try self.frame.expect(matches: golden, rewriting: rewriting)
    }

    /// Compares all frames with one golden file, which contains each frame as text below a line with its step and its time; or writes the
    /// file if `rewriting` is true.
    ///
    /// - Throws: ``GoldenFailure`` with the lines that differ, or with instructions for creating the file.
    public func expectFrames(match golden: GoldenFile, rewriting: Bool = GoldenFile.isRewriting) throws(GoldenFailure) {
        let text = self.frames.map { "== \($0.subject), at \($0.time.scripted)\n\($0.text)" }.joined()
        try golden.expect(text, subject: "the session", rewriting: rewriting)
    }
}
