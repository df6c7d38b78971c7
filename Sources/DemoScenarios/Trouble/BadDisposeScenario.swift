import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// Reports whose spool file now and then cannot be written out at the end: dispose throws, and everything else is disposed all the same.
public struct BadDisposeScenario: Scenario {
    public static let name = "bad-dispose"
    public static let summary =
        "reports whose spool often throws in dispose: what comes after it is disposed all the same, and the close report says so"
    public static let findings: Set<Finding.Kind> = [.disposeThrew]

    private static let workers = 2
    /// One spool in so many cannot be written out.
    private static let fails = 3

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind((any Upstream).self, lifetime: .singleton) { try world.upstream() }
        try container.bind(PrinterLine.self) { (upstream: any Upstream) in PrinterLine(upstream: upstream) }
        try container.bind(Spool.self, options: BindingOptions(allowsFaults: true)) { (line: PrinterLine) in
            Spool(line: line, fails: world.happens(onceIn: Self.fails))
        }
        try container.bind(Report.self) { (spool: Spool) in Report(spool: spool) }
    }

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

/// The connection to where reports are printed: disposed last, also when what used it threw.
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

/// Gathers what is to be printed, and writes it out when it is disposed: the mistake this scenario is about is that this can fail.
final class Spool: Resource {
    private let line: PrinterLine
    private let fails: Bool

    init(line: PrinterLine, fails: Bool) {
        self.line = line
        self.fails = fails
    }

    func dispose() async throws {
        if self.fails { throw Mishap(description: "the spool could not be written out: no space left on device") }
        try await self.line.send()
    }
}

/// What somebody wants to read.
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
