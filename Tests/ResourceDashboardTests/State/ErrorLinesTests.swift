import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Error lines")
struct ErrorLinesTests {
    private static let location = CodeLocation(file: "App/App.swift", line: 1)

    /// An event of each kind that may report a failure.
    private static let kinds: [ResourceEvent.Kind] = [
        .initializationFailed("no", took: .zero), .disposeThrew("no", took: .zero, lived: .zero), .abandoned(.dispose, budget: .seconds(1)),
        .errorReported("no"), .leaseTimedOut(waited: .seconds(1), message: "no"), .leaseExhausted, .leaseReentrant,
        .leaseSlow(waited: .seconds(1)),
        .leaseLost(location: location, scope: nil, held: .zero), .leakSuspected(location: location, scope: nil, held: .zero),
        .scopeClosed(disposed: 3, threw: 1, abandoned: 1, took: .zero), .completedLate(.dispose, took: .zero),
        .fellBack(from: "A", reason: "no"),
    ]

    @Test("An event line is an error exactly if the books count one.", arguments: Self.kinds)
    func levels(_ kind: ResourceEvent.Kind) {
        #expect((kind.level == .error) == kind.isError)
    }

    @Test("A failure of resmon itself is a notice and an event line, not an error of the program.")
    func ownFailures() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.events)
        _ = state.update(.monitor(fixture.update()))
        _ = state.update(.finished(.failed(.write("text", to: "/nowhere/x.txt"), "the file cannot be written")))
        #expect(state.notice?.text == "the file cannot be written")
        let line = try #require(state.picture.events.last)
        #expect(line.source == "resmon")
        #expect(line.level == .warn)
        #expect(state.picture.errorGroups().isEmpty)
    }

    @Test("The error list reports how many of all errors it shows if others were missed or dropped.")
    func window() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.events)
        var update = fixture.update()
        update.totals.books.errors = 1_257
        for number in 1...3 as ClosedRange<UInt64> {
            let event = ResourceEvent(
                sequence: number,
                time: update.time,
                scope: .root,
                resource: ResourceID(1),
                kind: .errorReported("no")
            )
            update.events.append(event)
        }
        _ = state.update(.monitor(update))
        _ = state.press(.character("E"))
        let text = TextRenderer.render(state.render())
        #expect(text.contains("Errors 3 of 1,257, stored from the last 0:00, grouped by cause"))
    }

    @Test("An instance whose dispose threw does not look like a clean one.")
    func marks() {
        let resource = ResourceSnapshot(
            id: ResourceID(1),
            binding: BindingID(0),
            scope: .root,
            createdAt: TimeSource.Instant(nanoseconds: 0)
        )
        var row = ResourceRow(resource: resource)
        row.resource.state = .disposed
        #expect(Mark(row).word == "disposed")
        row.disposeThrew = true
        #expect(Mark(row).word == "threw")
        #expect(Mark(row).glyph == .failure)
        #expect(row.stateLabel == "threw")
    }

    @Test("Pools with the same name are shown with their numbers.")
    func poolsWithOneName() {
        var fixture = PictureFixture()
        var update = fixture.update()
        update.trouble(["db", "other"])
        update.pools[1].name = "db"
        var state = DashboardState.fixture(.pools)
        _ = state.update(.monitor(update))
        #expect(state.picture.pools.map { state.picture.name(of: $0) } == ["db#1", "db#2"])
    }
}
