import Foundation
import Logging
import ResourceAttach
import ResourceContainer
import ResourceRecording
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

/// A service that runs until graceful shutdown.
private struct Bystander: Service {
    func run() async throws { try await gracefulShutdown() }
}

/// Checks that the Swift code in the README and in `docs` is the code in the files of samples here and does what the pages describe.
@Suite("README and guides")
struct ReadmeTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Returns the README, the pages in `docs`, and the guides of the scenarios, each as lines. The README is first.
    private static func pages() throws -> [(name: String, lines: [String])] {
        var names = ["README.md"]
        for folder in ["docs", "docs/scenarios"] {
            let files = try FileManager.default.contentsOfDirectory(atPath: self.root.appendingPathComponent(folder).path)
            names += files.filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
        }
        return try names.map { name in
            let text = try String(contentsOf: self.root.appendingPathComponent(name), encoding: .utf8)
            return (name, text.components(separatedBy: "\n"))
        }
    }

    @Test("Every sample in the README and the guides equals the code compiled here.")
    func samplesAreCompiled() throws {
        var compiled: [String: String] = [:]
        for file in ["ReadmeSamples", "ClientPoolSamples", "MigrationSamples"] {
            let url = Self.root.appendingPathComponent("Tests/TerminalTests/Readme/\(file).swift")
            let source = try String(contentsOf: url, encoding: .utf8)
            compiled.merge(Self.blocks(in: source, begin: "// sample: ", end: "// end", skipping: 0)) { first, _ in
                Issue.record("\(file).swift repeats the name of a sample")
                return first
            }
        }
        var shown: [String: String] = [:]
        for page in try Self.pages() {
            let text = page.lines.joined(separator: "\n")
            shown.merge(Self.blocks(in: text, begin: "<!-- sample: ", end: "```", skipping: 1)) { first, _ in
                Issue.record("\(page.name) repeats the name of a sample")
                return first
            }
        }
        // The manifest cannot be compiled here. tools/test-readme builds it with the first sample.
        #expect(shown.removeValue(forKey: "package")?.hasPrefix("// swift-tools-version: 6.2\n") == true)
        shown["shop"] = shown["shop"].map(Self.withoutEntryPoint)
        #expect(shown.keys.sorted() == compiled.keys.sorted())
        for (name, text) in compiled { #expect(shown[name] == text, "the sample \(name)") }
    }

    @Test("All Swift code in the README and the guides is a compiled sample.")
    func noOtherSwift() throws {
        for page in try Self.pages() {
            let fences = page.lines.indices.filter { page.lines[$0] == "```swift" }
            for fence in fences { #expect(page.lines[fence - 1].hasPrefix("<!-- sample: "), "\(page.name), line \(fence + 1)") }
            guard page.name == "README.md" else { continue }
            #expect(fences.count == 2)
            #expect(page.lines.count <= 115)
        }
    }

    /// Returns the code of a file without its imports and `@main`, which ``FirstSample`` cannot contain.
    private static func withoutEntryPoint(_ text: String) -> String {
        let lines = text.components(separatedBy: "\n").filter { !$0.hasPrefix("import ") && $0 != "@main" }
        return lines.drop { $0.isEmpty }.joined(separator: "\n")
    }

    @Test("The samples create resources on first use and dispose dependents first.")
    func samplesRun() async throws {
        let journal = Journal()
        let container = try EmbeddingSamples.makeContainer(journal: journal)
        #expect(journal.lines.isEmpty)
        let text = await EmbeddingSamples.watch(container)
        let created = #"resmon_resources_created_total{container="shop",key="Database"} 0"#
        #expect(text.hasPrefix("0 answers\n# HELP "))
        #expect(text.contains(created))
        let report = try await EmbeddingSamples.serving(container) { try await EmbeddingSamples.run(container) }
        #expect(journal.lines == ["database opened", "ordered a kettle", "orders written", "database closed"])
        #expect(report.isClean)
    }

    @Test("The recorder of the guides reaches back to its beginning, and saves by itself on the findings that the guide names.")
    func recorders() async throws {
        let container = try EmbeddingSamples.makeContainer(journal: Journal())
        let (attach, recording) = EmbeddingSamples.serveWithPast(container)
        #expect(attach.path == nil)
        try await container.close()
        // The recorder ends after the container.
        await recording.value
        #expect(try EmbeddingSamples.recorder(container).keeping == .seconds(600))
    }

    @Test("A client with its own pool starts with its container, appears among the pools, and ends after its users.")
    func clientPools() async throws {
        let container = try ClientPoolSamples.makeContainer()
        #expect(container.validate().isValid)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await testGracefulShutdown { trigger in
            async let run: Void = ClientPoolSamples.serve(container, Bystander(), logger)
            while container.snapshot().pools.isEmpty { await Task.yield() }
            let pool = container.snapshot().pools.first
            #expect(pool?.name == "mail")
            #expect(pool?.isBalanced == true)
            #expect(pool?.leased == 2)
            try await container.withScope("issue") { try await $0.get(Newsletter.self).deliver("issue 1") }
            trigger.triggerGracefulShutdown()
            try await run
        }
        #expect(!container.root.isOpen)
    }

    @Test("The samples for users of other libraries run, and the container that they create is valid.")
    func migration() async throws {
        let container = try MigrationSamples.makeContainer()
        #expect(MigrationSamples.problems(of: container) == 0)
        try await MigrationSamples.run(container)
        try await MigrationSamples.override(container)
        try MigrationSamples.lifecycle(container)
        _ = try await container.get(SMTPMailer.self)
        #expect(try await container.close().isClean)
    }

    @Test("Every command of the README and the guides runs in an empty directory.")
    func commandsRun() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        var commands: [String] = []
        for page in try Self.pages() {
            var isCommand = false
            for line in page.lines {
                if line.hasPrefix("```") { isCommand = line == "```sh" }
                guard isCommand, line.hasPrefix("resmon ") else { continue }
                commands.append(line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces))
            }
        }
        #expect(commands.count > 25)
        // The commands of docs/attach.md need a process that serves a container named `shop`.
        let sockets = try SocketDirectory()
        defer { sockets.remove() }
        let container = try EmbeddingSamples.makeContainer(journal: Journal())
        let flight = FlightRecorder(container)
        let attach = ResourceAttach(container, flight: flight, options: AttachOptions(directory: sockets.path))
        attach.start()
        defer { attach.stop() }
        for command in commands {
            let arguments = "exec \(ResmonProgram.path) \(command.dropFirst("resmon ".count)) </dev/null"
            let script = "cd '\(directory.path)' && export RESMON_SOCKET_DIR='\(sockets.path)' && \(arguments)"
            let result = try await ChildProcess.run("/bin/sh", ["-c", script])
            // A replay needs a terminal; its error names the command that does not.
            let expected: Int32 = command.hasPrefix("resmon replay") ? 2 : 0
            #expect(result.status == expected, "\(command): \(result.errors)")
            if expected == 2 { #expect(result.errors.contains("resmon snapshot --recording leak.jsonl")) }
        }
        try await container.close()
    }

    /// The environment variable that marks the process started in a terminal by ``DashboardSampleTests``.
    static let inTerminal = "RESMON_TESTS_IN_TERMINAL"

    @Test(
        "The dashboard sample runs in a terminal that another test drives.",
        .enabled(if: ProcessInfo.processInfo.environment[inTerminal] != nil)
    )
    func dashboardSample() async throws {
        let container = try EmbeddingSamples.makeContainer(journal: Journal())
        try await EmbeddingSamples.show(container)
        try await container.close()
    }

    @Test(
        "The first sample runs in a terminal that another test drives.",
        .enabled(if: ProcessInfo.processInfo.environment[inTerminal] != nil)
    )
    func firstSample() async throws {
        try await FirstSample.Shop.main()
    }

    /// Returns the text between each line that begins with `begin` and the next line equal to `end`, unindented, by sample name.
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
    @Suite("Samples in a terminal")
    struct DashboardSampleTests {
        @Test("The dashboard sample shows its container until the user quits.")
        func dashboard() async throws {
            try await TmuxSession.with { terminal in
                try await Self.start("dashboardSample", in: terminal)
                try await Self.waitForDashboard(in: terminal)
                try await terminal.press("2", "O")
                try await terminal.type("mine")
                try await terminal.press("Enter")
                try await terminal.waitFor("· mine")
                try await terminal.press("Q")
                let screen = try await terminal.waitFor("1 test in 1 suite passed")
                #expect(screen.contains("closed scope mine"))
            }
        }

        @Test("A second terminal shows the first sample of the README, and acts on it.")
        func first() async throws {
            let sockets = try SocketDirectory()
            defer { sockets.remove() }
            try await TmuxSession.with(environment: sockets.environment) { terminal in
                try await Self.start("firstSample", in: terminal)
                try await sockets.waitForContainer("shop")
                let second = try await terminal.anotherPane(environment: sockets.environment)
                try await second.startResmon("attach shop --act")
                try await second.press("2")
                try await second.waitFor("Orders")
                try await second.press("O")
                try await second.type("mine")
                try await second.press("Enter")
                try await second.waitFor("· mine")
                try await second.press("Q")
                let screen = try await second.waitFor(ResmonProgram.ended(0))
                #expect(screen.contains("closed scope mine"))
                try await terminal.press("C-c")
                try await terminal.waitUntil("the end of the sample") { $0.components(separatedBy: TmuxSession.prompt).count > 2 }
            }
        }

        /// Starts a test of ``ReadmeTests`` in the terminal.
        private static func start(_ test: String, in terminal: TmuxSession) async throws {
            let tests = CommandLine.arguments[0]
            try await terminal.run(
                "\(ReadmeTests.inTerminal)=1 \(tests) --testing-library swift-testing --filter ReadmeTests/\(test)"
            )
        }

        /// Waits for the dashboard of the process in the terminal.
        private static func waitForDashboard(in terminal: TmuxSession) async throws {
            try await terminal.waitUntil("the dashboard") { screen in
                let isUp = try await terminal.value("alternate_on") == "1"
                return isUp && screen.contains("shop in-process")
            }
        }
    }
}
