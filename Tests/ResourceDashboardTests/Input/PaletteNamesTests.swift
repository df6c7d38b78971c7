import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Names in the palette")
struct PaletteNamesTests {
    /// Scopes req-1 and req-2, opened one second apart, each with a database, and a pool and a finding about the first database.
    private func state(_ view: DashboardView = .overview) -> (PictureFixture, DashboardState) {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view)
        for name in ["req-1", "req-2"] {
            let scope = fixture.open(name)
            _ = fixture.make(0, in: scope)
            fixture.wait(.seconds(1))
        }
        var update = fixture.update()
        update.trouble(["shop-pool"])
        _ = state.update(.monitor(update))
        return (fixture, state)
    }

    @Test("Enter on the name of a scope shows it in its tree.")
    func scope() {
        var (_, state) = self.state()
        _ = state.type(":req-1")
        #expect(state.palette?.selectedName?.destination == .scope(ScopeID(1)))
        #expect(TextRenderer.render(state.render()).contains("scope"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.view == .scopes)
        #expect(state.subject.scope == ScopeID(1))
        #expect(state.overlay == nil)
    }

    @Test("Enter on the name of a resource shows it in the table.")
    func resource() {
        var (_, state) = self.state()
        _ = state.type(":Database#2")
        #expect(state.palette?.selectedName?.destination == .resource(ResourceID(2)))
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.subject.resource == ResourceID(2))
    }

    @Test(
        "Types, pools and findings are found by name.",
        arguments: [
            ("FileStore", .type, .resources), ("shop-pool", .pool, .pools), ("leak shop-pool", .finding, .findings),
        ] as [(String, FoundName.Kind, DashboardView)]
    )
    func others(_ text: String, _ kind: FoundName.Kind, _ view: DashboardView) {
        var (_, state) = self.state()
        _ = state.type(":\(text)")
        #expect(state.palette?.selectedName?.kind == kind)
        _ = state.press(.enter)
        #expect(state.view == view)
    }

    @Test("Names are below the commands, and new items before old ones.")
    func order() {
        var (_, state) = self.state()
        _ = state.type(":req")
        let names = state.palette?.names ?? []
        #expect(names.map(\.name).prefix(2) == ["req-2", "req-1"])
        _ = state.press(.escape)
        _ = state.type(":pool")
        #expect(state.palette?.selectedCommand?.info.command == .pools)
        #expect(state.palette?.names.isEmpty == false)
    }

    @Test("Names are offered for typed letters only, and remembered as commands are.")
    func history() {
        var (_, state) = self.state()
        _ = state.type(":")
        #expect(state.palette?.names.isEmpty == true)
        _ = state.type("req-2")
        _ = state.press(.enter)
        _ = state.type(":")
        _ = state.press(.up)
        #expect(state.palette?.text.text == "req-2")
    }

    @Test("The search is limited, and finds any resource by its number.")
    func limited() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.overview)
        for _ in 0..<6_000 { _ = fixture.make(0) }
        _ = state.update(.monitor(fixture.update()))
        _ = state.type(":Database")
        #expect(state.palette?.names.count == NameSearch.limit)
        _ = state.press(.escape)
        _ = state.type(":#2500")
        #expect(state.palette?.names.first?.destination == .resource(ResourceID(2_500)))
    }

    @Test("A scope of the kept past is dimmed, and going there goes back to the last moment at which it was open.")
    func pastScope() {
        var (fixture, state) = self.state()
        fixture.wait(.seconds(1))
        _ = state.update(.monitor(fixture.update()))
        fixture.wait(.seconds(1))
        let ended = [fixture.dispose(ResourceID(1))]
        _ = state.update(.monitor(fixture.update(ended: ended, closing: ScopeID(1))))
        fixture.wait(.seconds(1))
        _ = state.update(.monitor(fixture.update()))
        _ = state.type(":req-1")
        #expect(state.palette?.selectedName?.endedAt == TimeSource.Instant(nanoseconds: 4_000_000_000))
        #expect(TextRenderer.render(state.render()).contains("ended at 12:00:04"))
        _ = state.press(.enter)
        #expect(state.isPast)
        #expect(state.picture.time == TimeSource.Instant(nanoseconds: 3_000_000_000))
        #expect(state.view == .scopes)
        #expect(state.subject.scope == ScopeID(1))
        #expect(state.notice?.text.contains("req-1 ended at 12:00:04") == true)
    }

    @Test("A scope that lasted for less than an update is shown at the moment after its end.")
    func shortScope() {
        var (fixture, state) = self.state()
        fixture.wait(.seconds(1))
        _ = state.update(.monitor(fixture.update()))
        fixture.wait(.seconds(1))
        let scope = fixture.open("short")
        _ = state.update(.monitor(fixture.update(closing: scope)))
        fixture.wait(.seconds(1))
        _ = state.update(.monitor(fixture.update()))
        _ = state.type(":short")
        _ = state.press(.enter)
        #expect(state.isPast)
        #expect(state.picture.closedScopes.last?.scope.id == scope)
        #expect(state.view == .scopes)
    }

    @Test("In a recording, a seek precedes the selection of an item that has ended.")
    func recording() {
        var fixture = PictureFixture()
        var configuration = DashboardState.fixture(.overview).configuration
        configuration.recordedSpan = fixture.time...(fixture.time + .seconds(60))
        var state = DashboardState(configuration: configuration)
        var picture = Picture()
        let scope = fixture.open("req-1")
        picture.fold(fixture.update())
        let earlier = picture
        fixture.wait(.seconds(2))
        picture.fold(fixture.update(closing: scope))
        _ = state.update(.recorded(picture))
        _ = state.type(":req-1")
        #expect(state.press(.enter) == [.seek(.to(TimeSource.Instant(nanoseconds: 1_999_999_999)))])
        #expect(state.view == .overview)
        _ = state.update(.recorded(earlier))
        #expect(state.view == .scopes)
        #expect(state.subject.scope == scope)
    }
}
