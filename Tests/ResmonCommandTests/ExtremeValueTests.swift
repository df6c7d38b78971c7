import CursesTerminal
import Foundation
import ResourceDashboard
import ResourceSimulation
import Testing

@testable import resmon

/// Any outside input is accepted or rejected with a sentence. No input traps or takes long.
@Suite("Extreme values")
struct ExtremeValueTests {
    private static let surroundings = Surroundings(environment: [:], executable: "/nowhere/bin/resmon")

    /// Values at the limits of numbers, and strings that are not numbers.
    private static let values = [
        "", "0", "1", "-1", "+1", "1e400", "inf", "-inf", "nan", "0x10", "5\u{301}", "\u{661}", " 1", "1 ", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", String(repeating: "9", count: 400), "1.5", "\u{0}",
        "\u{1B}[31m",
        "9223372036854775807s", "9223372036854775807h", "0ms", "24h", "86400001ms", "1000x1000", "1001x1", "9223372036854775807x1", "x",
        "=",
        "Cart=", "Cart=-1", "Cart=9223372036854775807", "Cart=1h", "=1",
    ]

    @Test("Every option accepts or rejects every extreme value.", arguments: values)
    func options(value: String) throws {
        func check(_ body: () throws -> Void) {
            do {
                try body()
            } catch {
                let text = (error as? UsageFault)?.description ?? Resmon.message(for: error)
                #expect(!text.isEmpty)
            }
        }
        for option in [
            "--at", "--seed", "--size", "--view", "--format", "--theme", "--every", "--for", "--color", "--glyphs", "--rate", "--resources",
        ] {
            check {
                let arguments = ["storm", "\(option)=\(value)"] + (option == "--every" ? ["--for", "10s"] : [])
                _ = try SnapshotPlan(try SnapshotCommand.parse(arguments), Self.surroundings)
            }
        }
        for option in ["--fps", "--rate", "--resources", "--postgres", "--at", "--seed"] {
            check {
                _ = try DemoPlan(try DemoCommand.parse(["storm", "--simulated", "\(option)=\(value)"]), Self.surroundings, TerminalProbe())
            }
        }
        for option in ["--max-active", "--max-lifetime", "--fail-on"] {
            check { _ = try CheckCommand.parse(["x.jsonl", "\(option)=\(value)"]).limits() }
        }
        check { _ = try DurationArgument("--x", parsing: value) }
        check { _ = try SizeArgument("--x", parsing: value) }
    }

    @Test("Digits with combining accents are rejected in durations and sizes.")
    func accents() {
        #expect(
            throws: UsageFault("--x: '5\u{301}s' is not a duration: give a whole number with a unit, such as 500ms, 12s, 5m or 1h")
        ) {
            try DurationArgument("--x", parsing: "5\u{301}s")
        }
        #expect(throws: UsageFault("--x: '5\u{301}x5' is not a size: columns x rows is accepted, such as 120x36")) {
            try SizeArgument("--x", parsing: "5\u{301}x5")
        }
    }

    @Test("Environment variables may hold any extreme value.", arguments: values)
    func environment(value: String) throws {
        let environment = ["HOME": value, "XDG_CONFIG_HOME": value, "RESMON_THEME": value]
        let surroundings = Surroundings(environment: environment, executable: "/nowhere/bin/resmon")
        let report = try DoctorCommand.report(try DoctorCommand.parse([]).look, surroundings, TerminalProbe())
        #expect(report.hasPrefix("resmon "))
        #expect(!report.contains("\u{1B}"))
    }

    @Test("The entries of no_proxy are kept, and each loopback name is added once.")
    func proxies() {
        #expect(Surroundings.withLoopback("") == "127.0.0.1,localhost,::1")
        #expect(Surroundings.withLoopback("a.example, localhost") == "a.example, localhost,127.0.0.1,::1")
        #expect(Surroundings.withLoopback("127.0.0.1,localhost,::1") == "127.0.0.1,localhost,::1")
    }

    private static let configuration = """
        # What a person may set.
        theme: "mono"
        themes-dir: ~/themes
        glyphs: block
        color: 256
        view: pools
        fps: 10
        mouse: off
        keys:
          scope.open: [F5, C-o]
          quit.now: ""
          filter: '/'

        """

    private static let theme = """
        system: "base16"
        name: 'Mine'
        variant: dark
        palette:
          base00: "131e28"
        \((1..<16).map { "  base0\(String($0, radix: 16, uppercase: true)): \"#a0b0c\($0 % 10)\"" }.joined(separator: "\n"))
        resmon:
          selected: "#ffffff on #000000 bold"
          title: "base07 bold"

        """

    /// The text with some bytes changed, removed, repeated, or replaced by YAML syntax.
    private static func mutated(_ text: String, _ random: inout some RandomNumberGenerator) -> String {
        let pieces = [
            "[", "{", "]", "}", "- ", "? ", ": ", "&a ", "*a ", "'", "\"", "#", "|", ">", "%", "@", "!!int ", "---\n", "...\n", "\t",
            "\r\n", "\u{FEFF}",
            "9223372036854775808", "1e999", "-0", ".inf", "~", "<<: ", "\u{85}", "\u{2028}", "\u{0}", "\u{1F9E6}",
        ]
        var characters = Array(text.unicodeScalars.map(String.init))
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let index = Int.random(in: 0..<characters.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: characters[index] = pieces.randomElement(using: &random) ?? ""
            case 1: characters.insert(pieces.randomElement(using: &random) ?? "", at: index)
            case 2: characters.removeSubrange(index..<min(characters.count, index + Int.random(in: 1...20, using: &random)))
            case 3: characters.insert(contentsOf: characters[index..<min(characters.count, index + 40)], at: index)
            default: characters[index] = String(UnicodeScalar(UInt8.random(in: 0...127, using: &random)))
            }
            if characters.isEmpty { characters = [" "] }
        }
        return characters.joined()
    }

    @Test("Configurations with a few bytes changed are read or report a fault with the file name.", arguments: 0..<8)
    func configurations(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<150 {
            let configuration = ConfigurationFile(Self.mutated(Self.configuration, &random), file: "c.yaml").configuration()
            #expect(configuration.problems.allSatisfy { $0.hasPrefix("c.yaml") })
        }
    }

    @Test("Themes with a few bytes changed are read or report a fault.", arguments: 0..<8)
    func themes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<150 {
            do throws(ThemeError) {
                _ = try Theme(yaml: Self.mutated(Self.theme, &random), file: "mine.yaml")
            } catch {
                #expect(error.file == "mine.yaml")
                #expect(!error.reason.isEmpty)
            }
        }
    }

    @Test(
        "YAML that is nested too deep or has aliases is rejected before it is parsed.",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000), String(repeating: "- ", count: 100_000),
            String(repeating: "? ", count: 100_000), "a: &a [x, x]\nb: &b [*a, *a]\n",
            (0..<700).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ]
    )
    func nested(text: String) {
        let configuration = ConfigurationFile(text, file: "c.yaml").configuration()
        #expect(configuration.problems.count == 1)
        let reasons = ["nested too deep", "aliases (*name) are not accepted"]
        #expect(reasons.contains { configuration.problems.first?.contains($0) == true })
        let error = #expect(throws: ThemeError.self) { try Theme(yaml: text, file: "mine.yaml") }
        #expect(reasons.contains { error?.reason.contains($0) == true })
    }

    @Test("Brackets and stars in quotes, comments and words count as neither nesting nor aliases.")
    func notNested() {
        let text =
            "# \(String(repeating: "[", count: 90)) *a\ntheme: \"\(String(repeating: "{", count: 90))\"\nkeys: {filter: ['*', \"[\"]}\n"
        #expect(YAMLText.fault(in: text) == nil)
        #expect(YAMLText.fault(in: "title: 2 *a and it's [\n") == nil)
    }
}
