import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Graph")
struct GraphScreenTests {
    private static let types = ["Database", "Cache", "Service", "Handler", "Report"]

    /// Returns a state with two roots: the database, and a cache. The service needs both, the handler the service, the report the database.
    private func state(_ size: Size = Size(width: 120, height: 36), _ change: (inout MonitorUpdate) -> Void = { _ in }) -> DashboardState {
        var fixture = PictureFixture(types: Self.types)
        var state = DashboardState.fixture(.graph)
        let (database, cache) = (fixture.make(0), fixture.make(1))
        let service = fixture.make(2, needing: [database, cache])
        _ = fixture.make(3, needing: [service])
        _ = fixture.make(4, needing: [database])
        var update = fixture.update()
        change(&update)
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(size)))
        return state
    }

    private func rows(_ state: DashboardState) -> [GraphRow] {
        state.screens.first(GraphScreen.self)?.rows.rows ?? []
    }

    private func ids(_ state: DashboardState) -> [UInt64] {
        self.rows(state).map(\.id.resource.rawValue)
    }

    /// Returns the labels with their lines, from the top to the bottom.
    private func labels(_ state: DashboardState) -> [String] {
        state.lines.filter { $0.contains("#") && $0.contains("● ready") }.map { row in
            String(row.dropFirst(2).prefix { $0 != "●" }).trimmingEnd
        }
    }

    @Test("Dependents are below each dependency with lines, and each subtree is shown once.")
    func tree() {
        let state = self.state()
        #expect(self.ids(state) == [1, 3, 4, 5, 2, 3])
        #expect(self.rows(state).map(\.depth) == [0, 1, 2, 1, 0, 1])
        #expect(self.rows(state).map(\.isRepeated) == [false, false, false, false, false, true])
        #expect(
            self.labels(state) == [
                "Database#1", "├─ Service#3", "│  ╰─ Handler#4", "╰─ Report#5", "Cache#2", "╰─ Service#3 (again)",
            ]
        )
    }

    @Test("A resource without dependents that is shown twice is marked.")
    func repeatedLeaf() {
        var fixture = PictureFixture()
        let (first, second) = (fixture.make(0), fixture.make(1))
        _ = fixture.make(2, needing: [first, second])
        var state = DashboardState.fixture(.graph)
        _ = state.update(.monitor(fixture.update()))
        #expect(self.labels(state) == ["Database#1", "╰─ FileStore#3", "Cache#2", "╰─ FileStore#3 (again)"])
    }

    @Test("Dependents of unhealthy resources are marked, with the cause in a column that is omitted without a cause.")
    func causes() {
        #expect(!self.state().lines.contains { $0.contains("BECAUSE OF") })
        let state = self.state { $0.trouble(["Database", "Cache", "Service"]) }
        #expect(state.lines.contains { $0.contains("1 affected by unhealthy resources") })
        #expect(state.lines.contains { $0.contains("BECAUSE OF") })
        #expect(state.lines.contains { $0.contains("Database#1") && $0.contains("Cache#2") })
    }

    @Test("Roots with trouble in their tree are first, the worst at the top.")
    func trouble() {
        var fixture = PictureFixture(types: Self.types)
        var state = DashboardState.fixture(.graph)
        for binding in 0..<4 { _ = fixture.make(binding) }
        _ = fixture.make(4, needing: [ResourceID(4)])
        var update = fixture.update()
        update.trouble(["Database", "Cache", "Service", "Handler", "Report"])
        let statuses: [HealthStatus] = [.healthy, .degraded, .healthy, .healthy, .unhealthy]
        for (index, status) in statuses.enumerated() {
            update.health?.rows[index].affectedBy = []
            update.health?.rows[index].status = status
        }
        _ = state.update(.monitor(update))
        #expect(self.ids(state) == [4, 5, 2, 1, 3])
    }

    @Test("A resource folds and unfolds, and otherwise the selection moves in the tree.")
    func folding() {
        var state = self.state()
        _ = state.type("g")
        _ = state.type("h")
        #expect(self.ids(state) == [1, 2, 3, 4])
        #expect(self.labels(state)[0] == "Database#1 ▸ 2 dependents")
        _ = state.type("l")
        #expect(self.ids(state) == [1, 3, 4, 5, 2, 3])
        _ = state.type("l")
        #expect(state.subject.resource == ResourceID(3))
        _ = state.type("lh")
        #expect(state.subject.resource == ResourceID(3))
        _ = state.type("Gl")
        #expect(state.list?.selectedIndex == 1)
    }

    @Test("Each row of a repeated resource can be selected, and Enter opens the resource.")
    func selection() {
        var state = self.state()
        _ = state.type("G")
        let selected = state.screens.first(GraphScreen.self)?.rows.selectedID
        #expect(selected == GraphRow.ID(resource: ResourceID(3), parent: ResourceID(2)))
        #expect(state.subject.resource == ResourceID(3))
        _ = state.press(.enter)
        #expect(state.view == .resources)
        #expect(state.subject.resource == ResourceID(3))
    }

    @Test("A filter shows matching rows below their nearest matching ancestor, also of folded resources.")
    func filter() {
        var state = self.state()
        _ = state.type("gh/database|handler")
        #expect(self.labels(state) == ["Database#1", "╰─ Handler#4"])
        #expect(state.lines[2].contains("2 of 6"))
        _ = state.press(.enter)
        _ = state.press(.escape)
        #expect(self.ids(state) == [1, 2, 3, 4])
        _ = state.type("/type:rep")
        #expect(self.labels(state) == ["Report#5"])
        _ = state.press(.escape)
        _ = state.type("/err>0")
        #expect(state.list?.filter.fault?.reason == "no field \"err\"; fields: type name scope state health id")
    }

    @Test("From 160 columns the layers are beside the tree, and a click in them selects a resource.")
    func layers() throws {
        #expect(!self.state().lines.contains { $0.contains("Layers") })
        var state = self.state(Size(width: 200, height: 40))
        let title = try #require(state.lines.first { $0.contains("Layers") })
        let found = try #require(title.firstRange(of: "Layers"))
        let start = title[..<found.lowerBound].count
        /// Returns the cell at which a label begins in the layers.
        func place(_ label: String) throws -> (x: Int, y: Int) {
            let places = state.lines.enumerated().compactMap { y, line -> (x: Int, y: Int)? in
                let right = line.dropFirst(start)
                return right.firstRange(of: label).map { (x: start + right[..<$0.lowerBound].count, y: y) }
            }
            return try #require(places.first)
        }
        let (database, cache) = (try place("Database#1"), try place("Cache#2"))
        let (service, handler, report) = (try place("Service#3"), try place("Handler#4"), try place("Report#5"))
        #expect(database.x == cache.x)
        #expect(database.x < service.x)
        #expect(service.x == report.x)
        #expect(service.x < handler.x)
        _ = state.update(.input(.mouse(Mouse(.press, x: handler.x, y: handler.y))))
        #expect(state.subject.resource == ResourceID(4))
    }

    @Test("On a tall screen, the facts of the selected resource are below the tree.", arguments: [120, 200])
    func peek(_ width: Int) {
        #expect(!self.state(Size(width: width, height: 36)).lines.contains { $0.contains("Peek") })
        var state = self.state(Size(width: width, height: 48))
        #expect(state.lines.contains { $0.contains("Peek Database#1") })
        _ = state.type("j")
        #expect(state.lines.contains { $0.contains("Peek Service#3") })
        _ = state.press(.tab, .shift)
        #expect(state.screen.focusTitle == "Peek")
        #expect(state.lines.contains { $0.contains("╰─ Service#3 (again)") })
        var empty = DashboardState.fixture(.graph)
        _ = empty.update(.input(.resize(Size(width: width, height: 48))))
        #expect(!empty.lines.contains { $0.contains("Peek") })
    }

    @Test("A focused pane of layers is drawn alone on a narrow screen.")
    func narrow() {
        var state = self.state(Size(width: 80, height: 24))
        _ = state.press(.tab)
        #expect(state.screen.focusTitle == "Layers")
        #expect(state.lines.contains { $0.contains("Layers") })
        #expect(state.lines.contains { $0.contains("Handler#4") })
    }

    @Test("In any graph, the lines lead from each resource to its dependents and to no other resource.", arguments: 0..<40)
    func lines(seed: Int) throws {
        var fixture = PictureFixture(types: Self.types)
        var picture = Picture()
        var expected: [ResourceID: Set<ResourceID>] = [:]
        var made: [ResourceID] = []
        for number in 0..<18 {
            let needs = made.enumerated().filter { offset, _ in
                (number * 7 + offset * 13 + seed * 5 + offset * number) % (5 + seed % 4) == 0
            }.map(\.element)
            let id = fixture.make(number % 5, needing: needs)
            for need in needs { expected[need, default: []].insert(id) }
            made.append(id)
        }
        picture.fold(fixture.update())
        let layers = try #require(GraphLayers(made, in: picture))
        #expect(layers.places.count == made.count)
        let trace = GraphTrace(layers)
        for place in layers.places {
            #expect(trace.targets(of: place) == expected[place.resource] ?? [], "\(place.label)")
            for target in layers.places where expected[place.resource]?.contains(target.resource) ?? false {
                #expect(place.x < target.x)
            }
        }
    }

    @Test("Resources that depend on each other in a circle, and too many resources, have no layers.")
    func noLayers() {
        var fixture = PictureFixture(types: Self.types)
        var picture = Picture()
        let first = fixture.make(0, needing: [ResourceID(2)])
        let second = fixture.make(1, needing: [first])
        let many = (0...GraphLayers.limit).map { _ in fixture.make(2) }
        picture.fold(fixture.update())
        #expect(GraphLayers([first, second], in: picture) == nil)
        #expect(GraphLayers(many, in: picture) == nil)
        #expect(GraphLayers([], in: picture) == nil)
    }

    @Test("A chain of a thousand dependencies draws at any size.")
    func deep() {
        var fixture = PictureFixture(types: Self.types)
        var state = DashboardState.fixture(.graph)
        var last = fixture.make(0)
        for _ in 0..<1_000 { last = fixture.make(1, needing: [last]) }
        _ = state.update(.monitor(fixture.update()))
        _ = state.type("G")
        for width in [40, 59, 80, 159, 160, 200, 300] {
            _ = state.update(.input(.resize(Size(width: width, height: 24))))
            #expect(state.lines.contains { $0.contains("Cache#1001") }, "\(width) columns")
        }
    }
}

/// The lines of a layout, followed as a reader follows them: to the right until the own vertical line, and from it to the right again.
private struct GraphTrace {
    private struct Point: Hashable {
        var x: Int
        var y: Int
    }

    private var cells: [Point: Glyph] = [:]
    private var starts: [Point: ResourceID] = [:]

    init(_ layers: GraphLayers) {
        for line in layers.lines { self.cells[Point(x: line.x, y: line.y)] = line.glyph }
        for place in layers.places { self.starts[Point(x: place.x, y: place.y)] = place.resource }
    }

    func targets(of place: GraphLayers.Place) -> Set<ResourceID> {
        self.follow(Point(x: place.x + place.width + 1, y: place.y))
    }

    private func follow(_ start: Point) -> Set<ResourceID> {
        var point = start
        while let glyph = self.cells[point] {
            if [.topRight, .bottomRight, .teeLeft].contains(glyph) { return self.branch(point) }
            point.x += 1
        }
        // A blank is before each label.
        point.x += 1
        return self.starts[point].map { [$0] } ?? []
    }

    private func branch(_ corner: Point) -> Set<ResourceID> {
        var found: Set<ResourceID> = []
        for step in [-1, 1] {
            var point = corner
            let onward: [Glyph] = step < 0 ? [.bottomRight, .teeLeft] : [.topRight, .teeLeft]
            guard let first = self.cells[corner], onward.contains(first) else { continue }
            var continues = true
            while continues {
                point.y += step
                guard let glyph = self.cells[point] else { break }
                if [.teeRight, .topLeft, .bottomLeft].contains(glyph) { found.formUnion(self.follow(Point(x: point.x + 1, y: point.y))) }
                continues = [.teeRight, .vertical].contains(glyph)
            }
        }
        return found
    }
}

extension String {
    /// The text without the blanks at its end.
    fileprivate var trimmingEnd: String {
        String(self.reversed().drop { $0 == " " }.reversed())
    }
}
