import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

/// One moment of a simulated scenario, as the views, their JSON, the report and the Prometheus text show it.
struct ScenarioMoment {
    let scenario: String
    /// The time since the scenario began, in seconds.
    let second: Int
    let report: MonitorReport
    private let state: DashboardState

    fileprivate init(_ scenario: String, second: Int, report: MonitorReport, state: DashboardState) {
        self.scenario = scenario
        self.second = second
        self.report = report
        self.state = state
    }

    /// The scenario and time, for failure messages.
    var subject: Comment { "\(self.scenario) at \(self.second) s" }

    var picture: Picture { self.state.picture }

    /// Returns what a view draws on a screen that is tall enough for every row.
    func screen(_ view: DashboardView, showsEnded: Bool = false) -> Screen {
        let state = self.showing(view, showsEnded: showsEnded)
        return Screen(TextRenderer.render(state.render()))
    }

    /// Returns what a view draws after the given keys.
    func screen(_ view: DashboardView, pressing keys: String) -> Screen {
        var state = self.showing(view, showsEnded: false)
        for key in keys { _ = state.update(.input(.key(Key(.character(key))))) }
        return Screen(TextRenderer.render(state.render()))
    }

    /// Returns what the detail view of a resource draws.
    func detail(of resource: ResourceID) -> Screen {
        var state = self.showing(.resources, showsEnded: false)
        state.select(.resource(resource))
        _ = state.press(.enter)
        return Screen(TextRenderer.render(state.render()))
    }

    /// Returns the decoded output of `resmon snapshot --format json` for a view.
    func json(_ view: DashboardView, showsEnded: Bool = false) throws -> JSON {
        try JSON(encoding: self.showing(view, showsEnded: showsEnded).viewModel())
    }

    private func showing(_ view: DashboardView, showsEnded: Bool) -> DashboardState {
        var state = self.state
        state.show(view)
        if state.showsClosed != showsEnded { _ = state.update(.input(.key(Key("c")))) }
        // Graph and Scopes repeat resources and add a row for each scope.
        let rows = 4 * state.picture.resources.count + 2 * state.picture.scopes.count + state.picture.findings.count
        _ = state.update(.input(.resize(Size(width: 200, height: min(1_000, 60 + rows)))))
        return state
    }
}

/// Runs a scenario and visits its moments.
enum ScenarioMoments {
    /// The names of all scenarios.
    static let scenarios = Scenarios.all.map { $0.name }
    /// The visited times in seconds: 15, 30, …, 75, and with `RESMON_SOAK` 5, 10, …, 75.
    static let seconds = Array(stride(from: 5, through: 75, by: 5)).filter {
        $0.isMultiple(of: 15) || ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"
    }

    /// Calls `body` at each of `seconds` of one simulated run.
    static func visit(
        _ name: String,
        seed: UInt64 = 7,
        seconds: [Int] = Self.seconds,
        _ body: (ScenarioMoment) throws -> Void
    ) async throws {
        let scenario = try #require(Scenarios.named(name))
        // A load that a debug build keeps up with. Only the storm scenario reads it.
        let options = ScenarioOptions(rate: 200, resources: 50)
        let session = try SimulatedSession(scenario, seed: seed, options: options)
        var state = DashboardState(
            configuration: DashboardConfiguration(
                clock: WallClock(originNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000),
                size: Size(width: 200, height: 60),
                view: .findings
            )
        )
        for second in seconds {
            for update in await session.advance(to: .seconds(second)) { _ = state.update(.monitor(update)) }
            try body(ScenarioMoment(name, second: second, report: session.monitor.report(), state: state))
        }
    }
}

/// A decoded JSON value.
struct JSON {
    private let value: Any?

    init(encoding value: some Encodable) throws {
        self.value = try JSONSerialization.jsonObject(with: Data(StableJSON.encode(value).utf8))
    }

    private init(_ value: Any?) {
        self.value = value
    }

    subscript(_ key: String) -> JSON { JSON((self.value as? [String: Any])?[key]) }

    var list: [JSON] { (self.value as? [Any])?.map { JSON($0) } ?? [] }
    var text: String? { self.value as? String }
    var number: Int? { (self.value as? NSNumber)?.intValue }
    var flag: Bool? { self.value as? Bool }
}
