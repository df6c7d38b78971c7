import Foundation
import ResourceDashboard
import Testing

/// `resmon snapshot`, as a person types it.
@Suite("Snapshots")
struct SnapshotTests {
    @Test("the same command gives the same bytes, in every format", arguments: ["text", "ansi", "svg", "json"])
    func sameBytes(format: String) async throws {
        let first = try await ResmonProgram.run("snapshot", "checkout", "--format", format)
        let second = try await ResmonProgram.run("snapshot", "checkout", "--format", format, environment: ["LC_ALL": "C", "TERM": "dumb"])
        #expect(first.status == 0)
        #expect(!first.output.isEmpty)
        #expect(first.output == second.output)
    }

    @Test("another seed gives another picture")
    func otherSeed() async throws {
        let seven = try await ResmonProgram.run("snapshot", "--seed", "7", "--view", "events")
        let eight = try await ResmonProgram.run("snapshot", "--seed", "8", "--view", "events")
        #expect(seven.status == 0)
        #expect(eight.status == 0)
        #expect(seven.output != eight.output)
    }

    @Test(
        "every view at every size has exactly the rows and columns that were asked for, and no escape",
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

    @Test("the JSON carries the view and the monitor's report under the specification's names")
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
    @Suite("Simulated in a terminal")
    struct SimulatedTests {
        @Test(
            "what the terminal shows is the snapshot of that moment",
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

        /// tmux tells nothing of blanks at the end of a row.
        private static func withoutBlankEnds(_ screen: String) -> String {
            screen.split(separator: "\n", omittingEmptySubsequences: false)
                .map { String($0.reversed().drop { $0 == " " }.reversed()) }
                .joined(separator: "\n")
        }
    }
}
