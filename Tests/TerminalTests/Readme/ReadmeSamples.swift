import ResourceAttach
import ResourceContainer
import ResourceDashboardLive
import ResourceMonitoring
import ResourceRecording
import Synchronization

// The code between the markers equals the samples in README.md and docs/*.md. A test compares them.

/// The first sample of the README. Its imports and `@main` are missing here: a test bundle has its own entry point.
enum FirstSample {
    // sample: shop
    final class Database: Resource {
        func initialize() async throws { try await Task.sleep(for: .milliseconds(300)) }  // connect
        func dispose() async throws { try await Task.sleep(for: .milliseconds(100)) }  // disconnect
    }

    final class Orders: Resource {
        private let database: Database

        init(database: Database) { self.database = database }

        func place(_ article: String) async throws { try await Task.sleep(for: .seconds(1)) }
    }

    struct Shop {
        static func main() async throws {
            let container = Container("shop")
            try container.bind(Database.self, lifetime: .singleton, Database.init)
            try container.bind(Orders.self, Orders.init)  // the initializer's parameter is a dependency

            let attach = ResourceAttach(container, acting: .owner)  // `resmon attach shop` shows it
            attach.start()
            defer { attach.stop() }

            for _ in 1...300 {  // five minutes of requests
                try await container.withScope("request") { scope in
                    let orders = try await scope.get(Orders.self)  // the first request creates the database
                    try await orders.place("a kettle")
                }  // orders is disposed here
            }
            let report = try await container.close()  // the database is disposed here
            print("closed \(report.name): \(report.count(.disposed)) disposed")
        }
    }
    // end
}

// sample: journal
final class Journal: Sendable {
    private let entries = Mutex<[String]>([])  // import Synchronization

    var lines: [String] { self.entries.withLock { $0 } }

    func append(_ line: String) { self.entries.withLock { $0.append(line) } }
}
// end

// sample: resources
final class Database: Resource {
    private let journal: Journal

    init(journal: Journal) { self.journal = journal }

    func initialize() async throws { self.journal.append("database opened") }
    func dispose() async throws { self.journal.append("database closed") }
}

final class Orders: Resource {
    private let database: Database
    private let journal: Journal

    init(database: Database, journal: Journal) {
        self.database = database
        self.journal = journal
    }

    func place(_ article: String) async throws { self.journal.append("ordered \(article)") }
    func dispose() async throws { self.journal.append("orders written") }
}
// end

/// The samples of docs/embedding.md.
enum EmbeddingSamples {
    static func makeContainer(journal: Journal) throws -> Container {
        // sample: bindings
        let container = Container("shop")
        try container.bind(Journal.self, instance: journal)
        try container.bind(Database.self, lifetime: .singleton, Database.init)
        try container.bind(Orders.self, Orders.init)
        // end
        return container
    }

    static func run(_ container: Container) async throws -> DisposeReport {
        // sample: scopes
        try await container.withScope("request") { scope in
            let orders = try await scope.get(Orders.self)  // creates and initializes the database once
            try await orders.place("a kettle")
        }  // orders is disposed here
        let report = try await container.close()  // the database is disposed here
        // end
        return report
    }

    static func watch(_ container: Container) async -> String {
        // sample: monitor
        let health = HealthChecker(container)
        let monitor = ResourceMonitor(container, health: health)
        let answers = await health.checkAll()
        for finding in monitor.findings() { print(finding.kind.rawValue, finding.evidence, finding.advice) }
        let text = monitor.report().prometheusText()
        // end
        return "\(answers.count) answers\n" + text
    }

    static func serveWithPast(_ container: Container) -> (attach: ResourceAttach, recording: Task<Void, Never>) {
        // sample: flight
        let flight = FlightRecorder(container, keeping: .seconds(600), atMost: 64 << 20)
        let attach = ResourceAttach(container, flight: flight)
        let recording = Task { await flight.run() }
        // end
        return (attach, recording)
    }

    static func recorder(_ container: Container) throws -> FlightRecorder {
        // sample: saving
        let saving = try FlightSaving(
            directory: "/var/lib/shop/flights",
            findings: ["leak", "pool-starved:Database*"],
            every: .seconds(3_600),
            retain: .seconds(48 * 3_600)
        )
        let flight = FlightRecorder(container, saving: saving, log: { print($0) })
        // end
        return flight
    }

    static func serving<Result>(_ container: Container, _ body: () async throws -> Result) async rethrows -> Result {
        // sample: attach
        let attach = ResourceAttach(container, acting: .owner)  // the default is `.nobody`
        attach.start()
        defer { attach.stop() }
        // end
        return try await body()
    }

    static func show(_ container: Container) async throws {
        // sample: dashboard
        let outcome = try await Dashboard(container).run()
        for line in outcome.summary { print(line) }  // what the user opened or recorded
        // end
    }
}
