import Foundation
import ResourceFleet
import Testing

@testable import resmon

/// Checks how `resmon fleet` interprets its options, before it sends a query.
@Suite("Plans for a fleet")
struct FleetPlanTests {
    private static func plan(_ arguments: [String]) throws -> FleetPlan {
        try FleetPlan(try FleetCommand.parse(arguments))
    }

    private static func fault(_ arguments: [String]) -> String? {
        do {
            _ = try self.plan(arguments)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("A server is read every five seconds, and a process is opened by ssh.")
    func defaults() throws {
        let plan = try Self.plan(["--prometheus", "http://mimir:8080/prometheus"])
        #expect(plan.refresh == .seconds(5))
        #expect(plan.command == .standard)
        guard case .show(.server(let address, let match, let headers)) = plan.task else {
            Issue.record("the plan shows no server")
            return
        }
        #expect(address.label == "http://mimir:8080/prometheus")
        #expect(match.isEmpty)
        #expect(try headers.read().isEmpty)
    }

    @Test("Headers and a token are read from the command line and from files, for every table.")
    func headers() throws {
        try Self.withFile(" secret\n") { path in
            let headers = try FleetHeaders(["X-Scope-OrgID: team", "X-Other:@\(path)"], tokenFile: path)
            #expect(try headers.read() == ["X-Scope-OrgID": "team", "X-Other": "secret", "Authorization": "Bearer secret"])
            try "fresh".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try headers.read()["Authorization"] == "Bearer fresh")
        }
    }

    @Test("A header without a name, given twice, or with a file that is missing, empty, or of several lines is refused without its value.")
    func headerFaults() throws {
        let server = ["--prometheus", "http://prometheus:9090"]
        for header in ["secret", ": secret", "a b: secret"] {
            #expect(Self.fault(server + ["--header", header])?.contains("secret") == false)
        }
        #expect(Self.fault(server + ["--header", "a: 1", "--header", "A: 2"])?.contains("given twice") == true)
        #expect(Self.fault(server + ["--header", "a: @/nowhere/at/all"])?.contains("/nowhere/at/all") == true)
        #expect(Self.fault(server + ["--token-file", "/nowhere/at/all"])?.contains("Authorization") == true)
        for text in ["", " \n", "secret\nsecret2"] {
            try Self.withFile(text) { path in #expect(Self.fault(server + ["--token-file", path])?.contains("secret") == false) }
        }
    }

    @Test("A command is split into words without a shell, and its placeholders are checked.")
    func command() throws {
        let arguments = ["--prometheus", "http://x", "--command", "kubectl exec -i 'pod/{host}' -- resmon dial {pid}"]
        let key = FleetKey(job: "j", instance: "web1:4711", container: "shop")
        let words = try Self.plan(arguments).command.arguments(for: FleetRow(key))
        #expect(words == ["kubectl", "exec", "-i", "pod/web1", "--", "resmon", "dial", "4711"])
        #expect(Self.fault(["--prometheus", "http://x", "--command", "ssh {user}"])?.contains("{user}") == true)
        #expect(Self.fault(["--prometheus", "http://x", "--command", "ssh 'x"]) != nil)
    }

    @Test(
        "Options that are missing, out of range, or contradict each other are refused.",
        arguments: [
            [], ["--prometheus", "prometheus:9090"], ["--prometheus", "http://x", "--simulated"],
            ["--prometheus", "http://x", "--seed", "1"],
            ["--prometheus", "http://x", "--processes", "1"], ["--prometheus", "http://x", "--refresh", "0"],
            ["--prometheus", "http://x", "--refresh", "5s"], ["--simulated", "--processes", "0"], ["--simulated", "--processes", "100001"],
            ["--simulated", "--seed", "-1"], ["--print", "rule"], ["--print", "rules", "--simulated"],
            ["--print", "rules", "--prometheus", "http://x"], ["--print", "rules", "--match", "a=\"b\""],
            ["--print", "rules", "--seed", "1"],
            ["--simulated", "--match", "a=\"b\""], ["--simulated", "--header", "a: b"], ["--simulated", "--token-file", "/dev/null"],
        ]
    )
    func faults(arguments: [String]) {
        #expect(Self.fault(arguments) != nil)
    }

    @Test("A simulated fleet has 1,000 processes of the seed 7 unless others are given, and begins at a fixed time.")
    func simulated() throws {
        let plan = try Self.plan(["--simulated"])
        guard case .show(.simulated(let fleet)) = plan.task else {
            Issue.record("the plan shows no simulated fleet")
            return
        }
        #expect(fleet.label == "simulated, seed 7")
        #expect(fleet.table(at: plan.moment).rows.count == 1000)
        #expect(plan.moment == 1_767_268_800)
    }
}
