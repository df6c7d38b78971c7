import ResourceContainer
import ResourceMonitoring
import ResourceSimulation

@testable import ResourceFleet

/// The arithmetic of `docs/fleet/scale.md`, from the text that a process exposes and the answers that a server sends.
struct FleetScale {
    /// Series and bytes of an exposition.
    struct Size: Equatable {
        var series: Int
        /// The series that are buckets of histograms.
        var buckets: Int
        var bytes: Int

        static func - (left: Size, right: Size) -> Size {
            Size(series: left.series - right.series, buckets: left.buckets - right.buckets, bytes: left.bytes - right.bytes)
        }

        static func + (left: Size, right: Size) -> Size {
            Size(series: left.series + right.series, buckets: left.buckets + right.buckets, bytes: left.bytes + right.bytes)
        }

        static func * (size: Size, factor: Int) -> Size {
            Size(series: size.series * factor, buckets: size.buckets * factor, bytes: size.bytes * factor)
        }
    }

    /// The process of the tables.
    static let (keys, tags, pools) = (20, 5, 3)
    static let processes = [100, 1_000, 10_000]
    /// Seconds between two scrapes.
    static let interval = 15
    /// The bytes of a sample on disk: the larger figure of Prometheus' documentation (Storage, "1-2 bytes per sample").
    static let sampleBytes = 2

    let fixed: Size
    let key: Size
    let tag: Size
    let pool: Size

    /// Measures expositions of containers with more and less of each. All have a pool, because the health has series once something is checked.
    init() throws {
        let one = try Self.size(keys: 0, tags: 0, pools: 1)
        self.key = try Self.size(keys: 1, tags: 0, pools: 1) - one
        self.tag = try Self.size(keys: 0, tags: 1, pools: 1) - one
        // A pool is a resource with a key, and the series of that key count as those of the pool.
        self.pool = try Self.size(keys: 0, tags: 0, pools: 2) - one
        self.fixed = one - self.pool
    }

    /// The exposition of the process of the tables.
    var process: Size {
        self.fixed + self.key * Self.keys + self.tag * Self.tags + self.pool * Self.pools
    }

    private final class Item: Resource {}

    /// The exposition of a container, in simulated time: measured durations would change its length.
    static func size(keys: Int, tags: Int, pools: Int) throws -> Size {
        let simulation = Simulation(seed: 1)
        let text = try simulation.run { [environment = simulation.environment] in
            let container = Container("shop", environment: environment)
            let monitor = ResourceMonitor(container, health: HealthChecker(container))
            for number in 0..<keys {
                let name = "k\(number)"
                try container.bind(Item.self, name: name, lifetime: .singleton) { Item() }
                _ = try await container.get(Item.self, name: name)
            }
            for number in 0..<pools {
                let name = "p\(number)"
                let configuration = PoolConfiguration(maximum: 2)
                let pool = try ResourcePool(name: name, configuration: configuration, environment: environment, make: { number })
                try container.bind(ResourcePool<Int>.self, name: name, lifetime: .singleton) { pool }
                _ = try await container.get(ResourcePool<Int>.self, name: name).withLease { $0 }
            }
            // Numbers in names are no part of a tag.
            for number in 0..<tags { try await container.withScope(String(repeating: "t", count: number + 1)) { _ in } }
            let text = monitor.report().prometheusText(of: ExportedProcess(pid: 12_345, startTime: 1_750_000_000.25))
            try await container.close()
            return text
        }
        let series = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Size(series: series.count, buckets: series.count { $0.contains("_bucket{") }, bytes: text.utf8.count)
    }

    /// The bytes of the answers to the queries of a table of a simulated fleet, and of those for its shapes.
    static func answers(of count: Int) -> (table: Int, shapes: Int) {
        let fleet = SimulatedFleet(count: count, seed: 7)
        let (table, shapes) = (fleet.table(at: FleetSample.start), fleet.shapes(at: FleetSample.start))
        var bytes = (table: 0, shapes: 0)
        for row in table.rows {
            for (column, figure) in row.figures {
                let extra = column == .health ? #","status":"\#(row.health?.rawValue ?? "")""# : ""
                bytes.table += series(row.id.instance, row.id.container, "\(figure)", extra: extra).utf8.count + 1
            }
            bytes.table += series(row.id.instance, row.id.container, "1", extra: #","pid":"4711""#).utf8.count + 1
            let points = shapes[row.id].map { #"[1767268800,"\#($0 ?? 0)"]"# }.joined(separator: ",")
            bytes.shapes += series(row.id.instance, row.id.container, "").utf8.count + points.utf8.count
        }
        return bytes
    }
}
