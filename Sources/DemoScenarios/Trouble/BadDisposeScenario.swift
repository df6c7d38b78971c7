import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario in which a dispose often throws: the spool of a report fails to write its file. All other instances are still disposed.
public struct BadDisposeScenario: Scenario {
    /// The scenario's name, `bad-dispose`.
    public static let name = "bad-dispose"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "reports whose spool often throws in dispose: the rest is still disposed, and the close report names the failure"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.disposeThrew]

    private static let workers = 2
    /// One spool in `fails` cannot be written.
    private static let fails = 3

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(PrinterLine.self) { (upstream: any Upstream) in PrinterLine(upstream: upstream) }
        try container.bind(Spool.self, options: BindingOptions(allowsFaults: true)) { (line: PrinterLine) in
            Spool(line: line, fails: world.happens(onceIn: Self.fails))
        }
        try container.bind(Report.self) { (spool: Spool) in Report(spool: spool) }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        try? await container.withScope("report-\(numbers.next())", tag: "report") { scope in
                            try await scope.get(Report.self).write()
                            try await world.pause(.milliseconds(100), .milliseconds(600))
                        }
                        try? await world.turn(.milliseconds(150), .milliseconds(600))
                    }
                }
            }
        }
    }
}

/// The connection to the printer. It is disposed after its dependents, even if one of them throws.
final class PrinterLine: Resource {
    private let upstream: any Upstream
    private let connection = Lock<(any UpstreamConnection)?>(nil)

    init(upstream: any Upstream) {
        self.upstream = upstream
    }

    func initialize() async throws {
        let connection = try await self.upstream.connect()
        self.connection.withLock { $0 = connection }
    }

    func send() async throws {
        try await self.connection.withLock { $0 }?.ask()
    }

    func dispose() async throws {
        try await self.connection.withLock { $0 }?.close()
    }
}

/// A spool that is written only when it is disposed. The mistake of this scenario: a dispose can then fail.
final class Spool: Resource {
    private let line: PrinterLine
    private let fails: Bool

    init(line: PrinterLine, fails: Bool) {
        self.line = line
        self.fails = fails
    }

    func dispose() async throws {
        if self.fails { throw ScenarioFault(description: "the spool could not be written: no space left on device") }
        try await self.line.send()
    }
}

/// A report that uses a spool.
final class Report: SyncResource {
    private let spool: Spool
    private let pages = Lock(0)

    init(spool: Spool) {
        self.spool = spool
    }

    func write() async throws {
        self.pages.withLock { $0 += 1 }
    }
}
