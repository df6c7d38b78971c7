import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Picture")
struct PictureTests {
    @Test("After every update, the rows add up to the figures in the header.", arguments: 1...20 as ClosedRange<UInt64>)
    func rowsAddUp(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        var fixture = PictureFixture()
        var state = DashboardState.fixture()
        for step in 0..<200 {
            var ended: [ResourceRow?] = []
            var closing: ScopeID?
            for _ in 0..<random.next(5) {
                let scope = fixture.openScopes[random.next(fixture.openScopes.count)]
                switch random.next(4) {
                case 0: _ = fixture.open("s", in: scope)
                case 1, 2: _ = fixture.make(random.next(3), in: scope)
                default:
                    if let id = fixture.activeResources.last { ended.append(fixture.dispose(id)) }
                }
            }
            if let leaf = fixture.openScopes.last, leaf != .root, random.next(5) == 0 {
                for id in fixture.activeResources where state.picture.resources[id]?.resource.scope == leaf {
                    ended.append(fixture.dispose(id))
                }
                closing = fixture.holdsResources(leaf) ? nil : leaf
            }
            fixture.wait(.milliseconds(250))
            _ = state.update(.monitor(fixture.update(ended: ended, closing: closing, isReset: step % 40 == 39)))
            let picture = state.picture
            #expect(picture.totals.books.isBalanced)
            #expect(picture.resources.count == picture.totals.books.active)
            #expect(picture.scopes.count == picture.totals.openScopes + 1)
            #expect(picture.resourcesByScope.values.reduce(0) { $0 + $1.count } == picture.resources.count)
            #expect(picture.scopes.values.reduce(0) { $0 + $1.scope.books.active } == picture.totals.books.active)
        }
    }

    @Test("The time since the creation of the container is known after its root scope is closed.")
    func uptime() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture()
        fixture.wait(.seconds(5))
        _ = state.update(.monitor(fixture.update()))
        let uptime = state.picture.uptime
        #expect(uptime >= .seconds(5))
        fixture.wait(.seconds(2))
        _ = state.update(.monitor(fixture.update(closing: .root)))
        #expect(state.picture.uptime == uptime + .seconds(2))
    }

    @Test("Ended resources are kept for one minute.")
    func retention() {
        var fixture = PictureFixture()
        var state = DashboardState.fixture()
        let id = fixture.make(0)
        _ = state.update(.monitor(fixture.update()))
        _ = state.update(.monitor(fixture.update(ended: [fixture.dispose(id)])))
        #expect(state.picture.endedResources.map(\.resource.id) == [id])
        fixture.wait(.seconds(60))
        _ = state.update(.monitor(fixture.update()))
        #expect(state.picture.endedResources.count == 1)
        fixture.wait(.milliseconds(1))
        _ = state.update(.monitor(fixture.update()))
        #expect(state.picture.endedResources.isEmpty)
    }

    @Test("An abandoned resource that ends later stays one row, and another ended resource has its own row.")
    func abandoned() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.resources)
        let ids = [fixture.make(0), fixture.make(1)]
        _ = state.update(.monitor(fixture.update()))
        let disposed = fixture.dispose(ids[0])
        var row = try #require(disposed)
        row.resource.state = .abandoned
        _ = state.update(.monitor(fixture.update(ended: [row])))
        fixture.wait(.seconds(2))
        _ = state.update(.monitor(fixture.update(ended: [fixture.dispose(ids[1])])))
        row.resource.state = .disposed
        _ = state.update(.monitor(fixture.update(ended: [row])))
        #expect(state.picture.endedResources.map(\.resource.id) == ids)
        #expect(state.picture.endedResources.map(\.resource.state) == [.disposed, .disposed])
    }
}

struct SplitMix {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }
}
