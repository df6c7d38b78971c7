import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

private enum Orders {
    struct Config: Sendable {}
}

private enum Billing {
    struct Config: Sendable {}
}

private struct Box<Content: Sendable>: Sendable {}

private func otherLocalType(bindIn container: Container) throws {
    struct Local: Sendable {}
    try container.bind(Local.self) { Local() }
}

private func bindLocalType(in container: Container) throws {
    struct Local: Sendable {}
    try container.bind(Local.self) { Local() }
}

@Suite("Types with the same short name are qualified by the distinguishing part of their path")
struct SameNamesTests {
    private let simulation = Simulation(seed: 1)

    private func container() throws -> Container {
        let container = Container("app", environment: self.simulation.environment)
        try container.bind(Orders.Config.self) { Orders.Config() }
        try container.bind(Billing.Config.self) { Billing.Config() }
        return container
    }

    /// Creates 2 instances of one type and 5 of the other.
    private func use(_ container: Container) throws {
        try self.simulation.run {
            for number in 0..<7 {
                try await container.withScope { scope in
                    if number < 2 { _ = try await scope.get(Orders.Config.self) } else { _ = try await scope.get(Billing.Config.self) }
                }
            }
        }
    }

    @Test("The report and the Prometheus text have a row for each type, and the rows add up to the total.")
    func rows() throws {
        let container = try self.container()
        let monitor = ResourceMonitor(container)
        try self.use(container)
        let report = monitor.report()
        #expect(report.keys.mapValues(\.resourcesCreated) == ["Orders.Config": 2, "Billing.Config": 5])
        #expect(report.keys.values.reduce(0) { $0 + $1.resourcesCreated } == report.overall.resourcesCreated)
        let text = report.prometheusText()
        #expect(text.contains("resmon_resources_created_total{container=\"app\",key=\"Orders.Config\"} 2\n"))
        #expect(text.contains("resmon_resources_created_total{container=\"app\",key=\"Billing.Config\"} 5\n"))
    }

    @Test("A later binding changes the displayed name of an earlier one for every consumer.")
    func laterBinding() throws {
        let container = Container("app", environment: self.simulation.environment)
        try container.bind(Orders.Config.self) { Orders.Config() }
        let monitor = ResourceMonitor(container)
        let feed = monitor.feed()
        var picture = FoldedPicture()
        picture.fold(feed.next())
        #expect(picture.bindings.values.map(\.binding.label) == ["Config"])
        try container.bind(Billing.Config.self) { Billing.Config() }
        picture.fold(feed.next())
        #expect(picture.bindings.values.map(\.binding.label).sorted() == ["Billing.Config", "Orders.Config"])
    }

    @Test("The container's snapshot, graph, and list of resources use the same names as the monitor.")
    func snapshotGraphAndList() throws {
        let container = try self.container()
        let scope = try container.openScope("job")
        try self.simulation.run {
            _ = try await scope.get(Orders.Config.self)
            _ = try await scope.get(Billing.Config.self)
        }
        let names = ["Orders.Config", "Billing.Config"]
        #expect(container.snapshot().bindings.map(\.label) == names)
        #expect(container.graph().nodes.map(\.label) == names)
        #expect(container.resources().map(\.label) == names)
        let update = ResourceMonitor(container).feed().next()
        #expect(update.bindings.map(\.binding.label) == names)
        try self.simulation.run { _ = try await scope.close() }
    }

    @Test("In a generic type only the distinguishing argument is qualified, and a name in parentheses remains.")
    func generic() throws {
        let container = Container("app", environment: self.simulation.environment)
        try container.bind(Box<Orders.Config>.self) { Box<Orders.Config>() }
        try container.bind(Box<Billing.Config>.self, name: "main") { Box<Billing.Config>() }
        try container.bind(Box<Int>.self) { Box<Int>() }
        let labels = container.snapshot().bindings.map(\.label)
        #expect(labels == ["Box<Orders.Config>", "Box<Billing.Config>(main)", "Box<Int>"])
    }

    @Test("Types that are local to functions have no distinct path and get a number that is the same in every run.")
    func local() throws {
        let container = Container("app", environment: self.simulation.environment)
        try bindLocalType(in: container)
        try otherLocalType(bindIn: container)
        #expect(container.snapshot().bindings.map(\.label) == ["Local", "Local~2"])
        #expect(container.snapshot().bindings.allSatisfy { $0.path?.contains("unknown") == false })
    }

    @Test("When a key is bound again, its row and its peak count the instances of both bindings.")
    func rebound() throws {
        let container = Container("app", environment: self.simulation.environment)
        try container.bind(Int.self) { 1 }
        let subscription = container.subscribe()
        var replay = MonitorReplay(subscription.snapshot)
        let monitor = ResourceMonitor(container)
        let scope = try container.openScope("first")
        let second = try container.openScope("second")
        try self.simulation.run { _ = try await scope.get(Int.self) }
        try container.bind(Int.self, override: true) { 2 }
        try self.simulation.run { _ = try await second.get(Int.self) }
        #expect(monitor.report().keys["Int"]?.resourcesCreated == 2)
        #expect(monitor.report().keys["Int"]?.activeResources == 2)
        replay.take(MonitorInput(time: container.environment.time.now, batch: subscription.drain()))
        #expect(replay.peaks.filter { $0.label == "Int" }.map(\.active) == [2])
        try self.simulation.run {
            _ = try await scope.close()
            _ = try await second.close()
        }
    }

    @Test("A monitor that continues from a snapshot after missed events uses the same names for types as before.")
    func afterMissedEvents() throws {
        let container = try self.container()
        let monitor = ResourceMonitor(container)
        try self.simulation.run {
            for _ in 0..<8000 { try await container.withScope { _ = try await $0.get(Orders.Config.self) } }
        }
        let report = monitor.report()
        #expect(report.keys.mapValues(\.resourcesCreated) == ["Orders.Config": 8000, "Billing.Config": 0])
    }
}
