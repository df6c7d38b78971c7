import ResourceContainer
import ResourceDashboardLive
import ResourceMonitoring

// What stands between the markers stands in README.md, and a test compares the two.

/// Where the samples leave what they did, for the test that runs them.
final class SampleLog: Sendable {
    private let entries = Lock<[String]>([])

    var lines: [String] { self.entries.withLock { $0 } }

    func append(_ line: String) { self.entries.withLock { $0.append(line) } }
}

// sample: resources
final class Database: Resource {
    private let log: SampleLog

    init(log: SampleLog) { self.log = log }

    func initialize() async throws { self.log.append("database opened") }
    func dispose() async throws { self.log.append("database closed") }
}

final class Orders: Resource {
    private let database: Database
    private let log: SampleLog

    init(database: Database, log: SampleLog) {
        self.database = database
        self.log = log
    }

    func place(_ article: String) async throws { self.log.append("ordered \(article)") }
    func dispose() async throws { self.log.append("orders written") }
}
// end

enum ReadmeSamples {
    static func makeContainer(log: SampleLog) throws -> Container {
        // sample: bindings
        let container = Container(name: "shop")
        try container.bind(SampleLog.self, instance: log)
        try container.bind(Database.self, lifetime: .singleton, Database.init)
        try container.bind(Orders.self, Orders.init)
        // end
        return container
    }

    static func run(_ container: Container) async throws -> DisposeReport {
        // sample: scopes
        try await container.withScope("request") { scope in
            let orders = try await scope.get(Orders.self)  // opens the database, once
            try await orders.place("a kettle")
        }  // the orders are disposed here
        let report = try await container.close()  // and the database here
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

    static func show(_ container: Container) async throws {
        // sample: dashboard
        let outcome = try await Dashboard(container).run()
        for line in outcome.summary { print(line) }  // scopes you opened by hand and left open are closed
        // end
    }
}
