import CursesTerminal
import Foundation
import ResourceDashboard
import Testing

@testable import resmon

@Suite("Configuration file")
struct ConfigurationTests {
    private func read(_ text: String) -> Configuration {
        ConfigurationFile(text, file: "c.yaml").configuration()
    }

    @Test("Every setting is read.")
    func everySetting() {
        let configuration = self.read(
            """
            theme: harbor
            themes-dir: ~/themes
            glyphs: block
            color: 256
            view: pools
            fps: 10
            mouse: off
            keys:
              scope.open: [F5, C-o]
              quit.now: ""
            """
        )
        #expect(configuration.problems.isEmpty)
        #expect(configuration.theme == "harbor")
        #expect(configuration.themesDirectory == "~/themes")
        #expect(configuration.glyphs == .block)
        #expect(configuration.color == .indexed256)
        #expect(configuration.view == .pools)
        #expect(configuration.framesPerSecond == 10)
        #expect(configuration.mouse == false)
        #expect(configuration.changedKeys == ["quit.now", "scope.open"])
        #expect(configuration.keys.key(.openScope) == "F5")
    }

    @Test(
        "A fault names its line and the accepted values; the other settings apply.",
        arguments: [
            ("glyphs: dots", "c.yaml:2: glyphs: 'dots' is not a set of glyphs: braille, block, ascii are accepted"),
            ("fps: 99", "c.yaml:2: fps: '99' is not a rate: a whole number from 1 to 30 is accepted"),
            ("mouse: maybe", "c.yaml:2: mouse: 'maybe' is not accepted: give true or false"),
            ("theme: [a]", "c.yaml:2: theme needs one value"),
            ("them: a", "c.yaml:2: there is no setting 'them': theme, themes-dir, glyphs, color, view, fps, mouse, keys are accepted"),
            ("keys: o", "c.yaml:2: keys: give names of commands with their keys, such as 'scope.open: F5'"),
            ("keys: {scope.opne: F5}", "c.yaml:2: unknown command 'scope.opne': 'resmon keys' lists them"),
            (
                "keys: {scope.open: Ctrl-o}",
                "c.yaml:2: 'Ctrl-o' is not a key (for scope.open): expected a character, C-x, A-x, S-Tab, Up, PgDn, Space, Enter, Esc, or F1 to F12"
            ),
            ("keys: {scope.open: x}", "c.yaml:2: x is assigned to both scope.open and scope.close: assign another key to one of them"),
            ("keys: {quit: []}", "c.yaml:2: quit must have a key"),
        ]
    )
    func faults(line: String, problem: String) {
        let configuration = self.read("view: events\n\(line)\n")
        #expect(configuration.problems == [problem])
        #expect(configuration.view == .events)
        #expect(configuration.keys.key(.closeScope) == "x")
        #expect(configuration.keys.key(.quit) == "q")
    }

    @Test(
        "A file that is invalid YAML, not a mapping, or empty changes nothing.",
        arguments: ["theme: [", "- a\n- b", "theme: a\ntheme: b", "{"]
    )
    func broken(text: String) {
        let configuration = self.read(text)
        #expect(configuration.problems.count == 1)
        #expect(configuration.problems.first?.hasPrefix("c.yaml:") == true)
        #expect(configuration.theme == nil)
        #expect(self.read("# nothing\n").problems.isEmpty)
        #expect(self.read("").problems.isEmpty)
    }

    @Test("An invalid key binding does not affect the valid ones.")
    func invalidKeyBinding() {
        let configuration = self.read("keys:\n  scope.open: F5\n  no.such: F6\n  graph: F7\n  scope.close: F5\n  finding.explain: F8\n")
        #expect(configuration.problems.count == 3)
        #expect(configuration.keys.key(.explain) == "F8")
    }

    private func plan(_ arguments: [String], _ text: String, environment: [String: String] = [:]) throws -> ScreenPlan {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: true, encoding: .utf8)
        var probe = TerminalProbe()
        probe.isUTF8 = true
        return try DemoPlan(
            try DemoCommand.parse(arguments + ["--config", file.path]),
            Surroundings(environment: environment, executable: "/nowhere/bin/resmon"),
            probe
        ).screen
    }

    @Test("The command line overrides the environment, which overrides the file, which overrides the defaults.")
    func precedence() throws {
        let text = "theme: default-light\nglyphs: block\nfps: 8\nview: pools\nmouse: false\n"
        let set = try self.plan([], text)
        #expect(set.theme.name == "default-light")
        #expect(set.glyphs == .block)
        #expect(set.framesPerSecond == 8)
        #expect(set.view == .pools)
        #expect(!set.terminal.mouse)
        #expect(set.notices.isEmpty)
        #expect(try self.plan([], text, environment: ["RESMON_THEME": "mono"]).theme.name == "mono")
        let given = try self.plan(["--theme", "mono", "--ascii", "--fps", "2", "--view", "graph"], text)
        #expect(given.theme.name == "mono")
        #expect(given.glyphs == .ascii)
        #expect(given.framesPerSecond == 2)
        #expect(given.view == .graph)
    }

    @Test("An unknown theme in the file is a notice and the default theme applies; on the command line it is an error.")
    func unknownTheme() throws {
        let plan = try self.plan([], "view: events\ntheme: nosuch\n")
        #expect(plan.theme == .defaultDark)
        #expect(plan.view == .events)
        try #require(plan.notices.count == 1)
        #expect(plan.notices[0].contains(".yaml:2: nosuch: unknown theme"))
        #expect(throws: UsageFault.self) { try self.plan(["--theme", "nosuch"], "") }
    }

    @Test("A file given by --config must exist; the standard file may be missing.")
    func missing() throws {
        let surroundings = Surroundings(environment: ["XDG_CONFIG_HOME": "/nowhere"], executable: "/nowhere/bin/resmon")
        #expect(throws: UsageFault.self) { try Configuration.read("/nowhere/c.yaml", surroundings) }
        #expect(try Configuration.read(nil, surroundings).file == nil)
        #expect(Configuration.standardPath(["XDG_CONFIG_HOME": "/x"]) == "/x/resmon/config.yaml")
        #expect(Configuration.standardPath(["HOME": "/h"]) == "/h/.config/resmon/config.yaml")
        #expect(Configuration.standardPath([:]) == nil)
    }

    @Test("An unreadable file is an error if given by --config and otherwise a problem, with the reason.")
    func unreadable() throws {
        let home = NSTemporaryDirectory() + "resmon-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: home) }
        let directory = home + "/.config/resmon"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = directory + "/config.yaml"
        let surroundings = Surroundings(environment: ["HOME": home], executable: "/nowhere/bin/resmon")
        #expect(try Configuration.read(nil, surroundings).problems == [])
        func expect(_ reason: String) throws {
            let problem = "'\(file)' cannot be read: \(reason)"
            #expect(try Configuration.read(nil, surroundings).problems == [problem])
            #expect(throws: UsageFault("--config: \(problem)")) { try Configuration.read("~/.config/resmon/config.yaml", surroundings) }
            let report = try DoctorCommand.report(try DoctorCommand.parse([]).look, surroundings, TerminalProbe())
            #expect(report.contains("configuration  ! \(problem)\n"))
            try FileManager.default.removeItem(atPath: file)
        }
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
        try expect("it is a directory")
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/nowhere/c.yaml")
        try expect("it is a link to '/nowhere/c.yaml', which does not exist")
        try Data([0xFF]).write(to: URL(fileURLWithPath: file))
        try expect("it is not UTF-8 text")
        try Data(repeating: 0x23, count: 256 * 1024 + 1).write(to: URL(fileURLWithPath: file))
        try expect("it is larger than 256 kB")
    }

    @Test("The doctor command reports its findings and marks problems with a remedy.")
    func doctor() throws {
        var probe = TerminalProbe()
        (probe.term, probe.isUTF8, probe.outputIsTerminal, probe.inputIsTerminal) = ("xterm-256color", true, true, true)
        let surroundings = Surroundings(environment: ["HOME": "/nowhere"], executable: "/nowhere/bin/resmon")
        let look = try DoctorCommand.parse([]).look
        let text = try DoctorCommand.report(look, surroundings, probe)
        #expect(text.contains("terminal       TERM=xterm-256color: usable"))
        #expect(text.contains("none; it would be /nowhere/.config/resmon/config.yaml"))
        #expect(text.contains("theme          default-dark"))
        #expect(!text.contains("! "))
        probe.inputIsTerminal = false
        #expect(try DoctorCommand.report(look, surroundings, probe).contains("so keys are read from /dev/tty"))
        probe.term = "dumb"
        #expect(try DoctorCommand.report(look, surroundings, probe).contains("terminal       ! "))
    }

    @Test("The doctor command reports the number of colors in use and the reason.")
    func doctorOfColors() throws {
        var probe = TerminalProbe()
        (probe.term, probe.noColor, probe.promisesDirectColor, probe.outputIsTerminal) = ("xterm-256color", false, false, true)
        let surroundings = Surroundings(environment: ["HOME": "/nowhere"], executable: "/nowhere/bin/resmon")
        func colors(_ arguments: String...) throws -> String? {
            let text = try DoctorCommand.report(try DoctorCommand.parse(arguments).look, surroundings, probe)
            return text.split(separator: "\n").first { $0.hasPrefix("colors") }.map(String.init)
        }
        #expect(try colors()?.contains("256: the terminal database gives xterm-256color 256 colors, and neither COLORTERM") == true)
        #expect(try colors("--color", "rgb") == "colors         24-bit: --color rgb")
        #expect(try colors("--color", "16") == "colors         16: --color 16")
        probe.promisesDirectColor = true
        #expect(try colors() == "colors         24-bit: COLORTERM announces it")
        probe.noColor = true
        #expect(try colors() == "colors         none: NO_COLOR is set")
    }
}
