import CursesTerminal
import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardLive

/// What `resmon demo` was asked for, checked before anything is done.
struct DemoPlan {
    let scenario: any Scenario.Type
    /// The simulated run, if one was asked for.
    let simulation: SimulatedRun?
    let seed: UInt64
    let size: ScenarioSize
    /// The moment at which the simulated run is shown paused; nil to begin at its beginning and go on.
    let moment: Duration?
    let view: DashboardView
    let theme: Theme
    let library: ThemeLibrary
    let glyphs: GlyphSet
    let framesPerSecond: Int
    let isReadonly: Bool
    let terminal: TerminalOptions
    let keys: KeyMap
    /// What is wrong with what was set for good, a line each.
    let notices: [String]

    init(_ command: DemoCommand, _ surroundings: Surroundings, _ probe: TerminalProbe) throws(UsageFault) {
        self.scenario = try ScenarioArgument.parse(command.scenario)
        self.seed = try command.simulation.chosenSeed()
        self.size = try command.size.chosenSize(of: self.scenario)
        self.moment = try command.simulation.chosenMoment()
        if !command.simulated, let option = command.simulation.at.map({ _ in "--at" }) ?? command.simulation.seed.map({ _ in "--seed" }) {
            throw UsageFault("\(option) is of a simulated run: give --simulated, too")
        }
        self.simulation = command.simulated ? SimulatedRun(scenario: self.scenario, seed: self.seed, size: self.size) : nil
        let configuration = try Configuration.read(command.look.config, surroundings)
        self.view = try command.view.map { text throws(UsageFault) in try ViewArgument.parse(text) } ?? configuration.view ?? .overview
        self.framesPerSecond =
            try command.fps.map { text throws(UsageFault) in try Self.rate(text, "--fps") } ?? configuration.framesPerSecond ?? 4
        self.library = try command.look.themes.library(surroundings, configuration)
        var notices = configuration.problems
        // What was asked for now must be right; what was set for good may wait to be put right.
        let asksForTheme = command.look.themes.theme != nil || !(surroundings.environment["RESMON_THEME"] ?? "").isEmpty
        do throws(UsageFault) {
            self.theme = try command.look.themes.theme(from: self.library, environment: surroundings.environment, configuration)
        } catch {
            if asksForTheme { throw error }
            notices.append(error.description)
            self.theme = .defaultDark
        }
        self.glyphs = try command.look.chosenGlyphs() ?? configuration.glyphs ?? (probe.isUTF8 ? .braille : .ascii)
        self.isReadonly = command.readonly
        self.terminal = TerminalOptions(
            color: try command.look.chosenColor() ?? configuration.color ?? .auto,
            mouse: command.noMouse ? false : configuration.mouse ?? true
        )
        self.keys = configuration.keys
        self.notices = notices
    }

    /// A rate of frames.
    static func rate(_ text: String, _ name: String) throws(UsageFault) -> Int {
        guard text.allSatisfy({ ("0"..."9").contains($0) }), let rate = Int(text), (1...30).contains(rate) else {
            throw UsageFault("\(name): '\(text)' is not a rate: a whole number from 1 to 30 is accepted")
        }
        return rate
    }

    /// One frame of the simulated scenario as plain text: what can be had where there is no terminal.
    func plainFrame() async throws -> String {
        let run = SimulatedRun(scenario: self.scenario, seed: self.seed, size: self.size)
        let configuration = run.configuration(
            size: SnapshotPlan.defaultSize,
            theme: .mono,
            themes: [.mono],
            glyphs: self.glyphs,
            view: self.view,
            isPaused: true
        )
        let (state, _) = try await run.state(at: self.moment ?? SimulationOptions.defaultMoment, configuration)
        return TextRenderer.render(state.render())
            + "This is one frame of a simulated run: run 'resmon demo \(self.scenario.name)' in a terminal for the live screen.\n"
    }
}
