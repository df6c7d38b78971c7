import ArgumentParser
import CursesTerminal
import Foundation
import ResourceDashboard

/// `resmon doctor`: reports the detected environment and its problems.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Report what was detected: terminal, colors, locale, themes, configuration."
    )

    @OptionGroup var look: LookOptions

    func run() throws {
        try Console.show(try Self.report(self.look, .current, TerminalProbe()))
    }

    /// The report, one line for each fact. A problem begins with an exclamation mark and names the remedy.
    static func report(_ look: LookOptions, _ surroundings: Surroundings, _ probe: TerminalProbe) throws(UsageFault) -> String {
        let configuration = try Configuration.read(look.config, surroundings)
        var rows: [(String, String)] = [("resmon", Resmon.versionNumber)]
        rows.append(("terminal", self.terminal(probe)))
        rows.append(("colors", self.colors(look, configuration, probe)))
        rows.append(("locale", probe.isUTF8 ? "UTF-8" : "not UTF-8: only ASCII is displayed reliably"))
        let glyphs = try look.chosenGlyphs() ?? configuration.glyphs ?? (probe.isUTF8 ? .braille : .ascii)
        rows.append(("glyphs", glyphs.rawValue))
        rows.append(("mouse", configuration.mouse == false ? "off (configuration)" : "on; M gives it to the terminal"))

        let standard = Configuration.standardPath(surroundings.environment) ?? "none: neither XDG_CONFIG_HOME nor HOME is set"
        if !configuration.isUnreadable {
            rows.append(("configuration", configuration.file.map { "\($0): read" } ?? "none; it would be \(standard)"))
        }
        let problems = configuration.problems.map { "! \($0)" }
        rows += problems.enumerated().map { (configuration.isUnreadable && $0 == 0 ? "configuration" : "", $1) }
        let changed = configuration.changedKeys
        rows.append(("keys", changed.isEmpty ? "as documented" : "changed for \(changed.joined(separator: ", "))"))

        let library = try look.themes.library(surroundings, configuration)
        do throws(UsageFault) {
            rows.append(("theme", try look.themes.theme(from: library, environment: surroundings.environment, configuration).name))
        } catch {
            rows.append(("theme", "! \(error)"))
        }
        rows += library.directories.map { directory in
            ("themes", FileManager.default.fileExists(atPath: directory) ? directory : "\(directory) (missing)")
        }
        let names = library.names()
        let broken = names.compactMap { name -> String? in
            do { _ = try library.load(name) } catch { return "! \(error)" }
            return nil
        }
        rows.append(("", "\(names.count - broken.count) load"))
        rows += broken.map { ("", $0) }
        return rows.map { label, text in
            DisplayText.clip(label + String(repeating: " ", count: 15 - label.count) + text, width: 400).text + "\n"
        }.joined()
    }

    private static func terminal(_ probe: TerminalProbe) -> String {
        if let obstacle = probe.obstacle { return "! \(obstacle)" }
        let keys = probe.inputIsTerminal ? "" : "; standard input is not a terminal, so keys are read from /dev/tty"
        return "TERM=\(probe.term): usable\(keys)"
    }

    /// The color mode of a live screen in this terminal, and the reason for it.
    private static func colors(_ look: LookOptions, _ configuration: Configuration, _ probe: TerminalProbe) -> String {
        let choice = (try? look.chosenColor()) ?? configuration.color ?? .auto
        let mode = probe.colorMode(choice)
        return "\(mode.depth.title): \(mode.reason)"
    }
}
