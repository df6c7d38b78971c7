import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

/// One moment of a simulated scenario, as every part of resmon tells it: the views, their JSON, the report and the text for Prometheus.
struct ScenarioMoment {
    let scenario: String
    /// How long the scenario has run, in seconds.
    let second: Int
    let report: MonitorReport
    private let state: DashboardState

    fileprivate init(_ scenario: String, second: Int, report: MonitorReport, state: DashboardState) {
        self.scenario = scenario
        self.second = second
        self.report = report
        self.state = state
    }

    /// What a failed expectation is about.
    var subject: Comment { "\(self.scenario) at \(self.second) s" }

    var picture: Picture { self.state.picture }

    /// What a view draws, on a screen that is high enough for every row.
    func screen(_ view: DashboardView, showsEnded: Bool = false) -> Screen {
        let state = self.showing(view, showsEnded: showsEnded)
        return Screen(TextRenderer.render(state.render()))
    }

    /// What a view draws after some keys were pressed in it.
    func screen(_ view: DashboardView, pressing keys: String) -> Screen {
        var state = self.showing(view, showsEnded: false)
        for key in keys { _ = state.update(.input(.key(Key(.character(key))))) }
        return Screen(TextRenderer.render(state.render()))
    }

    /// What the view of a single resource draws.
    func detail(of resource: ResourceID) -> Screen {
        var state = self.showing(.resources, showsEnded: false)
        state.detail = resource
        return Screen(TextRenderer.render(state.render()))
    }

    /// What `resmon snapshot --format json` prints for a view, decoded.
    func json(_ view: DashboardView, showsEnded: Bool = false) throws -> JSON {
        try JSON(encoding: self.showing(view, showsEnded: showsEnded).viewModel())
    }

    private func showing(_ view: DashboardView, showsEnded: Bool) -> DashboardState {
        var state = self.state
        state.show(view)
        if state.showsClosed != showsEnded { _ = state.update(.input(.key(Key("c")))) }
        // Graph and scopes repeat resources and add a row for each scope.
        let rows = 4 * state.picture.resources.count + 2 * state.picture.scopes.count + state.picture.findings.count
        _ = state.update(.input(.resize(Size(width: 200, height: min(1_000, 60 + rows)))))
        return state
    }
}

/// Runs a scenario once and stops at its moments.
enum ScenarioMoments {
    /// Every scenario, by name.
    static let scenarios = Scenarios.all.map { $0.name }
    /// 5 s, 10 s, …, 75 s.
    static let seconds = Array(stride(from: 5, through: 75, by: 5))

    /// Calls `look` at each of `seconds` of one simulated run.
    static func visit(
        _ name: String,
        seed: UInt64 = 7,
        seconds: [Int] = Self.seconds,
        _ look: (ScenarioMoment) throws -> Void
    ) async throws {
        let scenario = try #require(Scenarios.named(name))
        // The storm's size is one that a test build keeps up with; the others have none.
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
            try look(ScenarioMoment(name, second: second, report: session.monitor.report(), state: state))
        }
    }
}

/// A value as it stands in JSON.
struct JSON {
    private let value: Any?

    init(encoding value: some Encodable) throws {
        self.value = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
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
