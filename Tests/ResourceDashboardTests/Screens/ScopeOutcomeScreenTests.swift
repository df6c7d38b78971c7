import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Outcomes of scopes on the screens")
struct ScopeOutcomeScreenTests {
    private static let outcomes: [ScopeOutcome] = [.returned, .threw(type: "MailError", text: "refused by the server"), .canceled]

    /// Returns a state in which the scopes `job-0`, `job-1`, and `job-2` have closed, with these outcomes.
    private static func state(_ view: DashboardView) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view)
        _ = state.update(.input(.resize(Size(width: 200, height: 48))))
        _ = state.update(.monitor(fixture.update()))
        var counts = ScopeOutcomeCounts()
        for (number, outcome) in self.outcomes.enumerated() {
            let scope = fixture.open("job-\(number)")
            _ = state.update(.monitor(fixture.update()))
            fixture.wait(.milliseconds(100))
            var update = fixture.update(closing: scope)
            counts.add(outcome)
            update.totals.outcomes = counts
            update.scopes[update.scopes.count - 1].outcome = outcome
            let kind = ResourceEvent.Kind.scopeClosed(disposed: 1, threw: 0, abandoned: 0, took: .milliseconds(2), outcome: outcome)
            update.events = [ResourceEvent(sequence: update.sequence, time: update.time, scope: scope, kind: kind)]
            _ = state.update(.monitor(update))
        }
        return state
    }

    /// Returns a state of the Scopes view in which `count` scopes have closed. The body of the first one threw.
    private static func state(closing count: Int) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.scopes)
        _ = state.update(.input(.resize(Size(width: 200, height: 48))))
        _ = state.update(.monitor(fixture.update()))
        for number in 0..<count {
            let scope = fixture.open("job-\(number)")
            _ = state.update(.monitor(fixture.update()))
            fixture.wait(.milliseconds(10))
            var update = fixture.update(closing: scope)
            update.scopes[update.scopes.count - 1].outcome = Self.outcomes[number == 0 ? 1 : 0]
            _ = state.update(.monitor(update))
        }
        return state
    }

    private static func lines(_ state: DashboardState) -> [String] {
        TextRenderer.render(state.render()).split(separator: "\n").map(String.init)
    }

    /// The names of the closed scopes that the Scopes view lists with a filter.
    private static func closed(_ filter: String) -> [String] {
        var state = self.state(.scopes)
        _ = state.type("/\(filter)")
        _ = state.press(.enter)
        return self.closed(state)
    }

    /// The names of the closed scopes that the Scopes view lists.
    private static func closed(_ state: DashboardState) -> [String] {
        let rows = state.screens.first(ScopesScreen.self)?.tree.rows.filter(\.isClosed) ?? []
        return rows.compactMap { row in
            if case .scope(let id) = row.id { state.picture.scopeName(id) } else { nil }
        }
    }

    @Test("The Scopes view shows how each closed scope ended, and a scope that threw is not clean.")
    func table() throws {
        let lines = Self.lines(Self.state(.scopes))
        #expect(lines.contains { $0.contains(" OUTCOME ") })
        let returned = try #require(lines.first { $0.contains("× job-0") })
        #expect(returned.contains("clean"))
        #expect(returned.contains(" returned "))
        let threw = try #require(lines.first { $0.contains("× job-1") })
        #expect(!threw.contains("clean"))
        #expect(threw.contains(" threw MailError "))
        let canceled = try #require(lines.first { $0.contains("× job-2") })
        #expect(canceled.contains(" canceled "))
        #expect(lines.contains { $0.contains("3 closed  1 threw") })
    }

    @Test(
        "The field outcome selects scopes by how they ended.",
        arguments: [
            ("outcome:threw", ["job-1"]), ("outcome:returned", ["job-0"]), ("outcome:canceled", ["job-2"]),
            ("outcome:cancelled", ["job-2"]), ("outcome!=returned", ["job-2", "job-1"]), ("MailError", ["job-1"]),
        ]
    )
    func filter(_ filter: String, _ names: [String]) {
        #expect(Self.closed(filter) == names)
    }

    @Test("A filter finds a closed scope that is older than those listed without a filter.")
    func olderThanListed() {
        var state = Self.state(closing: 80)
        #expect(Self.closed(state).count == 50)
        #expect(!Self.closed(state).contains("job-0"))
        _ = state.type("/outcome:threw")
        _ = state.press(.enter)
        #expect(Self.closed(state) == ["job-0"])
    }

    @Test("The pane of a scope shows the error that its body threw.")
    func pane() throws {
        var state = Self.state(.scopes)
        let scope = try #require(state.picture.closedScopes.first { $0.outcome?.kind == .threw })
        state.select(.scope(scope.scope.id))
        let pane = Self.lines(state).map { String($0.dropFirst(136)) }
        #expect(pane.contains { $0.contains("outcome") && $0.contains("threw MailError: refused by the server") })
    }

    @Test("The Overview counts the scopes that threw in its tiles, its groups, and its line of closed scopes, and names the error.")
    func overview() throws {
        let state = Self.state(.overview)
        let group = try #require(state.screens.first(OverviewScreen.self)?.scopes.rows.first { $0.name == "job-*" })
        #expect(group.threw == 1)
        let lines = Self.lines(state)
        #expect(lines.contains { $0.contains("1 scope threw") })
        #expect(lines.contains { $0.contains("THREW") })
        #expect(lines.contains { $0.contains("3 closed, 1 threw; p95 open 100ms") })
        #expect(lines.contains { $0.contains("scope job-1: threw MailError: refused by the server") })
    }

    @Test("The outcome is part of the view as data.")
    func model() throws {
        let scopes = Self.state(.scopes).viewModel().scopes
        let threw = try #require(scopes.first { $0.name == "job-1" })
        #expect(threw.outcome == "threw")
        #expect(threw.error == "MailError: refused by the server")
        let canceled = try #require(scopes.first { $0.name == "job-2" })
        #expect(canceled.outcome == "canceled")
        #expect(canceled.error == nil)
        let root = try #require(scopes.first { $0.name == "app" })
        #expect(root.outcome == nil)
    }

    @Test("The line of a close is a warning only if the body threw, and scopes with the same error form one group.")
    func events() {
        func line(_ number: Int, _ outcome: ScopeOutcome?) -> EventLine {
            let kind = ResourceEvent.Kind.scopeClosed(disposed: 1, threw: 0, abandoned: 0, took: .milliseconds(2), outcome: outcome)
            let time = TimeSource.Instant(nanoseconds: 0)
            let event = ResourceEvent(sequence: UInt64(number), time: time, scope: ScopeID(UInt64(number)), kind: kind)
            return EventLine(event, label: "", scope: "job-\(number)")
        }
        let threw = (1...2).map { line($0, Self.outcomes[1]) }
        #expect(threw[0].level == .warn)
        #expect(threw[0].message == "threw MailError: refused by the server; 1 disposed in 2ms")
        #expect(ErrorGroup.ID(threw[0]) == ErrorGroup.ID(threw[1]))
        #expect(ErrorGroup.ID(threw[0]).subject == "scope job-*")
        #expect(line(3, .canceled).level == .info)
        #expect(line(3, .canceled).message == "canceled; 1 disposed in 2ms")
        #expect(line(4, .returned).message == "1 disposed in 2ms")
        #expect(line(5, nil).message == "1 disposed in 2ms")
    }
}
