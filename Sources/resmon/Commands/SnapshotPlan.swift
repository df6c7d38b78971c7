import CursesTerminal
import DemoScenarios
import ResourceDashboard
import ResourceMonitoring

/// What `resmon snapshot` was asked for, checked before anything is done.
struct SnapshotPlan {
    enum Format: String, CaseIterable {
        case text, ansi, svg, json
    }

    let run: SimulatedRun
    let moment: Duration
    let view: DashboardView
    let size: Size
    let format: Format
    let theme: Theme
    let glyphs: GlyphSet
    let depth: ColorDepth
    let destination: OutputDestination

    static let defaultSize = Size(width: 120, height: 36)

    init(_ command: SnapshotCommand, _ surroundings: Surroundings) throws(UsageFault) {
        let scenario = try ScenarioArgument.parse(command.scenario)
        self.run = SimulatedRun(
            scenario: scenario,
            seed: try command.simulation.chosenSeed(),
            size: try command.scenarioSize.chosenSize(of: scenario)
        )
        self.moment = try command.simulation.chosenMoment() ?? SimulationOptions.defaultMoment
        self.view = try ViewArgument.parse(command.view)
        if let size = command.size {
            let chosen = try SizeArgument("--size", parsing: size)
            self.size = Size(width: chosen.width, height: chosen.height)
        } else {
            self.size = Self.defaultSize
        }
        let format: Format? = if let format = command.format { try Choice.parse(format, "--format", "format") } else { nil }
        if command.json, let format, format != .json {
            throw UsageFault("--json and --format \(format.rawValue) contradict each other: give one of them")
        }
        self.format = command.json ? .json : format ?? .text
        // What is set for good has no say either, unless it is named.
        let configuration = command.look.config == nil ? Configuration() : try Configuration.read(command.look.config, surroundings)
        configuration.complain()
        let library = try command.look.themes.library(surroundings, configuration)
        self.theme = try command.look.themes.theme(from: library, environment: surroundings.environment, configuration)
        // Neither locale nor terminal has a say: the same command gives the same bytes everywhere.
        self.glyphs = try command.look.chosenGlyphs() ?? configuration.glyphs ?? .braille
        self.depth = try (command.look.chosenColor() ?? configuration.color ?? .auto).depth(offered: .direct, noColor: false)
        self.destination = try OutputDestination(path: command.output)
    }

    /// The picture in the format that was asked for.
    func draw() async throws -> String {
        let configuration = self.run.configuration(
            size: self.size,
            theme: self.theme,
            themes: [self.theme],
            glyphs: self.glyphs,
            view: self.view,
            isPaused: true
        )
        let (state, session) = try await self.run.state(at: self.moment, configuration)
        switch self.format {
        case .text: return TextRenderer.render(state.render())
        case .ansi: return ANSIRenderer.render(state.render(), depth: self.depth)
        case .svg: return SVGRenderer.render(state.render(), theme: self.theme, title: self.title)
        case .json: return try StableJSON.encode(SnapshotDocument(self, state: state, report: session.monitor.report()))
        }
    }

    private var title: String {
        "resmon: \(self.view.title) of the scenario \(self.run.scenario.name), seed \(self.run.seed), at \(self.moment)"
    }
}

/// A snapshot as JSON: what was drawn, what the view shows, and the monitor's report under the specification's names.
private struct SnapshotDocument: Encodable {
    let scenario: String
    let seed: UInt64
    /// In seconds of virtual time.
    let at: Double
    let width: Int
    let height: Int
    /// The rows of the text format.
    let rows: [String]
    let view: ViewModel
    let report: MonitorReport

    init(_ plan: SnapshotPlan, state: DashboardState, report: MonitorReport) {
        self.scenario = plan.run.scenario.name
        self.seed = plan.run.seed
        self.at = plan.moment / .seconds(1)
        self.width = plan.size.width
        self.height = plan.size.height
        self.rows = TextRenderer.render(state.render()).split(separator: "\n").map(String.init)
        self.view = state.viewModel()
        self.report = report
    }
}
