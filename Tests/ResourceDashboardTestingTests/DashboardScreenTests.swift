import ResourceContainer
import ResourceDashboard
import ResourceDashboardTesting
import ResourceMonitoring
import ResourceSimulation
import ResourceTesting
import Testing

@Suite("Dashboard screen golden files")
struct DashboardScreenTests {
    private static let size = Size(width: 100, height: 30)

    /// Returns the frames of every view of the shop after a simulated run.
    private func simulated(
        order: Simulation.JobOrder = .random,
        configure: @escaping @Sendable (inout DashboardConfiguration) -> Void = { _ in }
    ) throws -> [DashboardFrame] {
        try simulate(seed: 7, order: order) { simulation in
            let shop = Shop(simulation.environment)
            let screen = DashboardScreen(shop.container, size: Self.size, showsLines: true, configure: configure)
            try shop.bind()
            try await shop.run(wait: { try await screen.wait(for: $0) }, check: { await screen.checkHealth() })
            return DashboardView.allCases.map { screen.frame($0) }
        }
    }

    @Test("A pool, a nested scope and an unhealthy database match the golden file of each view.", arguments: DashboardView.allCases)
    func golden(_ view: DashboardView) throws {
        try simulate(seed: 7) { simulation in
            let shop = Shop(simulation.environment)
            let screen = DashboardScreen(shop.container, size: Self.size, showsLines: true)
            try shop.bind()
            try await shop.run(wait: { try await screen.wait(for: $0) }, check: { await screen.checkHealth() })
            try screen.expect(view, matches: .golden("shop-\(view.rawValue)"))
        }
    }

    @Test("Two runs draw identical bytes in any job order; machine measurements are drawn as a dash.")
    func repeatable() throws {
        let (first, second, third) = (try self.simulated(), try self.simulated(), try self.simulated(order: .firstInFirstOut))
        for (frame, others) in zip(first, zip(second, third)) {
            #expect(frame.text == others.0.text)
            #expect(frame.text == others.1.text)
            #expect(frame.ansi() == others.0.ansi())
            #expect(frame.svg == others.0.svg)
            #expect(frame.text.contains("  self –  "))
        }
    }

    @Test("Manual time draws the same frames as a simulation.")
    func manualTime() async throws {
        let time = ManualTime()
        let shop = Shop(ResourceEnvironment(time: time.source))
        let screen = DashboardScreen(shop.container, size: Self.size, moving: time, showsLines: true)
        try shop.bind()
        try await shop.run(wait: { try await screen.wait(for: $0) }, check: { await screen.checkHealth() })
        for (view, simulated) in zip(DashboardView.allCases, try self.simulated()) { #expect(screen.frame(view).text == simulated.text) }
    }

    @Test("The screen equals that of a simulation sampled from outside at every point of the grid.")
    func sameAsHeadless() async throws {
        let simulation = Simulation(seed: 7)
        let shop = Shop(simulation.environment)
        let health = HealthChecker(shop.container)
        let feed = ResourceMonitor(shop.container, health: health).feed()
        try shop.bind()
        simulation.spawn {
            try? await shop.run(wait: { try await simulation.environment.time.sleep(for: $0) }, check: { _ = await health.checkAll() })
        }
        var configuration = DashboardConfiguration(
            origin: "test",
            clock: WallClock(originNanoseconds: 1_767_268_800_000_000_000),
            size: Self.size,
            theme: .mono,
            isPaused: true
        )
        var updates: [MonitorUpdate] = []
        for _ in 0..<16 {
            simulation.run(for: .milliseconds(250))
            updates.append(feed.next())
        }
        for (view, frame) in zip(DashboardView.allCases, try self.simulated(order: .firstInFirstOut)) {
            configuration.view = view
            var state = DashboardState(configuration: configuration)
            for update in updates { _ = state.update(.monitor(update)) }
            #expect(frame.text == TextRenderer.render(state.render()))
        }
    }

    @Test("A screen samples on its grid even if the test waits by other means.")
    func ownWaiting() throws {
        let frames = try simulate(seed: 7) { simulation in
            let shop = Shop(simulation.environment)
            let screen = DashboardScreen(shop.container, size: Self.size, showsLines: true)
            try shop.bind()
            try await shop.run(
                wait: { try await simulation.environment.time.sleep(for: $0) },
                check: { await screen.checkHealth() }
            )
            try await screen.wait(for: .zero)
            return DashboardView.allCases.map { screen.frame($0) }
        }
        for (frame, other) in zip(frames, try self.simulated()) { #expect(frame.text == other.text) }
    }

    @Test("A stalled test is reported as stalled even while a screen is sampling.")
    func stalled() {
        let stalled = #expect(throws: Simulation.Stalled.self) {
            try simulate(seed: 1) { simulation in
                let container = Container(environment: simulation.environment)
                let screen = DashboardScreen(container)
                _ = try container.openScope("job")
                await Promise<Void>().waitThroughCancellation()
                _ = screen.frame(.overview)
            }
        }
        #expect(stalled.map { $0.time.nanoseconds <= 600_250_000_000 } == true)
    }

    @Test("Sampling resumes on the first activity after a long idle period.")
    func afterIdle() throws {
        try simulate(seed: 1) { simulation in
            let container = Container(environment: simulation.environment)
            let screen = DashboardScreen(container)
            try await simulation.environment.time.sleep(for: .seconds(2_000))
            let scope = try container.openScope("late")
            #expect(screen.frame(.scopes).text.contains(" late "))
            try await simulation.environment.time.sleep(for: .seconds(3))
            try await scope.close()
            try await simulation.environment.time.sleep(for: .seconds(1))
            let points = screen.monitor.history().points.suffix(5).map(\.openScopes)
            #expect(points == [0, 1, 1, 1, 0])
        }
    }

    @Test("A released screen leaves no deadline in the simulation.")
    func dropped() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        var screen: DashboardScreen? = DashboardScreen(container)
        #expect(screen != nil)
        #expect(simulation.time.earliestDeadline != nil)
        screen = nil
        #expect(simulation.time.earliestDeadline == nil)
    }

    @Test("A screen on the system clock is drawn in the time of that run.")
    func systemClock() async throws {
        let container = Container()
        let screen = DashboardScreen(container)
        let session = DashboardSession(container)
        try await session.play("2 o", "wait 1ms")
        try await screen.wait(for: .milliseconds(1))
        #expect(screen.frame(.scopes).text.contains(" manual-1 "))
        #expect(session.frame.text.contains(" manual-1 "))
        #expect(screen.model(.scopes).time.hasPrefix("12:0"))
        try await session.close()
        try await container.close()
    }

    @Test("The golden file's extension selects text, ANSI or SVG.")
    func renditions() throws {
        let overview = try #require(try self.simulated { $0.theme = .defaultDark }.first)
        #expect(overview.text(for: .golden("a")) == overview.text)
        #expect(overview.text(for: .golden("a.txt")) == overview.text)
        let ansi = overview.text(for: .golden("a.ansi"))
        #expect(ansi == overview.ansi(depth: .direct))
        #expect(ansi.contains("\u{1B}[0;38;2;"))
        #expect(overview.ansi(depth: .monochrome).contains("\u{1B}[0m"))
        #expect(!overview.ansi(depth: .monochrome).contains("38;2;"))
        let svg = overview.text(for: .golden("a.SVG"))
        #expect(svg.hasPrefix("<?xml"))
        #expect(svg.contains("<title>resmon: the view overview</title>"))
        try self.simulated()[0].expect(matches: .golden("shop-overview.ansi"))
    }

    @Test("A view is available as data, and a screen in another size, theme and clock.")
    func data() throws {
        try simulate(seed: 7) { simulation in
            try await simulation.environment.time.sleep(for: .seconds(100))
            let shop = Shop(simulation.environment)
            let screen = DashboardScreen(shop.container, size: Size(width: 60, height: 12)) { configuration in
                configuration.glyphs = .ascii
                configuration.theme = .defaultLight
                configuration.origin = "branch"
            }
            try shop.bind()
            try await shop.container.withScope("request") { scope in
                _ = try await scope.get(Orders.self)
                #expect(screen.model(.resources).resources.map(\.type) == ["Orders", "Database"])
                #expect(screen.model(.scopes).scopes.map(\.name) == ["shop", "request"])
                #expect(screen.model(.pools).time == "12:00:00", "the clock begins with the container, not with the simulation")
                let frame = screen.frame(.resources)
                #expect(frame.text.utf8.allSatisfy { $0 < 0x80 })
                #expect(frame.canvas.size == Size(width: 60, height: 12))
                #expect(screen.model(.resources).origin == "branch")
                #expect(frame.theme == .defaultLight)
            }
        }
    }

    @Test("By default no view changes when code moves; line numbers are shown on request.", arguments: DashboardView.allCases)
    func withoutLines(_ view: DashboardView) throws {
        func frame(moved: UInt, showsLines: Bool = false) throws -> DashboardFrame {
            try simulate(seed: 1) { simulation in
                let container = Container(environment: simulation.environment, fileID: "Shop/Shop.swift", line: 1 + moved)
                let size = Size(width: 160, height: 40)
                let screen =
                    showsLines ? DashboardScreen(container, size: size, showsLines: true) : DashboardScreen(container, size: size)
                let environment = simulation.environment
                try container.bind(ResourcePool<Int>.self, lifetime: .singleton, fileID: "Shop/Shop.swift", line: 2 + moved) {
                    try ResourcePool(
                        name: "tickets",
                        configuration: PoolConfiguration(maximum: 1, slowThreshold: .seconds(1), leakThreshold: .seconds(2)),
                        environment: environment,
                        make: { 1 }
                    )
                }
                let pool = try await container.get(ResourcePool<Int>.self)
                let scope = try container.openScope("request", fileID: "Shop/Shop.swift", line: 3 + moved)
                let line = moved == 0 ? 4 : 104 as UInt
                let lease = try await pool.acquire(fileID: "Shop/Shop.swift", line: line).detach()
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await pool.acquire(budget: .seconds(9), fileID: "Shop/Shop.swift", line: line + 1).detach() }
                    group.addTask { try? await screen.wait(for: .seconds(4)) }
                    await group.next()
                    group.cancelAll()
                }
                try await scope.close()
                try await screen.wait()
                let frame = screen.frame(view)
                try pool.release(lease.handle)
                return frame
            }
        }
        let (before, after) = (try frame(moved: 0), try frame(moved: 100))
        #expect(before.text == after.text)
        let shown = (try frame(moved: 0, showsLines: true).text, try frame(moved: 100, showsLines: true).text)
        // Views without source locations are equal in any case.
        #expect((shown.0 == shown.1) == !before.text.contains("Shop.swift:0"))
        #expect(before.text.contains("Shop.swift:0") == [.overview, .scopes, .resources, .pools, .events, .findings].contains(view))
    }

    @Test(
        "Two pools of a type with a long name are distinct in the lists, because the name is not cut.",
        arguments: [DashboardView.scopes, .resources]
    )
    func namedPools(_ view: DashboardView) throws {
        let text = try simulate(seed: 1) { simulation in
            let container = Container("mail", environment: simulation.environment)
            let screen = DashboardScreen(container, size: Size(width: 90, height: 24))
            let environment = simulation.environment
            for name in ["transactional", "marketing"] {
                try container.bind(ResourcePool<ConnectionToTheMailServerOfTheCompany>.self, name: name, lifetime: .singleton) {
                    try ResourcePool(name: name, configuration: PoolConfiguration(maximum: 1), environment: environment, make: { .init() })
                }
                _ = try await container.get(ResourcePool<ConnectionToTheMailServerOfTheCompany>.self, name: name)
            }
            try await screen.wait()
            let text = screen.frame(view).text
            try await container.close()
            return text
        }
        #expect(text.contains("(transactional)"))
        #expect(text.contains("(marketing)"))
    }
}

private struct ConnectionToTheMailServerOfTheCompany: Sendable {}
