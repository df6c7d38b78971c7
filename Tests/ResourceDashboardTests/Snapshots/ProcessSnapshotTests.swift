import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardTesting
import ResourceMonitoring
import ResourceRecording
import ResourceScenarios
import Testing

/// Draws the view of the processes: `checkout` at 12 s with seed 7 is the first, and the others are made up.
@Suite("Golden files of attached processes")
struct ProcessSnapshotTests {
    private static let updates = Task {
        await (try SimulatedSession(CheckoutScenario.self, seed: 7)).advance(to: .seconds(12))
    }

    private static let shop = ProcessRow(
        id: ProcessID("4711"),
        pid: 4711,
        name: "checkout",
        host: "web1",
        uptime: .seconds(12),
        status: .live(lag: .milliseconds(2)),
        scopes: 9,
        active: 37,
        pool: PoolUse(name: "db", used: 18, limit: 20),
        waiting: 6,
        findings: 5,
        worstFinding: .high,
        health: .degraded,
        mayAct: true,
        depth: .seconds(12),
        attention: [
            AttentionLine(severity: .high, text: "db: 6 acquisitions wait, the longest for 1.84s"),
            AttentionLine(severity: .medium, text: "SessionCache: 3 of 4 instances were never used"),
        ]
    )
    private static let mail = ProcessRow(
        id: ProcessID("4823"),
        pid: 4823,
        name: "mail",
        host: "web1",
        uptime: .seconds(4_521),
        status: .live(lag: nil),
        scopes: 2,
        active: 4,
        waiting: 0,
        findings: 1,
        worstFinding: .medium,
        health: .healthy,
        depth: .seconds(600),
        attention: [AttentionLine(severity: .medium, text: "Smtp: its dispose took 4.2s, and the budget is 5s")]
    )
    private static let search = ProcessRow(
        id: ProcessID("912-2"),
        pid: 912,
        name: "search",
        host: "web2",
        status: .reconnecting(in: .seconds(2))
    )
    private static let ended = ProcessRow(
        id: ProcessID("4600"),
        pid: 4600,
        name: "checkout",
        host: "web1",
        status: .ended(at: TimeSource.Instant(nanoseconds: 9_000_000_000), how: "without goodbye"),
        depth: .seconds(9)
    )

    private func state(_ size: Size, of shop: ProcessRow, in view: DashboardView) async throws -> DashboardState {
        var state = DashboardState(
            configuration: DashboardConfiguration(
                origin: "attached",
                clock: WallClock(originNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000),
                size: size,
                view: view,
                processes: [shop, Self.mail, Self.search, Self.ended],
                process: shop.id,
                reach: .seconds(600)
            )
        )
        for update in try await Self.updates.value { _ = state.update(.monitor(update)) }
        return state
    }

    private func expect(_ state: DashboardState, _ name: String, filePath: String = #filePath) throws {
        let text = TextRenderer.render(state.render())
        for row in text.split(separator: "\n") { #expect(DisplayText.width(of: row) == state.size.width) }
        let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden")
        try GoldenFile(path: folder.appendingPathComponent("\(name)-\(state.size.width)x\(state.size.height).txt").path).expect(text)
    }

    @Test("The view of the processes matches its golden file at each size.", arguments: ViewSnapshotTests.sizes)
    func processes(size: Size) async throws {
        try self.expect(try await self.state(size, of: Self.shop, in: .processes), "processes")
    }

    @Test("The list to pick a process from matches its golden file at each size.", arguments: ViewSnapshotTests.sizes)
    func picker(size: Size) async throws {
        var state = try await self.state(size, of: Self.shop, in: .overview)
        _ = state.update(.input(.key(Key("P"))))
        try self.expect(state, "process-pick")
    }

    @Test("A process whose connection was lost matches its golden file at each size.", arguments: ViewSnapshotTests.sizes)
    func reconnecting(size: Size) async throws {
        var shop = Self.shop
        shop.status = .reconnecting(in: .seconds(2))
        try self.expect(try await self.state(size, of: shop, in: .overview), "process-reconnecting")
    }

    @Test("A process that has ended matches its golden file at each size.", arguments: ViewSnapshotTests.sizes)
    func ended(size: Size) async throws {
        var shop = Self.shop
        shop.status = Self.ended.status
        shop.successor = ProcessID("4901")
        try self.expect(try await self.state(size, of: shop, in: .scopes), "process-ended")
    }
}
