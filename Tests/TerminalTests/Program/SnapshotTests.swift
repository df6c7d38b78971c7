import Foundation
import ResourceDashboard
import Testing

/// Runs `resmon snapshot` from the command line.
@Suite("Snapshot command")
struct SnapshotTests {
    @Test("The same command prints the same bytes, in every format.", arguments: ["text", "ansi", "svg", "json"])
    func sameBytes(format: String) async throws {
        let first = try await ResmonProgram.run("snapshot", "checkout", "--format", format)
        let second = try await ResmonProgram.run("snapshot", "checkout", "--format", format, environment: ["LC_ALL": "C", "TERM": "dumb"])
        #expect(first.status == 0)
        #expect(!first.output.isEmpty)
        #expect(first.output == second.output)
    }

    @Test("Another seed produces another snapshot.")
    func otherSeed() async throws {
        let seven = try await ResmonProgram.run("snapshot", "--seed", "7", "--view", "events")
        let eight = try await ResmonProgram.run("snapshot", "--seed", "8", "--view", "events")
        #expect(seven.status == 0)
        #expect(eight.status == 0)
        #expect(seven.output != eight.output)
    }

    @Test(
        "Every view at every size has the exact rows and columns, and no escape sequence.",
        arguments: DashboardView.allCases.map(\.rawValue),
        ["120x36", "80x24", "40x10", "39x9", "1x1", "300x80"]
    )
    func exactSize(view: String, size: String) async throws {
        let result = try await ResmonProgram.run("snapshot", "--view", view, "--size", size)
        let numbers = size.split(separator: "x").compactMap { Int($0) }
        var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.popLast() == "")
        #expect(lines.count == numbers[1])
        #expect(lines.allSatisfy { DisplayText.width(of: $0) == numbers[0] })
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test("The JSON contains the view and the monitor's report with the specification's key names.")
    func json() async throws {
        let result = try await ResmonProgram.run("snapshot", "--json")
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let overall = (document?["report"] as? [String: Any])?["overall"] as? [String: Any]
        for key in ["resources_created", "resources_disposed", "active_resources", "resource_errors", "avg_lifetime", "median_lifetime"] {
            #expect(overall?[key] != nil, "\(key)")
        }
        #expect(document?["scenario"] as? String == "checkout")
        #expect(document?["view"] != nil)
        let text = try await ResmonProgram.run("snapshot").output
        #expect((document?["rows"] as? [String])?.map { $0 + "\n" }.joined() == text)
    }
}

extension TerminalTests {
    @Suite("Simulated scenarios in a terminal")
    struct SimulatedTests {
        @Test(
            "The terminal shows the snapshot of the simulated moment.",
            arguments: [("overview", 120, 36), ("scopes", 120, 36), ("resources", 100, 30), ("events", 80, 24), ("overview", 60, 12)]
        )
        func sameScreen(view: String, width: Int, height: Int) async throws {
            let snapshot = try await ResmonProgram.run(
                "snapshot",
                "checkout",
                "--at",
                "12s",
                "--seed",
                "7",
                "--view",
                view,
                "--size",
                "\(width)x\(height)"
            )
            let expected = Self.withoutBlankEnds(snapshot.output)
            try await TmuxSession.with(width: width, height: height) { terminal in
                try await terminal.enterResmon("demo checkout --simulated --at 12s --seed 7 --view \(view)")
                try await terminal.waitUntil("the snapshot:\n\(expected)\n", timeout: .seconds(20)) {
                    Self.withoutBlankEnds($0) == expected
                }
            }
        }

        /// tmux does not report blanks at the end of a row.
        private static func withoutBlankEnds(_ screen: String) -> String {
            screen.split(separator: "\n", omittingEmptySubsequences: false)
                .map { String($0.reversed().drop { $0 == " " }.reversed()) }
                .joined(separator: "\n")
        }
    }
}
