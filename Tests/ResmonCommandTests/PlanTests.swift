import CursesTerminal
import DemoScenarios
import Foundation
import ResourceDashboard
import Testing

@testable import resmon

/// Checks how commands interpret their options, before they run.
@Suite("Command plans")
struct PlanTests {
    private static let surroundings = Surroundings(environment: [:], executable: "/nowhere/bin/resmon")

    private static func snapshot(_ arguments: [String], environment: [String: String] = [:]) throws -> SnapshotPlan {
        try SnapshotPlan(
            try SnapshotCommand.parse(arguments),
            Surroundings(environment: environment, executable: "/nowhere/bin/resmon")
        )
    }

    private static func run(_ plan: SnapshotPlan) -> SimulatedRun? {
        if case .simulated(let run) = plan.subject { return run }
        return nil
    }

    private static func demo(_ arguments: [String], isUTF8: Bool = true) throws -> DemoPlan {
        var probe = TerminalProbe()
        probe.isUTF8 = isUTF8
        return try DemoPlan(try DemoCommand.parse(arguments), self.surroundings, probe)
    }

    @Test("A snapshot without options is the overview of checkout at 12 s, seed 7, 120x36, as text.")
    func snapshotDefaults() throws {
        let plan = try Self.snapshot([])
        #expect(Self.run(plan)?.scenario.name == "checkout")
        #expect(Self.run(plan)?.seed == 7)
        #expect(plan.moments == [.seconds(12)])
        #expect(plan.view == .overview)
        #expect(plan.size == Size(width: 120, height: 36))
        #expect(plan.format == .text)
        #expect(plan.theme == .defaultDark)
        #expect(plan.glyphs == .braille)
        #expect(plan.depth == .direct)
        #expect(plan.destinations == [.standardOutput])
    }

    @Test("A snapshot plan follows its options.")
    func snapshotOptions() throws {
        let plan = try Self.snapshot([
            "quiet", "--at", "500ms", "--seed", "18446744073709551615", "--view", "events", "--size", "1x1", "--format", "ansi", "--theme",
            "mono", "--ascii", "--color", "16", "--output", "-",
        ])
        #expect(Self.run(plan)?.scenario.name == "quiet")
        #expect(Self.run(plan)?.seed == .max)
        #expect(plan.moments == [.milliseconds(500)])
        #expect(plan.view == .events)
        #expect(plan.size == Size(width: 1, height: 1))
        #expect(plan.format == .ansi)
        #expect(plan.theme == .mono)
        #expect(plan.glyphs == .ascii)
        #expect(plan.depth == .ansi16)
        #expect(plan.destinations == [.standardOutput])
        #expect(try Self.snapshot(["--json"]).format == .json)
    }

    @Test("A snapshot series has a moment and a numbered file for each frame.")
    func series() throws {
        let directory = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)-"
        let plan = try Self.snapshot(["--every", "500ms", "--for", "2s", "--at", "1s", "--output", "\(directory)frame-%d.svg"])
        #expect(plan.moments == [.seconds(1), .milliseconds(1500), .seconds(2), .milliseconds(2500), .seconds(3)])
        #expect(plan.format == .svg)
        #expect(plan.destinations.map(\.path) == (1...5).map { "\(directory)frame-00\($0).svg" })
        #expect(OutputDestination.numbered("a.b/frame", 12, digits: 2) == "a.b/frame-12")
        #expect(OutputDestination.numbered("a.b/frame-%04d.svg", 12, digits: 2) == "a.b/frame-0012.svg")
        #expect(plan.animation == nil)
        let last = plan.destinations[4]
        defer { try? FileManager.default.removeItem(atPath: last.path ?? "") }
        try last.write("other content")
        let again = ["--every", "500ms", "--for", "2s", "--output", "\(directory)frame-%d.svg"]
        #expect(throws: UsageFault.self) { try Self.snapshot(again) }
        #expect(try Self.snapshot(again + ["--force"]).destinations.count == 5)
        for arguments in [["--every", "1s"], ["--for", "1s"], ["--every", "1s", "--for", "2s"], ["--every", "0s", "--for", "2s"]] {
            #expect(throws: UsageFault.self) { try Self.snapshot(arguments) }
        }
    }

    @Test("A series in an SVG file whose name has no number is one animated image with a limited number of frames.")
    func animation() throws {
        let path = NSTemporaryDirectory() + "resmon-\(UUID().uuidString).svg"
        let plan = try Self.snapshot(["--every", "500ms", "--for", "15s", "--output", path])
        #expect(plan.animation == .milliseconds(500))
        #expect(plan.destinations.map(\.path) == [path])
        #expect(plan.moments.count == 31)
        #expect(try Self.snapshot(["--every", "1s", "--for", "2s", "--format", "svg"]).destinations == [.standardOutput])
        #expect(throws: UsageFault.self) { try Self.snapshot(["--every", "10ms", "--for", "10s", "--output", path]) }
    }

    @Test("A snapshot of a recording shows its end or --at, and accepts neither a scenario nor a seed.")
    func recording() throws {
        let plan = try Self.snapshot(["--recording", "x.jsonl"])
        #expect(plan.moments.isEmpty)
        #expect(try Self.snapshot(["--recording", "x.jsonl", "--at", "3s"]).moments == [.seconds(3)])
        #expect(throws: UsageFault.self) { try Self.snapshot(["quiet", "--recording", "x.jsonl"]) }
        #expect(throws: UsageFault.self) { try Self.snapshot(["--seed", "3", "--recording", "x.jsonl"]) }
    }

    @Test("RESMON_THEME applies without --theme, and a fault in it is reported under its name.")
    func themeVariable() throws {
        #expect(try Self.snapshot([], environment: ["RESMON_THEME": "mono"]).theme == .mono)
        #expect(try Self.snapshot(["--theme", "default-light"], environment: ["RESMON_THEME": "mono"]).theme == .defaultLight)
        #expect(try Self.snapshot([], environment: ["RESMON_THEME": ""]).theme == .defaultDark)
        let fault = #expect(throws: UsageFault.self) { try Self.snapshot([], environment: ["RESMON_THEME": "nonsense"]) }
        #expect(fault?.description.hasPrefix("RESMON_THEME: nonsense: unknown theme; the themes are: default-dark") == true)
    }

    @Test("A demo without options is checkout, live, with glyphs that fit the locale.")
    func demoDefaults() throws {
        let plan = try Self.demo([])
        #expect(plan.scenario.name == "checkout")
        #expect(plan.simulation == nil)
        #expect(plan.screen.view == .overview)
        #expect(plan.screen.framesPerSecond == 4)
        #expect(!plan.isReadonly)
        #expect(plan.screen.terminal == TerminalOptions(color: .auto, mouse: true))
        #expect(plan.screen.glyphs == .braille)
        #expect(try Self.demo([], isUTF8: false).screen.glyphs == .ascii)
        #expect(try Self.demo(["--glyphs", "block"], isUTF8: false).screen.glyphs == .block)
    }

    @Test("A demo plan follows its options.")
    func demoOptions() throws {
        let plan = try Self.demo([
            "quiet", "--simulated", "--seed", "3", "--at", "1m", "--fps", "30", "--view", "scopes", "--no-mouse", "--readonly", "--color",
            "never",
        ])
        #expect(plan.simulation?.seed == 3)
        #expect(plan.moment == .seconds(60))
        #expect(plan.screen.framesPerSecond == 30)
        #expect(plan.screen.view == .scopes)
        #expect(plan.isReadonly)
        #expect(plan.screen.terminal == TerminalOptions(color: .never, mouse: false))
    }

    @Test("Themes are searched in the user's directory, beside the program's prefix, and in the source tree.")
    func directories() {
        #expect(
            ThemeOptions.standardDirectories(environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h"], executable: "/usr/local/bin/resmon")
                == ["/c/resmon/themes", "/usr/local/share/resmon/themes"]
        )
        #expect(
            ThemeOptions.standardDirectories(environment: ["HOME": "/h"], executable: "/x/bin/resmon")
                == ["/h/.config/resmon/themes", "/x/share/resmon/themes"]
        )
        // A relative XDG directory is ignored, as the XDG specification requires.
        #expect(
            ThemeOptions.standardDirectories(environment: ["XDG_CONFIG_HOME": "c"], executable: "/x/bin/resmon")
                == ["/x/share/resmon/themes"]
        )
    }

    @Test("The keys command lists every dashboard command once.")
    func keys() throws {
        let table = KeysCommand.table()
        let json = try KeysCommand.jsonTable()
        for info in CommandInfo.all {
            #expect(table.contains(info.help))
            #expect(json.components(separatedBy: "\"command\" : \"\(info.command.rawValue)\"").count == 2)
        }
    }
}
