import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation

/// The dashboard over a container, drawn without a terminal: for tests that say what a container should look like.
///
/// ```swift
/// try simulate(seed: 7) { simulation in
///     let container = Container(environment: simulation.environment)
///     let screen = DashboardScreen(container, size: Size(width: 100, height: 30))
///     try bindShop(into: container)
///     try await container.withScope("checkout") { scope in
///         _ = try await scope.get(Orders.self)
///         try await screen.wait(for: .seconds(2))
///         try screen.expect(.overview, matches: .golden("checkout"))
///     }
/// }
/// ```
///
/// compares the screen with `Golden/checkout.txt` beside the test. It is drawn by the code that draws the live screen and snapshots. In a
/// simulation the same test gives the same bytes on every machine: identities are counted in the container, its time is virtual and
/// shown in UTC, from 2026-01-01T12:00:00Z when the container was made, and what measures the machine is `–`.
///
/// The screen knows what happens from its beginning on: make it before anything is bound. Pools, uses and health, of which no event tells,
/// are sampled every 250 ms of the container's time (health every second), as everywhere; what changed since the last sample shows after a
/// ``wait(for:)``. Health is shown as far as somebody asked: ``checkHealth()``, or a task that runs the monitor's checker.
///
/// Nothing is left out of a comparison. Places in source code - `Shop.swift:42`, where something was bound, opened or lent - are shown
/// among the events, with scopes, findings and the holders of pools, and in the resource detail; a golden file that has them must be
/// written anew when lines move, unless the screen was made with `showsLines: false`, or the code under test passes `fileID:` and `line:`
/// itself.
public final class DashboardScreen: Sendable {
    /// What watches the container.
    public let monitor: ResourceMonitor
    private let watched: WatchedState

    /// A screen over `container`, from now on.
    ///
    /// - Parameters:
    ///   - container: what is shown.
    ///   - size: in cells; that of `resmon snapshot` unless said otherwise.
    ///   - monitor: what watches the container already, if something does; otherwise the screen has one of its own, with a health checker.
    ///   - time: the container's time, if it stands still until it is moved: ``wait(for:)`` moves it then. Nil where time passes by itself:
    ///     in `simulate`, and on the system's clock, which no two runs show alike.
    ///   - showsLines: whether places in source code are shown with their lines, as everywhere else; otherwise with line 0, so that a
    ///     golden file stays right when lines move. Texts of errors are left as they are.
    ///   - configure: changes how the screen begins: its theme, its glyphs, its clock. The keys are the standard ones in any case.
    public init(
        _ container: Container,
        size: Size = Size(width: 120, height: 36),
        monitor: ResourceMonitor? = nil,
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
            isPaused: true
        ) { configuration in
            configure(&configuration)
            // The views are reached by their keys.
            configuration.keys = .standard
        }
        self.monitor = setup.monitor
        self.watched = WatchedState(setup, standsStillWhilePaused: false)
    }

    /// Asks every resource how it is, with the monitor's health checker; the answers show once a second.
    public func checkHealth() async {
        _ = await self.monitor.health?.checkAll()
    }

    /// Lets time pass: 250 ms unless said otherwise, up to the next sample.
    ///
    /// In a simulation everything is done that is to be done up to then. With time that is moved by hand, tasks that run beside the test
    /// are only given time to: wait for what the picture depends on.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    public func wait(for duration: Duration = .milliseconds(250)) async throws {
        try await self.watched.wait(for: duration)
    }

    // MARK: Drawing

    /// The screen with `view`, at this moment.
    public func frame(_ view: DashboardView) -> DashboardFrame {
        DashboardFrame(self.state(view), subject: "the view \(view.rawValue)", time: self.watched.age)
    }

    /// What `view` shows, as data: the same rows in the same order as on the screen.
    public func model(_ view: DashboardView) -> ViewModel {
        self.state(view).viewModel()
    }

    /// Compares the screen with `view` with a golden file, every byte of it; or writes the file, if `rewriting`.
    ///
    /// - Throws: ``GoldenFailure`` with the lines that differ, or with how to make the file.
    public func expect(
        _ view: DashboardView,
        matches golden: GoldenFile,
        rewriting: Bool = GoldenFile.isRewriting
    ) throws(GoldenFailure) {
        try self.frame(view).expect(matches: golden, rewriting: rewriting)
    }

    private func state(_ view: DashboardView) -> DashboardState {
        self.watched.refresh()
        var state = self.watched.state
        _ = state.update(.input(.key(Key(Character("\(view.number)")))))
        return state
    }
}
