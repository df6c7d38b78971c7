import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Resources screen")
struct ResourcesScreenTests {
    /// Returns a state with resources of three types in the scope `req-1`, ten seconds after their creation. The first has an error.
    private static func state(_ size: Size = Size(width: 120, height: 36), count: Int = 3) -> (PictureFixture, DashboardState, ScopeID) {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.resources)
        let scope = fixture.open("req-1")
        for index in 0..<count { _ = fixture.make(index % 3, in: scope) }
        fixture.wait(.seconds(10))
        var update = fixture.update()
        update.resources[0].errors = 1
        update.resources[0].lastError = "the connection was refused"
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(size)))
        return (fixture, state, scope)
    }

    private static func text(_ state: DashboardState) -> String {
        TextRenderer.render(state.render())
    }

    private static func lines(_ state: DashboardState) -> [String] {
        self.text(state).split(separator: "\n").map(String.init)
    }

    private static func screen(_ state: DashboardState) throws -> ResourcesScreen {
        try #require(state.screens.first(ResourcesScreen.self))
    }

    /// Returns the cells of a resource's row, by the titles of their columns.
    private static func cells(_ resource: ResourceID, _ state: DashboardState) throws -> [String: TableCell] {
        let row = try #require(state.picture.row(of: resource))
        let cells = ResourceTable.cells(row, state.context, .braille)
        return Dictionary(zip(ResourceTable.columns.map(\.title), cells), uniquingKeysWith: { first, _ in first })
    }

    private static func role(_ cell: TableCell?) -> Role? {
        if case .spans(let spans)? = cell { spans.first?.role } else { nil }
    }

    // MARK: Table

    @Test("At 80 columns, the number, the type, the errors and the health are complete.")
    func narrow() throws {
        let (_, state, _) = Self.state(Size(width: 80, height: 24))
        let header = try #require(Self.lines(state).first { $0.contains("TYPE") })
        for title in ["ID", "SCOPE", "STATE", "ERRORS", "HEALTH"] { #expect(header.contains(title), "\(title)") }
        let row = try #require(Self.lines(state).first { $0.contains("#3 ") })
        for text in ["FileStore ", "req-1 ", "● ready ", " · not asked "] { #expect(row.contains(text), "\(text)") }
    }

    @Test("At 200 columns, the table fills the width, with the source location and the last minute of each resource.")
    func wide() throws {
        let (_, state, _) = Self.state(Size(width: 200, height: 60))
        let header = try #require(Self.lines(state).first { $0.contains("TYPE") })
        #expect(header.contains("BOUND AT"))
        #expect(header.contains("SHAPE"))
        let row = try #require(Self.lines(state).first { $0.contains("#3 ") })
        #expect(row.contains("Main.swift:7"))
        #expect(row.hasSuffix("══ │"))
        #expect(!Self.text(Self.state().1).contains("SHAPE"))
    }

    @Test("SHAPE shows the states of a resource, and the leases of a pool.")
    func shape() async throws {
        let session = try SimulatedSession(ExhaustionScenario.self, seed: 7)
        var state = DashboardState.fixture(.resources)
        for update in await session.advance(to: .seconds(30)) { _ = state.update(.monitor(update)) }
        let pool = try #require(state.picture.pools.first?.resource)
        let leases = try #require(try Self.cells(pool, state)["SHAPE"]?.text)
        #expect(!leases.isEmpty)
        #expect(leases.allSatisfy { $0.isNumber || $0 == " " })
        let pools = Set(state.picture.pools.compactMap(\.resource))
        let other = try #require(Set(state.picture.resources.keys).subtracting(pools).min())
        #expect(try Self.cells(other, state)["SHAPE"]?.text.contains("ready") == true)
    }

    @Test("Zeros are dim, and errors have the color of a warning.")
    func colors() throws {
        let (_, state, _) = Self.state()
        let (first, second) = (try Self.cells(ResourceID(1), state), try Self.cells(ResourceID(2), state))
        #expect(Self.role(second["USES"]) == .textDim)
        #expect(Self.role(second["ERRORS"]) == .textDim)
        #expect(Self.role(first["ERRORS"]) == .healthDegraded)
        #expect(first["ID"]?.text == "! #1")
        #expect(second["ID"]?.text == "  #2")
    }

    @Test("LIFE, INIT and IDLE each have one format.")
    func durations() throws {
        let (_, state, _) = Self.state()
        let cells = try Self.cells(ResourceID(1), state)
        #expect(cells["LIFE"]?.text == "10.0s")
        #expect(cells["INIT"]?.text == "–")
        #expect(cells["IDLE"]?.text == "–")
    }

    // MARK: Ended resources

    @Test("Ended resources are dim, below the live ones in every order, and no command acts on them.")
    func ended() throws {
        var (fixture, state, _) = Self.state()
        let gone = fixture.dispose(ResourceID(1))
        _ = state.update(.monitor(fixture.update(ended: [gone])))
        for _ in ResourceColumn.allCases {
            #expect(try Self.screen(state).rows.ids.last == ResourceID(1))
            _ = state.type("s")
        }
        #expect(Self.role(try Self.cells(ResourceID(1), state)["TYPE"]) == .textDim)
        #expect(Self.text(state).contains("Resources 2 live + 1 ended"))
        state.select(.resource(ResourceID(1)))
        #expect(state.subject.scope == nil)
        for key in ["i", "f", "x", "o", "a"] { #expect(state.type(key).isEmpty, "\(key)") }
        #expect(state.overlay == nil)
        _ = state.type("c")
        #expect(try Self.screen(state).rows.ids == [ResourceID(2), ResourceID(3)])
    }

    // MARK: Peek

    @Test("Peek shows the first resource until the user selects one; p hides and shows it.")
    func peek() {
        var (_, state, _) = Self.state()
        #expect(Self.text(state).contains("Peek Database#1"))
        #expect(Self.text(state).contains("the connection was refused"))
        _ = state.type("j")
        #expect(Self.text(state).contains("Peek Cache#2"))
        _ = state.type("p")
        #expect(!Self.text(state).contains("Peek"))
        _ = state.press(.tab)
        #expect(state.screen.focusTitle == "Resources")
        _ = state.type("p")
        #expect(Self.text(state).contains("Peek Cache#2"))
        _ = state.press(.tab)
        #expect(state.screen.focusTitle == "Peek")
        _ = state.press(.tab)
        #expect(state.screen.focusTitle == "Resources")
        _ = state.press(.tab, .shift)
        #expect(state.screen.focusTitle == "Peek")
    }

    @Test("At 80x24, Peek shows the duration of the initialization and the lifetime uncut.")
    func smallPeek() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.resources)
        _ = fixture.make(0)
        fixture.wait(.seconds(40))
        var update = fixture.update()
        update.resources[0].initializeTook = .milliseconds(102)
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(Size(width: 80, height: 24))))
        let life = try #require(Self.lines(state).first { $0.hasPrefix("│ life ") })
        #expect(life.contains("ready after 102ms   lived 40.0s "))
    }

    // MARK: Moving

    @Test("The wheel scrolls the rows and leaves the selection; a click on a header sorts by its column, and again reverses.")
    func mouse() throws {
        var (_, state, _) = Self.state(count: 100)
        for _ in 0..<3 { _ = state.update(.input(.mouse(Mouse(.wheelDown, x: 5, y: 8)))) }
        #expect(try Self.screen(state).rows.top == 9)
        #expect(state.subject.resource == ResourceID(1))
        let y = try #require(Self.lines(state).firstIndex { $0.contains("TYPE") })
        let range = try #require(Self.lines(state)[y].firstRange(of: "LIFE"))
        let x = DisplayText.width(of: Self.lines(state)[y][..<range.lowerBound])
        _ = state.update(.input(.mouse(Mouse(.press, x: x, y: y))))
        #expect(state.list?.sorting?.column == ResourceColumn.life.rawValue)
        #expect(state.list?.sorting?.isDescending == true)
        _ = state.update(.input(.mouse(Mouse(.press, x: x, y: y))))
        #expect(state.list?.sorting?.isDescending == false)
    }

    @Test("Going to a binding shows its resources only, and going to a resource clears a filter that hides it.")
    func destinations() throws {
        var (_, state, _) = Self.state(count: 6)
        _ = state.type("1")
        state.go(to: .binding(BindingID(1)))
        #expect(state.view == .resources)
        #expect(state.list?.filter.fault == nil)
        #expect(try Self.screen(state).rows.ids == [ResourceID(2), ResourceID(5)])
        #expect(state.subject.resource == ResourceID(2))
        state.go(to: .resource(ResourceID(5)))
        #expect(try Self.screen(state).rows.count == 2)
        state.go(to: .resource(ResourceID(6)))
        #expect(state.list?.filter.isEmpty == true)
        #expect(state.subject.resource == ResourceID(6))
        #expect(state.list?.selectedIndex == 5)
    }

    @Test("A resource that is selected before it is part of the picture is selected once it is.")
    func selectedEarly() {
        var (fixture, state, scope) = Self.state()
        state.select(.resource(ResourceID(4)))
        #expect(state.list?.selectedIndex == nil)
        _ = fixture.make(0, in: scope)
        _ = state.update(.monitor(fixture.update()))
        #expect(state.list?.selectedIndex == 3)
    }

    @Test("The rows of a new container replace those of the previous one, and the detail closes.")
    func reset() throws {
        var (_, state, _) = Self.state(count: 9)
        _ = state.type("G")
        _ = state.press(.enter)
        #expect(try Self.screen(state).isOpen)
        var other = PictureFixture(types: ["Ledger"])
        other.wait(.seconds(1))
        let resource = other.make(0)
        other.wait(.seconds(1))
        _ = state.update(.monitor(other.update()))
        #expect(try !Self.screen(state).isOpen)
        #expect(try Self.screen(state).rows.ids == [resource])
    }
}
