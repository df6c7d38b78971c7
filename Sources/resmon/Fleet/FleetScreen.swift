import ArgumentParser
import CursesTerminal
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive
import ResourceFleet

/// The live screen of a fleet, and the dashboards of the processes that the user opens from it.
struct FleetScreen {
    private let plan: FleetPlan
    private let screen: ScreenPlan

    init(_ plan: FleetPlan, _ screen: ScreenPlan) {
        self.plan = plan
        self.screen = screen
    }

    /// Shows a fleet until the user quits.
    ///
    /// - Throws: `UsageFault` if there is no usable terminal; `ExitCode` if a signal or a hang-up has ended it.
    func show(_ source: any FleetSource) async throws {
        var terminal = try self.openTerminal()
        let state = FleetState(self.configuration(of: source, on: terminal), at: TimeSource.system.now)
        var loop = FleetLoop(state, source: source, clock: self.plan.clock)
        while true {
            switch await loop.run(on: terminal) {
            case .quit: return
            case .signal(let number): throw ExitCode(ExitStatus.signal(number))
            case .hangUp: throw ExitCode(ExitStatus.signal(1))
            case .open(let key, let command): loop.tell(try await self.open(key, command))
            }
            terminal = try self.openTerminal()
        }
    }

    private func openTerminal() throws(UsageFault) -> CursesTerminal {
        do {
            return try CursesTerminal.open(self.screen.terminal)
        } catch {
            throw UsageFault(error.description)
        }
    }

    private func configuration(of source: any FleetSource, on terminal: CursesTerminal) -> FleetConfiguration {
        let (options, depth) = (self.screen.options, terminal.colorDepth)
        return FleetConfiguration(
            size: terminal.size,
            theme: options.theme.adapted(to: depth),
            themes: options.themes.map { $0.adapted(to: depth) },
            glyphs: self.screen.glyphs,
            keys: self.screen.keys,
            usesMouse: self.screen.terminal.mouse,
            clock: self.plan.clock(),
            source: source.label,
            refresh: self.plan.refresh,
            command: self.plan.command,
            notices: self.screen.notices
        )
    }

    /// Shows the process that a command connects to until the user quits its dashboard. Returns the notice of the fleet's screen after it.
    private func open(_ key: FleetKey, _ command: [String]) async throws -> FleetMessage {
        Console.complain("connecting to \(key.words): \(command.joined(separator: " "))")
        let processes: AttachedProcesses
        do {
            processes = try await AttachedProcesses.attach(to: [AttachTarget.command(command)])
        } catch {
            return .notice("\(key.words): \(error)", isFault: true)
        }
        let result = await Self.show(processes, self.screen.options)
        await processes.close()
        let outcome = try result.get()
        if case .signal = outcome.reason { throw ExitCode(outcome.exitCode) }
        if case .hangUp = outcome.reason { throw ExitCode(outcome.exitCode) }
        return .notice(outcome.summary.first ?? "\(key.words) was left", isFault: false)
    }

    private static func show(_ processes: AttachedProcesses, _ options: DashboardOptions) async -> Result<DashboardOutcome, any Error> {
        guard let source = processes.first else { return .failure(AttachFailure("there is no process to attach to")) }
        var options = options
        options.clock = source.clock
        do {
            return .success(try await Dashboard(source: source, history: await source.past(), options: options).run())
        } catch {
            return .failure(UsageFault(error.description))
        }
    }
}
