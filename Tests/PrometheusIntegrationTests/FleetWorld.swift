import Foundation
import LocalSockets
import LoopbackServers
import ResourceAttachClient
import ResourceContainer
import ResourceExport
import ResourceFleet
import ResourceMonitoring
import Testing

/// Two processes with a container named `shop`, a program in Python, an exporter, and a Prometheus that finds and scrapes all three. All tests of
/// the suite share it.
struct FleetWorld: Sendable {
    @TaskLocal private static var provided: FleetWorld?

    let folder: TemporaryDirectory
    let children: [ServerProcess]
    let foreign: ServerProcess
    let exporter: ExportServer
    let prometheus: PrometheusServer

    static var current: FleetWorld {
        get throws { try #require(Self.provided) }
    }

    struct Provider: SuiteTrait, TestScoping {
        @concurrent func provideScope(
            for test: Test,
            testCase: Test.Case?,
            performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            let world = try await FleetWorld.started()
            do {
                try await FleetWorld.$provided.withValue(world) { try await function() }
            } catch {
                await world.exporter.stop()
                throw error
            }
            await world.exporter.stop()
        }
    }

    private static func started() async throws -> FleetWorld {
        let folder = try TemporaryDirectory()
        let children = try (0..<2).map { number in
            try ServerProcess(Self.programs.path + "/FleetTestChild", [folder.path], output: "\(folder.path)/output-\(number)")
        }
        let foreign = try ServerProcess(
            "python3",
            ["\(Self.tests)/foreign_shop.py", "\(Self.tests)/../../Examples/python", folder.path],
            output: "\(folder.path)/output-foreign"
        )
        let discovery = ProcessDiscovery(environment: SocketEnvironment(socketDirectory: folder.path))
        let exporter = try ExportServer(ListenAddress(host: "127.0.0.1", port: 0), discovery: discovery)
        try exporter.start()
        let prometheus = try await PrometheusServer(configuration: Self.configuration(exporter.address), rules: Self.quickRules)
        return FleetWorld(folder: folder, children: children, foreign: foreign, exporter: exporter, prometheus: prometheus)
    }

    /// The folder of this file.
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

    /// The folder of the programs that are built together with the tests.
    static var programs: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// The configuration of the documentation, with a shorter interval.
    private static func configuration(_ address: ListenAddress) -> String {
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: resmon
            honor_labels: true
            http_sd_configs: [{url: "http://\(address)/targets", refresh_interval: 1s}]
          - job_name: resmon-export
            static_configs: [{targets: ["\(address)"]}]

        """
    }

    /// The rules with times that a test can wait for.
    private static var quickRules: String {
        FleetRules.text.replacing("interval: 15s", with: "interval: 1s")
            .replacing(/\ for: [0-9]+m/) { _ in " for: 1s" }
    }

    /// Repeats `read` until it returns a value.
    func eventually<Value>(within limit: Duration = .seconds(40), _ read: () throws -> Value?) async throws -> Value {
        var value: Value?
        _ = try await LoopbackServers.eventually(within: limit, every: .milliseconds(200)) {
            value = try read()
            return value != nil
        }
        return try #require(value, "Prometheus: \(self.prometheus.printed)")
    }

    /// A process in the output of `resmon fleet --once --json`.
    struct PrintedProcess: Decodable {
        var instance, container: String
        var scopes, active, waiting, leaks, findings, pool, p99, created: Double?
        var health: HealthStatus?

        var pid: Int32? { self.instance.split(separator: ":").last.flatMap { Int32($0) } }
    }

    /// The output of `resmon fleet --once --json`, repeated until `isExpected` returns true for it.
    func printedFleet(where isExpected: ([PrintedProcess]) -> Bool) async throws -> [PrintedProcess] {
        struct Document: Decodable { var processes: [PrintedProcess] }
        let file = "\(self.folder.path)/fleet.json"
        let command = #"exec "$0" fleet --once --json --prometheus "$1" --match 'job="resmon"' >"$2""#
        var processes: [PrintedProcess] = []
        for _ in 0..<20 {
            let words = ["-c", command, Self.programs.path + "/resmon", "http://127.0.0.1:\(self.prometheus.port)", file]
            try await ServerProcess.run("/bin/sh", words)
            processes = try JSONDecoder().decode(Document.self, from: Data(contentsOf: URL(fileURLWithPath: file))).processes
            if isExpected(processes) { return processes }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw LoopbackServerError("resmon fleet does not print the expected processes: \(processes)")
    }

    /// The number of instances that a process has created, as its own newest report states.
    func created(_ pid: Int32) throws -> Double {
        let page = try LoopbackHTTP.get("/metrics/\(pid)-0", port: Int(self.exporter.address.port), accept: "text/plain")
        return String(decoding: page.body, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix(MetricName.resourcesCreated.rawValue + "{") }
            .reduce(0) { $0 + ($1.split(separator: " ").last.flatMap { Double($0) } ?? 0) }
    }

    /// The counts that the program in Python has kept itself, after its load has ended.
    func restingCounts() async throws -> [String: Int] {
        try Data().write(to: URL(fileURLWithPath: "\(self.folder.path)/rest"))
        return try await self.eventually {
            guard let bytes = FileManager.default.contents(atPath: "\(self.folder.path)/\(self.foreign.pid).counts") else { return nil }
            return try JSONDecoder().decode([String: Int].self, from: bytes)
        }
    }

    /// The own reports of the children after their load has ended, by the number of the process.
    func restingReports() async throws -> [Int32: MonitorReport] {
        try Data().write(to: URL(fileURLWithPath: "\(self.folder.path)/rest"))
        return try await self.eventually {
            var reports: [Int32: MonitorReport] = [:]
            for child in self.children {
                guard let bytes = FileManager.default.contents(atPath: "\(self.folder.path)/\(child.pid).json") else { return nil }
                reports[child.pid] = try JSONDecoder().decode(MonitorReport.self, from: bytes)
            }
            return reports
        }
    }
}

extension Trait where Self == FleetWorld.Provider {
    static var fleet: Self { Self() }
}
