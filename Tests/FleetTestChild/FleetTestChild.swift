import Foundation
import ResourceAttach
import ResourceContainer
import ResourceMonitoring

/// A process that serves a container with every kind of figure, for tests with a real Prometheus.
///
/// `FleetTestChild FOLDER` serves the container `shop` in the folder: four workers share the two items of the pool `db`, so that some always
/// wait, one request of ten fails, and an item of the pool `archive` is never released. When the file `FOLDER/rest` exists, the load ends,
/// and the process writes its own report to `FOLDER/PID.json` every second. It runs until it is killed.
@main
enum FleetTestChild {
    static func main() async throws {
        guard let folder = CommandLine.arguments.dropFirst().first else { exit(64) }
        let shop = try Shop()
        let attach = ResourceAttach(
            shop.container,
            health: shop.health,
            monitor: shop.monitor,
            options: AttachOptions(directory: folder)
        )
        attach.start()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await shop.health.run() }
            group.addTask { await shop.monitor.run() }
            group.addTask {
                await shop.work { FileManager.default.fileExists(atPath: "\(folder)/rest") }
                while true {
                    // Findings and samples of the last moments.
                    try await Task.sleep(for: .seconds(1))
                    let bytes = try JSONEncoder().encode(shop.monitor.report())
                    try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(getpid()).json"), options: .atomic)
                }
            }
            try await group.waitForAll()
        }
    }
}

/// The container and its load.
private struct Shop: Sendable {
    struct Connection: Sendable, Pingable {
        func ping() async throws {}
    }

    final class Order: Resource {}

    struct Trouble: Error {}

    let container: Container
    let health: HealthChecker
    let monitor: ResourceMonitor
    private let orders: ResourcePool<Connection>
    private let archive: ResourcePool<Connection>

    init() throws {
        var environment = ResourceEnvironment.system
        // Spans of a tracer would be the usual source.
        environment.traceID = { TraceID("trace-\(getpid())") }
        self.container = Container("shop", environment: environment)
        self.health = HealthChecker(self.container)
        self.monitor = ResourceMonitor(self.container, health: self.health)
        let (orders, archive) = (
            try ResourcePool(name: "db", configuration: PoolConfiguration(maximum: 2), environment: environment, make: { Connection() }),
            try ResourcePool(
                name: "archive",
                configuration: PoolConfiguration(maximum: 1, slowThreshold: .milliseconds(500), leakThreshold: .milliseconds(500)),
                environment: environment,
                make: { Connection() }
            )
        )
        (self.orders, self.archive) = (orders, archive)
        try self.container.bind(ResourcePool<Connection>.self, name: "orders", lifetime: .singleton) { orders }
        try self.container.bind(ResourcePool<Connection>.self, name: "archive", lifetime: .singleton) { archive }
        try self.container.bind(Order.self) { Order() }
        try self.container.bind(Int.self) { () throws -> Int in throw Trouble() }
    }

    /// Works until `isOver` returns true.
    func work(until isOver: @escaping @Sendable () -> Bool) async {
        for name in ["orders", "archive"] { _ = try? await self.container.get(ResourcePool<Connection>.self, name: name) }
        // Never released.
        let leaked = try? await self.archive.acquire()
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    var number = worker
                    while !isOver() {
                        number += 4
                        await self.request(fails: number.isMultiple(of: 10))
                    }
                }
            }
        }
        _ = leaked?.detach()
    }

    private func request(fails: Bool) async {
        try? await self.container.withScope("request", tag: "request") { scope in
            _ = try await scope.get(Order.self)
            try await self.orders.withLease { _ in try await Task.sleep(for: .milliseconds(20)) }
            if fails { _ = try await scope.get(Int.self) }
        }
    }
}
