import ResourceContainer
import ResourceDashboard
import ResourceDashboardTesting
import ResourceSimulation
import ResourceTesting
import Testing

@Suite("Scripted dashboard sessions")
struct DashboardSessionTests {
    private static let size = Size(width: 90, height: 20)

    /// A shop with a worker scope that holds its orders, and a session for it.
    private func shop(
        _ environment: ResourceEnvironment,
        moving time: ManualTime? = nil,
        size: Size = Self.size,
        configure: (inout DashboardConfiguration) -> Void = { _ in }
    ) async throws -> (Shop, DashboardSession, Scope) {
        let shop = Shop(environment)
        let session = DashboardSession(shop.container, size: size, moving: time, showsLines: true, configure: configure)
        try shop.bind()
        let worker = try shop.container.openScope("worker", fileID: "Shop/Shop.swift", line: 6)
        _ = try await worker.get(Orders.self)
        return (shop, session, worker)
    }

    /// Uses a filter, another view, a pause, a dialog, and a scope that is opened and closed by hand.
    private static let script = [
        "3 / 'type:Data*' Enter", "wait 1s", "Space wait 2s Space", "2 j*2 O 'by hand' Enter", "a 'Outbox' Enter", "x Tab Enter",
        "wait 2s Esc",
    ]

    private func play(_ session: DashboardSession) async throws {
        for line in Self.script { try await session.play(line) }
    }

    private func simulated(_ seed: UInt64, _ order: Simulation.JobOrder = .random) throws -> [DashboardFrame] {
        try simulate(seed: seed, order: order) { simulation in
            let (_, session, _) = try await self.shop(simulation.environment)
            try await self.play(session)
            return session.frames
        }
    }

    @Test("Each step has a frame, and all frames match one golden file.")
    func golden() throws {
        try simulate(seed: 7) { simulation in
            let (_, session, _) = try await self.shop(simulation.environment)
            try await self.play(session)
            try session.expectFrames(match: .golden("session"))
            try session.expect(matches: .golden("session-end"))
            #expect(session.frames[1].subject == "step 2, /")
            #expect(session.frames[2].subject == "step 3, 'type:Data*'")
            try session.frames[3].expect(matches: .golden("session-filter"))
        }
    }

    @Test("Two runs draw identical bytes in any job order.")
    func repeatable() throws {
        let frames = try self.simulated(7)
        for other in [try self.simulated(7), try self.simulated(8), try self.simulated(7, .firstInFirstOut)] {
            #expect(frames.map(\.text) == other.map(\.text))
            #expect(frames.map { $0.ansi() } == other.map { $0.ansi() })
        }
    }

    @Test("Manual time draws the same frames for a script as a simulation.")
    func manualTime() async throws {
        let time = ManualTime()
        let (_, session, _) = try await self.shop(ResourceEnvironment(time: time.source), moving: time)
        try await self.play(session)
        for (frame, simulated) in zip(session.frames, try self.simulated(7)) {
            #expect(frame.text == simulated.text)
            #expect(frame.subject == simulated.subject)
            #expect(frame.time == simulated.time)
        }
    }

    @Test("Keys act on the container: they open a scope, get a resource in it, and close both.")
    func acting() throws {
        try simulate(seed: 1) { simulation in
            let (shop, session, worker) = try await self.shop(simulation.environment)
            let record = LifecycleRecord(of: shop.container)
            try await session.play("2 j*2 O 'by hand' Enter")
            let opened = try #require(shop.container.snapshot().scopes.first { $0.name == "by hand" })
            #expect(opened.parent == worker.id)
            try await session.play("o a 'Orders' Enter I")
            #expect(shop.container.snapshot().scopes.map(\.name) == ["shop", "worker", "by hand", "manual-2"])
            try await session.play("x y")
            #expect(shop.container.snapshot().scopes.map(\.name) == ["shop", "worker", "by hand"])
            #expect(session.frame.text.contains("closed manual-2"))
            #expect(session.effects.map { "\($0)".prefix { $0 != "(" } } == ["openScope", "openScope", "get", "checkHealth", "closeScope"])
            // Closing the session closes the remaining scope opened by hand.
            try await session.close()
            try record.expectNothingLeaked()
            #expect(shop.container.scope(worker.id) != nil)
        }
    }

    @Test("A slow close continues through the following steps and is shown when it ends.")
    func takesTime() throws {
        try simulate(seed: 1) { simulation in
            let (shop, session, worker) = try await self.shop(simulation.environment)
            _ = try await worker.get(Outbox.self)
            try await session.play("2 j*2 x y")
            #expect(session.frame.text.contains("closing worker …"))
            #expect(shop.container.snapshot().scopes.map(\.name) == ["shop", "worker"])
            try await session.play("wait 1s")
            #expect(!session.frame.text.contains("closed worker"))
            try await session.play("wait 1s")
            #expect(session.frame.text.contains("closed worker"))
            #expect(shop.container.snapshot().scopes.map(\.name) == ["shop"])
        }
    }

    @Test("A paused view is frozen, a step shows the next moment, and resuming shows the latest.")
    func paused() throws {
        try simulate(seed: 1) { simulation in
            let (shop, session, _) = try await self.shop(simulation.environment)
            try await session.play("2 Space")
            let scope = try shop.container.openScope("request")
            try await session.play("wait 10s")
            #expect(session.frame.text.contains("PAUSED  up 0:00"))
            #expect(!session.frame.text.contains(" request "))
            try await session.play(".")
            #expect(session.frame.text.contains("PAUSED  up 0:10"))
            #expect(session.frame.text.contains(" request "))
            try await scope.close()
            try await session.play("wait 1s")
            #expect(session.frame.text.contains("PAUSED  up 0:10"))
            try await session.play("Space")
            #expect(session.frame.text.contains("LIVE 4Hz  up 0:11"))
            #expect(session.model.isPaused == false)
        }
    }

    @Test("Samples taken while the script waits are available for time travel.")
    func timeTravel() throws {
        try simulate(seed: 1) { simulation in
            let (_, session, worker) = try await self.shop(simulation.environment)
            try await session.play("2 wait 15s")
            try await worker.close()
            try await session.play("wait 1s", "<")
            #expect(session.frame.text.contains("PAST -0:10  up 0:06"))
            #expect(session.model.scopes.map(\.state) == ["open", "open"])
            try await session.play("0")
            #expect(session.model.scopes.map(\.state) == ["open", "closed"])
        }
    }

    @Test("Quitting closes the scopes opened by hand, newest first, and ends the session.")
    func quitting() throws {
        try simulate(seed: 1) { simulation in
            let (shop, session, worker) = try await self.shop(simulation.environment)
            let record = LifecycleRecord(of: shop.container)
            try await session.play("2 j*2 o a 'Outbox' Enter o")
            #expect(shop.container.snapshot().scopes.count == 4)
            try await session.play("q")
            #expect(shop.container.snapshot().scopes.count == 4, "quitting asks first")
            try await session.play("y")
            #expect(shop.container.snapshot().scopes.map(\.name) == ["shop", "worker"])
            try record.expectNothingLeaked()
            let error = await #expect(throws: ScriptError.self) { try await session.play("3") }
            #expect(error?.description.hasPrefix("'3' cannot be played: the dashboard has quit") == true)
            #expect(shop.container.scope(worker.id) != nil)
        }
    }

    @Test("With manual time, quitting waits in that time for the scopes to close.")
    func quittingManually() async throws {
        let time = ManualTime()
        let (shop, session, _) = try await self.shop(ResourceEnvironment(time: time.source), moving: time)
        try await session.play("2 j*2 o a 'Outbox' Enter", "q y")
        #expect(shop.container.snapshot().scopes.map(\.name) == ["shop", "worker"])
        #expect(time.now == TimeSource.Instant(nanoseconds: 2_000_000_000))
    }

    @Test("A session writes no files and reports it; it has no control over leases.")
    func refused() throws {
        try simulate(seed: 1) { simulation in
            let (_, session, _) = try await self.shop(simulation.environment)
            try await session.play("w Enter")
            #expect(session.frame.text.contains("a scripted session writes no files"))
            guard case .write(let text, "resmon-overview.txt") = session.effects.last else { throw Unexpected(session.effects) }
            #expect(text.contains(" resmon "))
            try await session.play("Y")
            guard case .copy = session.effects.last else { throw Unexpected(session.effects) }
            try await session.play("r")
            #expect(session.frame.text.contains("a scripted session writes no files"))
            // A session has no lease control unless the test supplies one.
            try await session.play(": 'lease' Enter")
            #expect(session.effects.last.map { "\($0)".hasPrefix("lease") } != true)
        }
    }

    @Test("Keys act through a control that the test supplies.")
    func ownControl() throws {
        try simulate(seed: 1) { simulation in
            let shop = Shop(simulation.environment)
            let control = NotingControl()
            let session = DashboardSession(shop.container, control: control)
            try await session.play("2 o")
            #expect(control.asked.withLock { $0 } == ["open in scope 0"])
            #expect(session.frame.text.contains("no more scopes today"))
            try await session.play("q")
            #expect(control.asked.withLock { $0 } == ["open in scope 0", "release all"])
        }
    }

    @Test("Typing, pasting, clicking, resizing and custom keys reach the dashboard.")
    func input() throws {
        try simulate(seed: 1) { simulation in
            let keys = try KeyMap(changes: ["view.resources": ["C-r"]])
            let (_, session, _) = try await self.shop(simulation.environment) { configuration in
                configuration.keys = keys
                configuration.view = .scopes
            }
            #expect(session.frame.text.contains("▌Scopes 2 open"))
            #expect(session.frames.isEmpty)
            try await session.play("C-r / 'type:' paste 'Orders' Enter")
            #expect(session.model.resources.map(\.type) == ["Orders"])
            try await session.play("resize 60x12")
            #expect(session.frame.canvas.size == Size(width: 60, height: 12))
            try await session.play("resize 90x20", "Esc click 3,1")
            #expect(session.model.view == .overview)
            try await session.play([.key(Key("4")), .wait(.milliseconds(250))])
            #expect(session.model.view == .pools)
            #expect(session.frames.count == 11)
        }
    }
}

private struct Unexpected: Error {
    let effects: [Effect]
    init(_ effects: [Effect]) { self.effects = effects }
}

/// Records the requests and refuses them.
private final class NotingControl: DashboardControl {
    struct Refusal: Error, CustomStringConvertible {
        let description = "no more scopes today"
    }

    let asked = Lock<[String]>([])

    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID {
        self.asked.withLock { $0.append("open in \(parent)") }
        throw Refusal()
    }

    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport { throw Refusal() }
    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID { throw Refusal() }
    func checkHealth(of resource: ResourceID?) async throws -> Int { throw Refusal() }

    func releaseAll() async -> [String] {
        self.asked.withLock { $0.append("release all") }
        return []
    }
}
