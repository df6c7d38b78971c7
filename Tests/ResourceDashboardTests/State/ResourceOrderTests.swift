import DemoScenarios
import Foundation
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import ResourceSimulation
import Testing

@testable import ResourceDashboard

@Suite("Incremental resource order")
struct ResourceOrderTests {
    private func rows(_ state: DashboardState) -> [ResourceID] {
        state.screens.first(ResourcesScreen.self)?.rows.ids ?? []
    }

    @Test(
        "After every update, the order equals a full sort for every column, with and without filters.",
        arguments: ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1" ? [1, 7, 42] : [7] as [UInt64]
    )
    func sameAsSorted(seed: UInt64) async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: seed)
        var state = DashboardState.fixture(.resources)
        for (step, update) in await session.advance(to: .seconds(60)).enumerated() {
            _ = state.update(.monitor(update))
            if step % 12 == 0 { state.sort(.sortNext(by: 1)) }
            if step % 31 == 0 { state.sort(.reverse) }
            if step == 80 { _ = state.type("/type:P*|Cart") }
            if step == 120 { _ = state.type(" err<1") }
            if step == 160 { _ = state.type(" life>100ms") }
            if step == 200 { _ = state.press(.escape) }
            // Without a list of changes, all rows are sorted.
            var resorted = state
            resorted.refreshRows()
            #expect(self.rows(state) == self.rows(resorted), "step \(step) \(state.list?.sortWords ?? "")")
        }
    }

    @Test("Random changes produce the same order as a full sort.", arguments: [1, 2, 3] as [UInt64])
    func randomChanges(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var order = ResourceOrder([], by: SortOrder(.life))
        var entries: [ResourceID: ResourceOrder.Entry] = [:]
        for _ in 0..<300 {
            var changes: [ResourceID: ResourceOrder.Entry?] = [:]
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let id = ResourceID(UInt64.random(in: 1...60, using: &random))
                let entry = ResourceOrder.Entry(number: Double(Int.random(in: 0...9, using: &random)), text: "", id: id)
                changes[id] = .some(Bool.random(using: &random) ? entry : nil)
            }
            let before = Set(entries.keys)
            let fresh = order.apply(changes.map { ($0.key, $0.value) })
            for (id, entry) in changes { entries[id] = entry }
            #expect(Set(fresh) == Set(entries.keys).subtracting(before))
            #expect(order.ids == ResourceOrder(Array(entries.values), by: SortOrder(.life)).ids)
        }
    }

    @Test("A held order keeps rows in position, removes disposed ones, and appends new ones below.")
    func held() async throws {
        let session = try SimulatedSession(CheckoutScenario.self, seed: 5)
        var state = DashboardState.fixture(.resources)
        for update in await session.advance(to: .seconds(10)) { _ = state.update(.monitor(update)) }
        _ = state.type("sz")
        var before = self.rows(state)
        for update in await session.advance(to: .seconds(90)) {
            _ = state.update(.monitor(update))
            let now = self.rows(state)
            let kept = before.filter(Set(now).contains)
            #expect(Array(now.prefix(kept.count)) == kept)
            #expect(Set(now).count == now.count)
            let active = Set(now).intersection(state.picture.resources.keys)
            #expect(active == Set(state.picture.resources.keys))
            before = now
        }
    }
}
