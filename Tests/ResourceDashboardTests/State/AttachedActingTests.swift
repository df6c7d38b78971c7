import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Acting on an attached process")
struct AttachedActingTests {
    /// A state of a process with a scope, which is selected.
    private func state(_ row: ProcessRow = .shop(consent: true)) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.attached([row, .mail()], in: .scopes)
        let scope = fixture.open("req-1")
        _ = state.update(.monitor(fixture.update()))
        state.select(.scope(scope))
        return state
    }

    @Test("The notice about a refused key is that of the process.")
    func refusals() {
        var state = self.state(.shop())
        #expect(state.type("o").isEmpty)
        #expect(state.notice?.text == "o is refused: this dashboard only watches shop 4711@web1: attach with --act")
        state.processID = ProcessRow.mail().id
        #expect(state.type("o").isEmpty)
        #expect(state.notice?.text == "o is refused: mail 4823@web1 accepts no commands")
    }

    @Test("A process that accepts no commands for a reason that is not known is only watched.")
    func unknownReason() {
        var row = ProcessRow.shop()
        row.refusal = nil
        var state = self.state(row)
        #expect(state.type("o").isEmpty)
        #expect(state.notice?.text == "o is refused: shop 4711@web1 is only watched")
    }

    @Test("Without a connection an act is refused, and the key that connects is named if it has an effect.")
    func refusedOffline() {
        var state = self.state()
        #expect(state.type("o") == [.openScope(in: ScopeID(1), name: nil)])
        _ = state.update(.connection(.reconnecting(in: .seconds(2))))
        #expect(state.type("o").isEmpty)
        #expect(state.notice?.text == "o is refused: reconnecting, next in 2s; R connects now")
        #expect(state.keys.info(.openScope).flatMap { state.obstacle(to: $0) } == "not connected")
        _ = state.update(.connection(.connecting))
        #expect(state.type("o").isEmpty)
        #expect(state.notice?.text == "o is refused: connecting")
    }

    @Test(
        "Findings are suppressed in the dashboard itself, which needs neither a consent nor a connection.",
        arguments: [ConnectionStatus.live(lag: nil), .silent(for: .seconds(4)), .reconnecting(in: .seconds(2))]
    )
    func allowing(_ status: ConnectionStatus) throws {
        var state = self.state(.shop(status))
        let info = try #require(state.keys.info(.allowFinding))
        #expect(state.obstacle(to: info) == nil)
        #expect(state.refusal(of: info) == nil)
        #expect(state.run(info, argument: "leak") == [.allowFinding("leak")])
    }

    @Test("After the end of a process its findings do not change, so none is suppressed.")
    func allowingAfterEnd() throws {
        var state = self.state(.shop(.ended(at: nil, how: "closed")))
        let info = try #require(state.keys.info(.allowFinding))
        #expect(state.obstacle(to: info) == "the process has ended")
        #expect(state.run(info, argument: "leak").isEmpty)
        #expect(state.notice?.text == ":finding.allow is refused: ended, closed")
    }

    @Test("A read-only dashboard in the process of the container refuses to suppress findings.")
    func readOnly() throws {
        var configuration = DashboardState.fixture(.overview).configuration
        configuration.isReadonly = true
        let state = DashboardState(configuration: configuration)
        let info = try #require(state.keys.info(.allowFinding))
        #expect(state.obstacle(to: info) == "read-only")
        #expect(state.refusal(of: info) == ":finding.allow is refused: the dashboard is read-only")
    }
}
