import ResourceContainer
import Testing

@testable import ResourceFleet

@Suite("A simulated fleet")
struct SimulatedFleetTests {
    private static let start = FleetSample.start

    @Test("A fleet has the same figures at the same instant, and others with another seed.")
    func seed() {
        let table = SimulatedFleet(count: 100, seed: 7).table(at: Self.start)
        #expect(table == SimulatedFleet(count: 100, seed: 7).table(at: Self.start))
        #expect(table != SimulatedFleet(count: 100, seed: 8).table(at: Self.start))
        #expect(table.rows.prefix(3).map(\.id) == Array(table.rows.map(\.id).sorted().prefix(3)))
    }

    @Test(
        "Every process has an identity that no other has, and plain figures at any instant.",
        arguments: [0, 1, 1e9, start, start + 86_400, 4e9]
    )
    func figures(time: Double) {
        let table = SimulatedFleet(count: 3000, seed: 7).table(at: time)
        #expect(Set(table.rows.map(\.id)).count == 3000)
        for row in table.rows {
            #expect(row.figures.values.allSatisfy { $0.isFinite && $0 >= 0 })
            #expect((row.figures[.pool] ?? 2) <= 1)
            #expect(row.figures[.alerts].map { Int($0) } ?? 0 == row.alerts.count)
        }
    }

    @Test("Some processes are in trouble, and most are not.")
    func trouble() {
        let table = SimulatedFleet(count: 1000, seed: 7).table(at: Self.start)
        let firing = table.rows.count { !$0.alerts.isEmpty }
        #expect((1...200).contains(firing), "\(firing)")
        #expect(table.rows.count { $0.health == .healthy } > 700)
    }

    @Test("The last figure of a shape is the figure of the table.")
    func shapes() {
        let fleet = SimulatedFleet(count: 50, seed: 7)
        let shapes = fleet.shapes(at: Self.start)
        for row in fleet.table(at: Self.start).rows {
            #expect(shapes[row.id].count == FleetShapes.count)
            #expect(shapes[row.id].last == row.figures[.active])
        }
    }

    @Test("Figures of neighboring instants are close, so that lines of the screen are no noise.")
    func continuity() {
        let fleet = SimulatedFleet(count: 200, seed: 7)
        let shapes = fleet.shapes(at: Self.start)
        for row in fleet.table(at: Self.start).rows {
            let shape = shapes[row.id].compactMap(\.self)
            for (before, after) in zip(shape, shape.dropFirst()) { #expect((before - after).magnitude <= 50 * 3 * 0.25) }
        }
    }
}
