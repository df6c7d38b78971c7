import Foundation
import ResourceContainer
import Testing

/// The README's Swift is what `ReadmeSamples.swift` compiles, and does what the README says.
@Suite("README")
struct ReadmeTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("every sample is the code that is compiled here")
    func samplesAreCompiled() throws {
        let readme = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        let source = try String(
            contentsOf: Self.root.appendingPathComponent("Tests/TerminalTests/Readme/ReadmeSamples.swift"),
            encoding: .utf8
        )
        let compiled = Self.blocks(in: source, begin: "// sample: ", end: "// end", skipping: 0)
        let shown = Self.blocks(in: readme, begin: "<!-- sample: ", end: "```", skipping: 1)
        #expect(shown.keys.sorted() == compiled.keys.sorted())
        for (name, text) in compiled { #expect(shown[name] == text, "the sample \(name)") }
    }

    @Test("all Swift in the README is such a sample")
    func noOtherSwift() throws {
        let readme = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        let lines = readme.components(separatedBy: "\n")
        let fences = lines.indices.filter { lines[$0] == "```swift" }
        #expect(!fences.isEmpty)
        for fence in fences { #expect(lines[fence - 1].hasPrefix("<!-- sample: "), "line \(fence + 1)") }
        #expect(lines.count <= 151)
    }

    @Test("the samples do what they say: opened when asked for, closed dependents first")
    func samplesRun() async throws {
        let log = SampleLog()
        let container = try ReadmeSamples.makeContainer(log: log)
        #expect(log.lines.isEmpty)
        let text = await ReadmeSamples.watch(container)
        let created = #"resmon_resources_created_total{container="shop",key="Database"} 0"#
        #expect(text.hasPrefix("0 answers\n# HELP ") && text.contains(created))
        let report = try await ReadmeSamples.run(container)
        #expect(log.lines == ["database opened", "ordered a kettle", "orders written", "database closed"])
        #expect(report.isClean)
    }

    @Test("every command of the README and of the guides runs, one after the other, in an empty directory")
    func commandsRun() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let guides = Self.root.appendingPathComponent("docs/scenarios")
        let names = try FileManager.default.contentsOfDirectory(atPath: guides.path).sorted()
        var commands: [String] = []
        for file in [Self.root.appendingPathComponent("README.md")] + names.map({ guides.appendingPathComponent($0) }) {
            let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            var isCommand = false
            for line in lines {
                if line.hasPrefix("```") { isCommand = line == "```sh" }
                guard isCommand, line.hasPrefix("resmon ") else { continue }
                commands.append(line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces))
            }
        }
        #expect(commands.count > 20)
        for command in commands {
            let arguments = "exec \(ResmonProgram.path) \(command.dropFirst("resmon ".count)) </dev/null"
            let script = "cd '\(directory.path)' && \(arguments)"
            let result = try await ChildProcess.run("/bin/sh", ["-c", script])
            // A replay is for the terminal, and says how to do without one.
            let expected: Int32 = command.hasPrefix("resmon replay") ? 2 : 0
            #expect(result.status == expected, "\(command): \(result.errors)")
            if expected == 2 { #expect(result.errors.contains("resmon snapshot --recording leak.jsonl")) }
        }
    }

    /// Says that this process is the one that ``DashboardSampleTests`` started in a terminal.
    static let inTerminal = "RESMON_TESTS_IN_TERMINAL"

    @Test(
        "the dashboard sample, in a terminal that another test drives",
        .enabled(if: ProcessInfo.processInfo.environment[inTerminal] != nil)
    )
    func dashboardSample() async throws {
        let log = SampleLog()
        let container = try ReadmeSamples.makeContainer(log: log)
        try await ReadmeSamples.show(container)
        try await container.close()
    }

    /// The text between lines that begin with `begin` and the next line that is `end`, without its common indentation, by name.
    private static func blocks(in text: String, begin: String, end: String, skipping: Int) -> [String: String] {
        var result: [String: String] = [:]
        var lines = text.components(separatedBy: "\n")[...]
        while let start = lines.firstIndex(where: { $0.trimmingCharacters(in: .whitespaces).hasPrefix(begin) }) {
            let marker = lines[start].trimmingCharacters(in: .whitespaces).dropFirst(begin.count)
            let name = String(marker.prefix { $0.isLetter || $0 == "-" })
            let body = lines[(start + 1 + skipping)...]
            let stop = body.firstIndex { $0.trimmingCharacters(in: .whitespaces) == end } ?? body.endIndex
            let block = body[..<stop]
            let indentation = block.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
            result[name] = block.map { String($0.dropFirst(indentation)) }.joined(separator: "\n")
            lines = lines[stop...]
        }
        return result
    }
}

extension TerminalTests {
    @Suite("README in a terminal")
    struct DashboardSampleTests {
        @Test("the dashboard sample shows the program's own container until the person quits")
        func dashboard() async throws {
            try await TmuxSession.with { terminal in
                let tests = CommandLine.arguments[0]
                try await terminal.run(
                    "\(ReadmeTests.inTerminal)=1 \(tests) --testing-library swift-testing --filter ReadmeTests/dashboardSample"
                )
                try await terminal.waitUntil("the dashboard") { screen in
                    let isUp = try await terminal.value("alternate_on") == "1"
                    return isUp && screen.contains("shop in-process")
                }
                try await terminal.press("2", "O")
                try await terminal.type("mine")
                try await terminal.press("Enter")
                try await terminal.waitFor("· mine")
                try await terminal.press("Q")
                let screen = try await terminal.waitFor("1 test in 1 suite passed")
                #expect(screen.contains("closed scope mine"))
            }
        }
    }
}
