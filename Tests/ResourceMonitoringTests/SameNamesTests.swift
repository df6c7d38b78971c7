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

@Suite("Types of one short name are told apart by as much of their path as makes the difference")
struct SameNamesTests {
    private let simulation = Simulation(seed: 1)

    private func container() throws -> Container {
        let container = Container(name: "app", environment: self.simulation.environment)
        try container.bind(Orders.Config.self) { Orders.Config() }
        try container.bind(Billing.Config.self) { Billing.Config() }
        return container
    }

    /// Makes 2 instances of the one type and 5 of the other.
    private func use(_ container: Container) throws {
        try self.simulation.run {
            for number in 0..<7 {
                try await container.withScope { scope in
                    if number < 2 { _ = try await scope.get(Orders.Config.self) } else { _ = try await scope.get(Billing.Config.self) }
                }
            }
        }
    }

    @Test("The report and the text for Prometheus have a row for each type, and the rows add up to the whole.")
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

    @Test("A binding that comes later changes the name of the earlier one for everybody who watches.")
    func later() throws {
        let container = Container(name: "app", environment: self.simulation.environment)
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

    @Test("The container's snapshot, its graph and its list of resources use the same names as the monitor.")
    func everywhere() throws {
        let container = try self.container()
        let scope = try container.openScope(named: "job")
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

    @Test("In a generic type only the argument that differs is qualified, and a name in parentheses stays.")
    func generic() throws {
        let container = Container(name: "app", environment: self.simulation.environment)
        try container.bind(Box<Orders.Config>.self) { Box<Orders.Config>() }
        try container.bind(Box<Billing.Config>.self, name: "main") { Box<Billing.Config>() }
        try container.bind(Box<Int>.self) { Box<Int>() }
        let labels = container.snapshot().bindings.map(\.label)
        #expect(labels == ["Box<Orders.Config>", "Box<Billing.Config>(main)", "Box<Int>"])
    }

    @Test("Types that are local to functions have no path of their own and get a number, the same in every run.")
    func local() throws {
        let container = Container(name: "app", environment: self.simulation.environment)
        try bindLocalType(in: container)
        try otherLocalType(bindIn: container)
        #expect(container.snapshot().bindings.map(\.label) == ["Local", "Local~2"])
        #expect(container.snapshot().bindings.allSatisfy { $0.path?.contains("unknown") == false })
    }

    @Test("Where a key is bound anew, the row has the instances of both bindings, and its peak counts both.")
    func rebound() throws {
        let container = Container(name: "app", environment: self.simulation.environment)
        try container.bind(Int.self) { 1 }
        let subscription = container.subscribe()
        var replay = MonitorReplay(subscription.snapshot)
        let monitor = ResourceMonitor(container)
        let scope = try container.openScope(named: "first")
        let second = try container.openScope(named: "second")
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

    @Test("A monitor that goes on from a picture after missed events names types as before.")
    func gap() throws {
        let container = try self.container()
        let monitor = ResourceMonitor(container)
        try self.simulation.run {
            for _ in 0..<8000 { try await container.withScope { _ = try await $0.get(Orders.Config.self) } }
        }
        let report = monitor.report()
        #expect(report.keys.mapValues(\.resourcesCreated) == ["Orders.Config": 8000, "Billing.Config": 0])
    }
}
