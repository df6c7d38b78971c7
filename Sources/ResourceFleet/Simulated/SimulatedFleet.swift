import ResourceContainer

/// A fleet whose figures are computed from a seed. Pure: a process has the same figures at the same instant on every machine.
///
/// It shows columns, sorting, and cost with more processes than are available. Every process has one pool, and its load rises and falls. At any
/// time some processes are in trouble: starved pools, leaks, failing health checks.
package struct SimulatedFleet: FleetSource {
    private let count: Int
    private let seed: UInt64

    /// The names of the containers.
    private static let services = ["shop", "cart", "mail", "search", "billing", "media", "auth", "report"]
    /// The number of processes on a host.
    private static let processesPerHost = 20
    /// The time between two values of the noise, in seconds: the scrape interval of a usual configuration.
    private static let interval = 15.0

    /// Creates a fleet of `count` processes.
    package init(count: Int, seed: UInt64) {
        self.count = count
        self.seed = seed
    }

    package var label: String { "simulated, seed \(self.seed)" }

    package func table(at time: Double) -> FleetTable {
        let rows = (0..<self.count).map { SimulatedProcess($0, seed: self.seed).row(at: time) }
        return FleetTable(time: time, rows: rows.sorted { $0.id < $1.id }, newest: (time / Self.interval).rounded(.down) * Self.interval)
    }

    package func shapes(at time: Double) -> FleetShapes {
        var shapes = FleetShapes()
        let start = time - Double(FleetColumn.shapeSeconds)
        for index in 0..<self.count {
            let process = SimulatedProcess(index, seed: self.seed)
            shapes[process.key] = (0..<FleetShapes.count).map { process.active(at: start + Double($0) * FleetShapes.step) }
        }
        return shapes
    }

    /// A process of a simulated fleet. Its constants follow from its index and the seed, and its figures from them and the instant.
    private struct SimulatedProcess {
        private let seed: UInt64
        let key: FleetKey
        /// The items of its pool.
        private let limit: Double
        /// The mean use of the pool, from 0 to 1, and how far it rises and falls.
        private let mean, swing: Double
        /// The period of the load, in seconds, and its start in it.
        private let period, phase: Double
        /// The time between two restarts, in seconds.
        private let life: Double
        /// Whether it leaks leases, and whether its health check fails.
        private let leaks, isIll: Bool

        init(_ index: Int, seed: UInt64) {
            let own = SimulatedFleet.mixed(seed ^ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
            self.seed = own
            func part(_ number: UInt64) -> Double { SimulatedFleet.part(own, number) }
            let service = SimulatedFleet.services[Int(part(1) * Double(SimulatedFleet.services.count))]
            let host = index / SimulatedFleet.processesPerHost + 1
            self.key = FleetKey(job: "resmon", instance: "web\(host):\(4000 + index % SimulatedFleet.processesPerHost)", container: service)
            self.limit = Double(10 + 10 * Int(part(2) * 4))
            self.mean = 0.2 + 0.6 * part(3)
            self.swing = 0.1 + 0.3 * part(4)
            self.period = 300 + 1500 * part(5)
            self.phase = part(6)
            self.life = 3600 + 100_000 * part(7)
            self.leaks = part(8) < 0.02
            self.isIll = part(9) < 0.01
        }

        /// The demand for items of the pool at an instant, relative to its limit.
        private func demand(at time: Double) -> Double {
            let turn = (time / self.period + self.phase).truncatingRemainder(dividingBy: 1)
            // A triangle from -1 to 1. The sine of the C library differs between machines.
            let wave = 1 - 4 * (turn - 0.5).magnitude
            let noise = SimulatedFleet.part(self.seed, UInt64(bitPattern: Int64(time / SimulatedFleet.interval)) &+ 100) - 0.5
            return max(0, self.mean + self.swing * wave + 0.1 * noise)
        }

        func active(at time: Double) -> Double {
            (self.demand(at: time) * self.limit * 3).rounded()
        }

        func row(at time: Double) -> FleetRow {
            let demand = self.demand(at: time)
            let up = (time + self.life * self.phase).truncatingRemainder(dividingBy: self.life)
            let waiting = (max(0, demand - 1) * self.limit * 4).rounded()
            let leaked = self.leaks ? (up / 7200).rounded(.down) : 0
            var figures: [FleetColumn: Double] = [
                .up: up, .scopes: (demand * self.limit).rounded(), .active: self.active(at: time), .created: demand * self.limit * 8,
                .errors: self.isIll ? 6 : 0, .pool: min(1, (demand * self.limit).rounded() / self.limit), .waiting: waiting,
                .p99: waiting > 0 ? 0.2 + waiting / self.limit : 0.002 + 0.02 * demand, .leaks: leaked,
                .findings: (leaked > 0 ? 1 : 0) + (waiting > 0 ? 1 : 0) + (self.isIll ? 1 : 0), .health: 1,
            ]
            var alerts: [FiringAlert] = []
            if leaked > 0 { alerts.append(self.alert("ResmonLeaseLeaked", "warning", "\(Int(leaked)) leases of pool db have leaked")) }
            if waiting > 0 { alerts.append(self.alert("ResmonPoolStarved", "critical", "pool db is empty and \(Int(waiting)) wait")) }
            if self.isIll { alerts.append(self.alert("ResmonUnhealthy", "critical", "the health check fails")) }
            if !alerts.isEmpty { figures[.alerts] = Double(alerts.count) }
            let health: HealthStatus = self.isIll ? .unhealthy : waiting > 0 ? .degraded : .healthy
            return FleetRow(self.key, figures: figures, health: health, alerts: alerts)
        }

        private func alert(_ name: String, _ severity: String, _ summary: String) -> FiringAlert {
            FiringAlert(
                name: name,
                severity: severity,
                subject: "db",
                summary: summary,
                attach: "resmon attach ssh://\(self.key.host) \(self.key.container)"
            )
        }
    }

    /// A number from 0 to 1 that follows from a seed and a number: the output function of SplitMix64.
    private static func part(_ seed: UInt64, _ number: UInt64) -> Double {
        Double(self.mixed(seed &+ number &* 0x9E37_79B9_7F4A_7C15) >> 11) / Double(UInt64(1) << 53)
    }

    private static func mixed(_ seed: UInt64) -> UInt64 {
        var value = (seed ^ (seed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
