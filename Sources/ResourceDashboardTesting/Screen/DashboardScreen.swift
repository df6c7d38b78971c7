import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation

/// A dashboard over a container that is drawn without a terminal, for tests of how a container is shown.
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
/// compares the screen with `Golden/checkout.txt` beside the test. The same code draws the live screen and snapshots. In a simulation the
/// test gives the same bytes on every machine: the container numbers its identities, its time is virtual and shown in UTC from
/// 2026-01-01T12:00:00Z at the container's creation, and figures of the machine are `–`.
///
/// The screen knows the events since its own creation, so create it before anything is bound. Not every change of pools, uses and
/// health has an event; they are sampled every 250 ms of the container's time (health every second). A change since the last sample shows after a
/// ``wait(for:)``. Health shows only if it is checked: by ``checkHealth()``, or by a task that runs the monitor's checker.
///
/// A comparison covers every byte. Source locations such as `Shop.swift:42` appear in events, scopes, findings, holders of pools and the
/// resource detail. They show line 0 unless the screen is created with `showsLines: true`, so no golden file must be rewritten when lines
/// move.
public final class DashboardScreen: Sendable {
    /// The monitor of the container.
    public let monitor: ResourceMonitor
    private let watched: WatchedState

    /// Creates a screen over `container` that begins now.
    ///
    /// - Parameters:
    ///   - container: the container to show.
    ///   - size: the size of the screen in cells; by default the size that `resmon snapshot` uses.
    ///   - monitor: an existing monitor of the container; by default the screen creates one, with a health checker.
    ///   - time: the container's manual time, which ``wait(for:)`` advances. Nil if time advances by itself: in `simulate`, and on the
    ///     system clock, where every run draws different screens.
    ///   - showsLines: whether source locations show their line numbers. By default they show line 0, so that golden files do not change when
    ///     code moves. Error texts are not changed.
    ///   - configure: changes the initial configuration: theme, glyphs, clock. The keys are always the standard ones.
    public init(
        _ container: Container,
        size: Size = Size(width: 120, height: 36),
        monitor: ResourceMonitor? = nil,
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
            isPaused: true
        ) { configuration in
            configure(&configuration)
            // Views are selected by their keys.
            configuration.keys = .standard
        }
        self.monitor = setup.monitor
        self.watched = WatchedState(setup, standsStillWhilePaused: false)
    }

    /// Checks the health of every resource with the monitor's health checker. The results show at the next full second.
    public func checkHealth() async {
        _ = await self.monitor.health?.checkAll()
    }

    /// Waits for `duration`, by default 250 ms, which is the time to the next sample.
    ///
    /// In a simulation all work that is due by then is done. With manual time, tasks that run beside the test only get an opportunity to
    /// run: wait explicitly for the state that the frame depends on.
    ///
    /// - Throws: `CancellationError` if the task is canceled.
    public func wait(for duration: Duration = .milliseconds(250)) async throws {
        try await self.watched.wait(for: duration)
    }

    // MARK: Drawing

    /// The current frame of `view`.
    public func frame(_ view: DashboardView) -> DashboardFrame {
        DashboardFrame(self.state(view), subject: "the view \(view.rawValue)", time: self.watched.age)
    }

    /// The data that `view` shows: the same rows in the same order as on the screen.
    public func model(_ view: DashboardView) -> ViewModel {
        self.state(view).viewModel()
    }

    /// Compares the current frame of `view` with a golden file byte by byte, or writes the file if `rewriting` is true.
    ///
    /// - Throws: ``GoldenFailure`` with the lines that differ, or with instructions for creating the file.
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
