import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Source locations in columns")
struct PlaceColumnTests {
    private func screen(_ size: Size) -> String {
        let location = CodeLocation(file: "App/VeryLongNameOfAnExhaustionScenario.swift", line: 71)
        var fixture = PictureFixture()
        var state = DashboardState(configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: size, view: .pools))
        let scope = fixture.open("req-1")
        let id = fixture.make(0, in: scope)
        var update = fixture.update()
        var pool = PoolSample(resource: id, name: "files", maximum: 4)
        (pool.made, pool.leased, pool.waiting) = (2, 1, 1)
        pool.holders = [PoolSample.Holder(slot: 0, scope: scope, location: location, since: fixture.time)]
        pool.waiters = [PoolSample.Waiter(scope: nil, location: location, since: fixture.time, deadline: fixture.time + .seconds(1))]
        update.pools = [pool]
        _ = state.update(.monitor(update))
        return TextRenderer.render(state.render())
    }

    @Test(
        "Holders and waiters show the line number of their source location at every size.",
        arguments: [Size(width: 200, height: 60), Size(width: 120, height: 36), Size(width: 100, height: 24), Size(width: 80, height: 24)]
    )
    func pools(_ size: Size) {
        let lines = self.screen(size).split(separator: "\n").filter { $0.contains(":71") }
        #expect(lines.count == 1)
        #expect(lines.first?.components(of: ":71") == 2)
    }

    @Test("A shortened source location loses only its beginning, at every width.", arguments: 3...44)
    func clipped(_ width: Int) {
        let text = Format.location(CodeLocation(file: "App/VeryLongNameOfAnExhaustionScenario.swift", line: 71), width: width)
        #expect(DisplayText.width(of: text) <= width)
        #expect((width < 4 || text.hasSuffix(":71")))
    }
}

extension Substring {
    /// Returns the number of occurrences of `text`.
    fileprivate func components(of text: String) -> Int {
        self.ranges(of: text).count
    }
}
