import CursesTerminal
import Foundation
import ResourceDashboard
import Testing

@testable import resmon

@Suite("The configuration: what is right is taken, and each fault is one line with file, line and remedy")
struct ConfigurationTests {
    private func read(_ text: String) -> Configuration {
        ConfigurationFile(text, file: "c.yaml").configuration()
    }

    @Test("everything that can be set is taken")
    func whole() {
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
        #expect(configuration.theme == "harbor" && configuration.themesDirectory == "~/themes" && configuration.glyphs == .block)
        #expect(configuration.color == .indexed256 && configuration.view == .pools && configuration.framesPerSecond == 10)
        #expect(configuration.mouse == false && configuration.changedKeys == ["quit.now", "scope.open"])
        #expect(configuration.keys.key(.openScope) == "F5")
    }

    @Test(
        "a fault names its line and what is accepted; the rest of the file holds",
        arguments: [
            ("glyphs: dots", "c.yaml:2: glyphs: 'dots' is not a set of glyphs: braille, block, ascii are accepted"),
            ("fps: 99", "c.yaml:2: fps: '99' is not a rate: a whole number from 1 to 30 is accepted"),
            ("mouse: maybe", "c.yaml:2: mouse: 'maybe' is not accepted: true and false are"),
            ("theme: [a]", "c.yaml:2: theme needs one value"),
            ("them: a", "c.yaml:2: there is no setting 'them': theme, themes-dir, glyphs, color, view, fps, mouse, keys are accepted"),
            ("keys: o", "c.yaml:2: keys: names of commands with their keys are accepted, such as 'scope.open: F5'"),
            ("keys: {scope.opne: F5}", "c.yaml:2: there is no command 'scope.opne': 'resmon keys' lists them"),
            (
                "keys: {scope.open: Ctrl-o}",
                "c.yaml:2: 'Ctrl-o' is no key (for scope.open): a character, C-x, A-x, S-Tab, Up, PgDn, Space, Enter, Esc, F1 to F12 are"
            ),
            ("keys: {scope.open: x}", "c.yaml:2: x would be both scope.open and scope.close: give one of them another key"),
            ("keys: {quit: []}", "c.yaml:2: quit must have a key"),
        ]
    )
    func faults(line: String, problem: String) {
        let configuration = self.read("view: events\n\(line)\n")
        #expect(configuration.problems == [problem])
        #expect(configuration.view == .events && configuration.keys.key(.closeScope) == "x" && configuration.keys.key(.quit) == "q")
    }

    @Test("a file that is no YAML, no mapping or empty changes nothing", arguments: ["theme: [", "- a\n- b", "theme: a\ntheme: b", "{"])
    func broken(text: String) {
        let configuration = self.read(text)
        #expect(configuration.problems.count == 1 && configuration.problems[0].hasPrefix("c.yaml:"))
        #expect(configuration.theme == nil)
        #expect(self.read("# nothing\n").problems.isEmpty && self.read("").problems.isEmpty)
    }

    @Test("one wrong key does not take the others away")
    func others() {
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

    @Test("the command line goes before the environment, that before the file, that before what is built in")
    func precedence() throws {
        let text = "theme: default-light\nglyphs: block\nfps: 8\nview: pools\nmouse: false\n"
        let set = try self.plan([], text)
        #expect(set.theme.name == "default-light" && set.glyphs == .block && set.framesPerSecond == 8 && set.view == .pools)
        #expect(!set.terminal.mouse && set.notices.isEmpty)
        #expect(try self.plan([], text, environment: ["RESMON_THEME": "mono"]).theme.name == "mono")
        let given = try self.plan(["--theme", "mono", "--ascii", "--fps", "2", "--view", "graph"], text)
        #expect(given.theme.name == "mono" && given.glyphs == .ascii && given.framesPerSecond == 2 && given.view == .graph)
    }

    @Test("a theme that is set and cannot be had is told, and the default is shown; one that is asked for is refused")
    func unknownTheme() throws {
        let plan = try self.plan([], "view: events\ntheme: nosuch\n")
        #expect(plan.theme == .defaultDark && plan.view == .events)
        #expect(plan.notices.count == 1 && plan.notices[0].contains(".yaml:2: nosuch: there is no theme of this name"))
        #expect(throws: UsageFault.self) { try self.plan(["--theme", "nosuch"], "") }
    }

    @Test("a file that is asked for must be there; one that is not is nothing")
    func missing() throws {
        let surroundings = Surroundings(environment: ["XDG_CONFIG_HOME": "/nowhere"], executable: "/nowhere/bin/resmon")
        #expect(throws: UsageFault.self) { try Configuration.read("/nowhere/c.yaml", surroundings) }
        #expect(try Configuration.read(nil, surroundings).file == nil)
        #expect(Configuration.standardPath(["XDG_CONFIG_HOME": "/x"]) == "/x/resmon/config.yaml")
        #expect(Configuration.standardPath(["HOME": "/h"]) == "/h/.config/resmon/config.yaml")
        #expect(Configuration.standardPath([:]) == nil)
    }

    @Test("a directory, a link to nothing and what is no text are told as such: a fault where it was asked for, else a problem")
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
        try expect("it is a link to '/nowhere/c.yaml', which is not there")
        try Data([0xFF]).write(to: URL(fileURLWithPath: file))
        try expect("it is no text in UTF-8")
        try Data(repeating: 0x23, count: 256 * 1024 + 1).write(to: URL(fileURLWithPath: file))
        try expect("it is larger than 256 kB")
    }

    @Test("doctor says what was found, and marks what is wrong with what to do")
    func doctor() throws {
        var probe = TerminalProbe()
        (probe.term, probe.isUTF8, probe.outputIsTerminal, probe.inputIsTerminal) = ("xterm-256color", true, true, true)
        let surroundings = Surroundings(environment: ["HOME": "/nowhere"], executable: "/nowhere/bin/resmon")
        let look = try DoctorCommand.parse([]).look
        let text = try DoctorCommand.report(look, surroundings, probe)
        #expect(
            text.contains("terminal       TERM=xterm-256color: usable")
                && text.contains("none; it would be /nowhere/.config/resmon/config.yaml")
        )
        #expect(text.contains("theme          default-dark") && !text.contains("! "))
        probe.inputIsTerminal = false
        #expect(try DoctorCommand.report(look, surroundings, probe).contains("so keys are read from /dev/tty"))
        probe.term = "dumb"
        #expect(try DoctorCommand.report(look, surroundings, probe).contains("terminal       ! "))
    }

    @Test("doctor says how many colors are used and why")
    func doctorOfColors() throws {
        var probe = TerminalProbe()
        (probe.term, probe.noColor, probe.promisesDirectColor, probe.outputIsTerminal) = ("xterm-256color", false, false, true)
        let surroundings = Surroundings(environment: ["HOME": "/nowhere"], executable: "/nowhere/bin/resmon")
        func colors(_ arguments: String...) throws -> String? {
            let text = try DoctorCommand.report(try DoctorCommand.parse(arguments).look, surroundings, probe)
            return text.split(separator: "\n").first { $0.hasPrefix("colours") }.map(String.init)
        }
        #expect(try colors()?.contains("256: the terminal database gives xterm-256color 256 colors, and neither COLORTERM") == true)
        #expect(try colors("--color", "rgb") == "colours        24-bit: --color rgb")
        #expect(try colors("--color", "16") == "colours        16: --color 16")
        probe.promisesDirectColor = true
        #expect(try colors() == "colours        24-bit: COLORTERM promises it")
        probe.noColor = true
        #expect(try colors() == "colours        none: NO_COLOR is set")
    }
}
