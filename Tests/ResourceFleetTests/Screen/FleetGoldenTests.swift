import ResourceContainer
import ResourceDashboard
import ResourceDashboardTesting
import Testing

@testable import ResourceFleet

@Suite("Screens of a fleet")
struct FleetGoldenTests {
    private static let sizes = [(56, 16), (80, 24), (120, 36), (200, 60)].map { Size(width: $0.0, height: $0.1) }

    private static func expect(_ state: FleetState, _ name: String) throws {
        try GoldenFile.golden("\(name)-\(state.size.width)x\(state.size.height)").expect(state.screen, subject: name)
    }

    @Test("The table, with the selected process below it.", arguments: sizes)
    func table(size: Size) throws {
        try Self.expect(FleetSample.shown(size), "fleet")
    }

    @Test("A simulated fleet of 1,000 processes.", arguments: sizes)
    func simulated(size: Size) throws {
        var state = FleetSample.state(size)
        let fleet = SimulatedFleet(count: 1000, seed: 7)
        _ = state.update(.table(fleet.table(at: FleetSample.start), FleetSample.at(0)))
        _ = state.update(.shapes(fleet.shapes(at: FleetSample.start)))
        try Self.expect(state, "simulated")
    }

    @Test("A server that no longer answers, with the last table.", arguments: sizes)
    func fault(size: Size) throws {
        var state = FleetSample.shown(size)
        _ = state.update(.failed(FleetFault("POST http://prometheus:9090/api/v1/query was refused"), FleetSample.at(10)))
        _ = state.update(.time(FleetSample.at(34), FleetSample.clock))
        try Self.expect(state, "fault")
    }

    @Test("No table yet.", arguments: sizes)
    func empty(size: Size) throws {
        try Self.expect(FleetSample.state(size), "empty")
    }

    @Test("Warnings of the server, a column that failed, and missing rules.", arguments: sizes)
    func warnings(size: Size) throws {
        var state = FleetSample.shown(size)
        var table = FleetSample.table
        table.warnings = ["fetch series for {external=\"a\"}: context deadline exceeded"]
        table.problems = ["P99: status 422, execution: query processing would load too many samples into memory"]
        table.lacksRules = true
        _ = state.update(.table(table, FleetSample.at(0)))
        try Self.expect(state, "warnings")
    }

    @Test("The filter while it is typed.", arguments: sizes)
    func filter(size: Size) throws {
        var state = FleetSample.shown(size)
        state.type("/shop health:healthy")
        try Self.expect(state, "filter")
    }

    @Test("The help.", arguments: sizes)
    func help(size: Size) throws {
        var state = FleetSample.shown(size)
        state.type("?")
        try Self.expect(state, "help")
    }

    @Test("ASCII only.")
    func ascii() throws {
        try Self.expect(FleetSample.shown(glyphs: .ascii), "ascii")
    }
}
