import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// A dashboard in the terminal of this process.
///
/// ```swift
/// try await Dashboard(container).run()
/// ```
public struct Dashboard: Sendable {
    private let source: any DashboardSource
    private let history: [MonitorUpdate]
    private let options: DashboardOptions

    /// Creates a dashboard of a container in this process.
    ///
    /// All views show the health that the container's checkers share. If no checker of the program runs, the dashboard runs one, unless it is
    /// read-only.
    ///
    /// - Parameters:
    ///   - container: the container to show.
    ///   - monitor: the program's monitor of the container, whose figures reach back to its creation; nil creates a monitor.
    ///   - options: the options.
    public init(_ container: Container, monitor: ResourceMonitor? = nil, options: DashboardOptions = DashboardOptions()) {
        self.init(source: LiveSource(container, monitor: monitor, readonly: options.isReadonly), options: options)
    }

    /// Creates a dashboard of any source.
    ///
    /// - Parameters:
    ///   - source: the source of updates.
    ///   - history: earlier updates, oldest first, to which the user can go back.
    ///   - options: the options.
    public init(source: any DashboardSource, history: [MonitorUpdate] = [], options: DashboardOptions = DashboardOptions()) {
        self.source = source
        self.history = history
        self.options = options
    }

    /// Shows the dashboard until the user quits, a signal requests the end of the process, the terminal hangs up, or the task is canceled.
    /// Then restores the terminal and closes the scopes that the user opened, within five seconds.
    ///
    /// - Returns: why the dashboard ended, and what it closed.
    /// - Throws: `TerminalError` if there is no usable terminal.
    @discardableResult
    public func run() async throws(TerminalError) -> DashboardOutcome {
        let terminal = try CursesTerminal.open(self.options.terminal)
        var state = DashboardState(configuration: self.configuration(size: terminal.size, depth: terminal.colorDepth))
        for update in self.history { _ = state.update(.monitor(update)) }
        var loop = DashboardLoop(
            terminal: terminal,
            source: self.source,
            state: state,
            rate: self.options.rate,
            themes: self.options.themeWatch,
            localTime: self.options.clock == nil ? .system : nil,
            historyLimit: self.options.historyLimit,
            followsSuccessor: self.options.followsSuccessor,
            didLeaveScreen: self.options.didLeaveScreen
        )
        return await loop.run()
    }

    private func configuration(size: Size, depth: ColorDepth) -> DashboardConfiguration {
        var settings = self.options.settings
        settings.theme = settings.theme.adapted(to: depth)
        settings.themes = settings.themes.map { $0.adapted(to: depth) }
        settings.isReadonly = self.source.control == nil
        return DashboardConfiguration(
            settings,
            origin: self.source.origin,
            clock: self.options.clock ?? .here,
            size: size,
            glyphs: self.options.glyphs ?? (TerminalProbe().isUTF8 ? .braille : .ascii),
            scenarios: self.source.control?.scenarios ?? [],
            usesMouse: self.options.terminal.mouse,
            recordedSpan: self.source.player?.extent.span,
            processes: self.source.processes?.rows(),
            process: self.source.process,
            reach: self.source.reach
        )
    }
}
