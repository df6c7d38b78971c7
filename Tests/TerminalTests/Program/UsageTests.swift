import Foundation
import Testing

/// Checks what the program prints without a terminal.
@Suite("Command line")
struct UsageTests {
    @Test(
        "Invalid input is reported in one line with the fault and the accepted values, and status 2.",
        arguments: [
            (
                ["demo", "nonsense"],
                "resmon: there is no scenario 'nonsense': checkout, tour, quiet, leak, exhaustion, flaky, bad-dispose, slow, nested, outage, storm are accepted ('resmon --help' lists the commands)"
            ),
            (
                ["snapshot", "nonsense"],
                "resmon: there is no scenario 'nonsense': checkout, tour, quiet, leak, exhaustion, flaky, bad-dispose, slow, nested, outage, storm are accepted ('resmon --help' lists the commands)"
            ),
            (
                ["snapshot", "--view", "tree"],
                "resmon: --view: 'tree' is not a view: overview, scopes, resources, pools, health, events, findings, graph are accepted"
            ),
            (["snapshot", "--size", "120"], "resmon: --size: '120' is not a size: columns x rows is accepted, such as 120x36"),
            (["snapshot", "--size", "0x1"], "resmon: --size: '0x1' is out of range: 1x1 to 1000x1000 is accepted"),
            (
                ["snapshot", "--at", "12"],
                "resmon: --at: '12' is not a duration: give a whole number with a unit, such as 500ms, 12s, 5m or 1h"
            ),
            (["snapshot", "--seed=-1"], "resmon: --seed: '-1' is not a seed: a whole number from 0 to 18446744073709551615 is accepted"),
            (
                ["snapshot", "--at", "-5s"],
                "resmon: --at: '-5s' is not a duration: give a whole number with a unit, such as 500ms, 12s, 5m or 1h"
            ),
            (["snapshot", "--size", "-1x5"], "resmon: --size: '-1x5' is not a size: columns x rows is accepted, such as 120x36"),
            (["snapshot", "--format", "pdf"], "resmon: --format: 'pdf' is not a format: text, ansi, svg, json are accepted"),
            (["snapshot", "--json", "--format", "svg"], "resmon: --json and --format svg contradict each other: give one of them"),
            (["snapshot", "--output", "/nowhere/x"], "resmon: --output: '/nowhere/x' cannot be written: there is no directory '/nowhere'"),
            (["snapshot", "--output", "/tmp"], "resmon: --output: '/tmp' cannot be written: it is a directory"),
            (["snapshot", "--themes-dir", "/nowhere"], "resmon: --themes-dir: there is no directory '/nowhere'"),
            (
                ["snapshot", "--theme", "/nowhere/x.yaml"],
                "resmon: --theme: /nowhere/x.yaml: the file cannot be read: there is no such file"
            ),
            (["demo", "--fps", "0"], "resmon: --fps: '0' is not a rate: a whole number from 1 to 30 is accepted"),
            (["demo", "--at", "12s"], "resmon: --at applies only to a simulated run: add --simulated"),
            (["demo", "--ascii", "--glyphs", "block"], "resmon: --ascii and --glyphs block contradict each other: give one of them"),
            (
                ["--nonsense"],
                "resmon: Unknown option '--nonsense'; 'resmon --help' and 'resmon help COMMAND' show what is accepted"
            ),
        ]
    )
    func badInput(arguments: [String], message: String) async throws {
        let result = try await ChildProcess.run(ResmonProgram.path, arguments)
        #expect(result.errors == message + "\n")
        #expect(result.output.isEmpty)
        #expect(result.status == 2)
    }

    @Test("A faulty theme is rejected with its file, line and reason.")
    func faultyTheme() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try "system: base16\nname: Bad\nvariant: dark\npalette:\n  base00: zz\n".write(to: file, atomically: true, encoding: .utf8)
        let result = try await ResmonProgram.run("snapshot", "--theme", file.path)
        #expect(result.errors.hasPrefix("resmon: --theme: \(file.path):"))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.status == 2)
    }

    @Test("A rejected snapshot leaves the existing output file unchanged.")
    func existingOutputIsKept() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        try "before".write(to: file, atomically: true, encoding: .utf8)
        #expect(try await ResmonProgram.run("snapshot", "--output", file.path, "--view", "nonsense").status == 2)
        #expect(try String(contentsOf: file, encoding: .utf8) == "before")
        #expect(try await ResmonProgram.run("snapshot", "--output", file.path, "--size", "40x10").status == 2)
        #expect(try String(contentsOf: file, encoding: .utf8) == "before")
        #expect(try await ResmonProgram.run("snapshot", "--output", file.path, "--size", "40x10", "--force").status == 0)
        #expect(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").count == 10)
    }

    @Test("The lists, --version and --help exit with 0.")
    func lists() async throws {
        let scenarios = try await ResmonProgram.run("scenarios")
        #expect(scenarios.output.hasPrefix("checkout  "))
        #expect(scenarios.output.contains("\nquiet "))
        let themes = try await ResmonProgram.run("themes")
        #expect(themes.output.hasPrefix("default-dark "))
        #expect(try await ResmonProgram.run("keys").output.contains("open a child scope"))
        let keys = try await ResmonProgram.run("keys", "--json").output
        #expect(keys.contains(#""command" : "scope.open""#))
        #expect(try await ResmonProgram.run("--version").output.hasPrefix("resmon "))
        #expect(try await ResmonProgram.run("--help").status == 0)
    }

    @Test("If standard output is not a terminal, the program prints one plain frame and a hint.")
    func plainFrame() async throws {
        let result = try await ResmonProgram.run()
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 38)
        #expect(lines[36].contains("in a terminal for the live screen"))
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test("Without a UTF-8 locale, the plain frame is ASCII.")
    func plainFrameInASCII() async throws {
        let result = try await ResmonProgram.run("demo", "quiet", environment: ["LC_ALL": "C"])
        #expect(result.output.contains("Overview"))
        #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
    }
}
