import BareFloors
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// The cost of a frame: an update of a container with a few changes is applied to the state, and the state is drawn onto a canvas.
///
/// In addition to many long-lived resources, twenty scopes are opened and closed before each frame, as in a quarter of a second of a busy
/// program. The floor is a canvas of the same size filled with text.
struct DashboardBenchmarks {
    private static let shelf = 20
    private static let frames = 30

    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        for count in [100, 10_000, 100_000] {
            let container = Container("app")
            for index in 0..<Self.shelf { try container.bind(Plain.self, name: "\(index)") { Plain() } }
            var scopes: [Scope] = []
            for index in 0..<count / Self.shelf {
                let scope = try container.openScope("rack-\(index)")
                scopes.append(scope)
                for shelf in 0..<Self.shelf { _ = try await scope.get(Plain.self, name: "\(shelf)") }
            }
            for view in DashboardView.allCases {
                for size in [Size(width: 120, height: 36), Size(width: 300, height: 80)] {
                    try await self.measure(view, size, count, container, &table)
                }
            }
            for scope in scopes { _ = try await scope.close() }
        }
    }

    private nonisolated(nonsending) func measure(
        _ view: DashboardView,
        _ size: Size,
        _ count: Int,
        _ container: Container,
        _ table: inout Table
    ) async throws {
        let feed = ResourceMonitor(container).feed()
        var state = DashboardState(
            configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: size, view: view)
        )
        _ = state.update(.monitor(feed.next()))
        var (spent, floor, cells) = ([Double](), [Double](), 0)
        for _ in 0..<Self.frames {
            for _ in 0..<20 { try await container.withScope("job") { use(try await $0.get(Plain.self, name: "0")) } }
            let update = feed.next()
            let before = now()
            _ = state.update(.monitor(update))
            let canvas = state.render()
            let between = now()
            cells += canvas.cells.count
            cells += Self.blank(size).cells.count
            let after = now()
            spent.append(Double(between - before))
            floor.append(Double(after - between))
        }
        use(cells == 0 ? nil : container)
        table.add(
            Comparison.Row(
                name: "frame: \(view.rawValue), \(size.width)x\(size.height), \(count) resources",
                nanoseconds: spent.min() ?? 0,
                median: spent.sorted()[spent.count / 2],
                allocations: .nan,
                floor: floor.min(),
                floorName: "a canvas full of text",
                goal: nil
            )
        )
    }

    private static func blank(_ size: Size) -> Canvas {
        var canvas = Canvas(size: size)
        let row = String(repeating: "resmon ", count: size.width / 7 + 1)
        for y in 0..<size.height { canvas.draw(row, x: 0, y: y, style: .plain) }
        return canvas
    }
}
