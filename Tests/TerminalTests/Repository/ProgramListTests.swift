import Foundation
import Testing

/// Checks that `tools/programs`, from which `tools/setup` installs, lists every program started by tests, tools and make targets.
@Suite("Required programs")
struct ProgramListTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private struct Row {
        var program: String
        var package: String
        var needed: [Substring]
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func rows() throws -> [Row] {
        try self.text("tools/programs").split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: " ")
            try #require(fields.count == 3, "\(line)")
            return Row(program: String(fields[0]), package: String(fields[1]), needed: fields[2].split(separator: ","))
        }
    }

    private static func files(below path: String, ending end: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: self.root.appendingPathComponent(path).path)
        return names.filter { $0.hasSuffix(end) && !$0.contains(".build") }.map { "\(path)/\($0)" }.sorted()
    }

    /// Returns the programs started by shell code in Swift, and those started by name.
    private static func programs(inSwift text: String) -> Set<String> {
        var found: Set<String> = []
        for match in text.matches(of: #/(?:terminal\.run|self\.shell|shell)\("((?:[^"\\]|\\.)*)"\)/#)
            + text.matches(of: #/"-c", "((?:[^"\\]|\\.)*)"/#)
        {
            // An interpolation may contain anything.
            let line = match.1.replacing(#/\\\([^()]*(\([^()]*\))?[^()]*\)/#, with: "$x").replacing("\\\"", with: "\"").replacing(
                "\\\\",
                with: "\\"
            )
            found.formUnion(ShellCommands(String(line)).programs)
        }
        for match in text.matches(of: #/"(?:/usr)?/s?bin/([a-z0-9.-]+)"/#) { found.insert(String(match.1)) }
        for match in text.matches(of: #/(?:"/usr/bin/env", |process\.arguments = )\["([a-z][a-z0-9-]*)"/#) { found.insert(String(match.1)) }
        for match in text.matches(of: #/ServerProcess(?:\.run)?\(\s*"([a-z][a-z0-9-]*)"/#) { found.insert(String(match.1)) }
        for match in text.matches(of: #/\["(env|bash|sh|setpriv)"/#) { found.insert(String(match.1)) }
        return found
    }

    private static func programs(inPython text: String) -> Set<String> {
        Set(text.matches(of: #/(?:subprocess\.\w+\(|= )\s*\["([a-z][a-z0-9-]*)"/#).map { String($0.1) })
    }

    /// Returns the programs that each file starts, with the make target that needs them.
    private static func started() throws -> [(file: String, programs: Set<String>, target: Substring)] {
        var started: [(file: String, programs: Set<String>, target: Substring)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: self.root.appendingPathComponent("tools").path).sorted() {
            guard name != "programs" else { continue }
            let text = try self.text("tools/\(name)")
            let target: Substring =
                switch name {
                case "test-integration", "test-embedding", "test-readme", "compare-metrics": "integration"
                case "test-adapters", "test-traits", "bench-hummingbird": "adapters"
                case "mutations": "mutations"
                case "bench-peers": "peers"
                case "api", "documentation": "docs"
                case "measure-terminal", "measure-attach": "optional"
                case "install", "manual": "install"
                case "dist", "test-dist": "dist"
                default: "test"
                }
            let isPython = text.hasPrefix("#!/usr/bin/env python3")
            started.append(
                (
                    "tools/\(name)", isPython ? self.programs(inPython: text).union(["env", "python3"]) : ShellCommands(text).programs,
                    target
                )
            )
        }
        started.append((".ci/run", ShellCommands(try self.text(".ci/run")).programs, "integration"))
        let recipes = try self.text("Makefile").split(separator: "\n").filter { $0.hasPrefix("\t") }
            .map { $0.drop { $0 == "\t" || $0 == "@" }.replacing("$$", with: "$").replacing(#/\$\([A-Z]+\)/#, with: "$x") }
        started.append(("Makefile", ShellCommands(recipes.joined(separator: "\n")).programs, "test"))
        for file in try self.files(below: "Tests", ending: ".swift") where !file.hasSuffix("ProgramListTests.swift") {
            let needsServers = file.contains("IntegrationTests/") || file.contains("LoopbackServers/")
            started.append((file, self.programs(inSwift: try self.text(file)), needsServers ? "integration" : "test"))
        }
        return started
    }

    @Test("Every program that is started is listed for the target that needs it.")
    func listed() throws {
        let rows = Dictionary(uniqueKeysWithValues: try Self.rows().map { ($0.program, $0) })
        let started = try Self.started()
        let everything = started.reduce(into: Set<String>()) { $0.formUnion($1.programs) }
        // Guards against a search that finds nothing.
        #expect(everything.isSuperset(of: ["tmux", "swift", "promtool", "python3", "dpkg", "apt-get", "pgrep", "curl", "stty", "env"]))
        var missing: [String] = []
        for (file, programs, target) in started {
            let enough: Set<Substring> =
                switch target {
                case "integration": ["base", "swift", "given", "build", "test", "integration"]
                case "adapters": ["base", "swift", "given", "build", "test", "adapters"]
                case "mutations": ["base", "swift", "given", "build", "mutations"]
                case "peers": ["base", "swift", "given", "build", "peers"]
                case "docs": ["base", "swift", "given", "build", "docs"]
                case "install": ["base", "swift", "given", "build", "install"]
                case "dist": ["base", "swift", "given", "build", "install", "dist", "optional"]
                case "optional": ["base", "swift", "given", "build", "test", "integration", "mutations", "optional"]
                default: ["base", "swift", "given", "build", "test", "optional"]
                }
            for program in programs.sorted() where enough.isDisjoint(with: rows[program]?.needed ?? []) {
                let targets = rows[program].map { "for \($0.needed.joined(separator: ","))" } ?? "nowhere"
                missing.append("\(file), needed for \(target), starts \(program), which tools/programs has \(targets)")
            }
        }
        #expect(missing == [])
    }

    @Test("The list contains no program that is not started.")
    func needed() throws {
        let sources = try Self.files(below: "Tests", ending: ".swift")
        let tools = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent("tools").path)
        let files = sources.filter { !$0.hasSuffix("ProgramListTests.swift") } + tools.filter { $0 != "programs" }.map { "tools/\($0)" }
        let all = try (files + ["Makefile", ".ci/run"]).map(Self.text).joined(separator: "\n")
        let words = Set(all.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
        let idle = try Self.rows().map(\.program).filter { !words.contains($0) }
        #expect(idle == [])
    }

    @Test(
        "tools/setup installs the listed packages and the libraries needed to build.",
        arguments: ["build", "test", "integration", "adapters", "mutations", "install", "dist"]
    )
    func installed(target: String) async throws {
        let result = try await ChildProcess.run("/bin/bash", [Self.root.appendingPathComponent("tools/setup").path, "list", target])
        #expect(result.status == 0)
        let packages = Set(result.output.split(separator: "\n").map(String.init))
        #expect(packages.isSuperset(of: ["libncurses-dev", "libsqlite3-dev", "libcurl4-openssl-dev", "git"]))
        let before: [Substring] =
            switch target {
            case "integration", "adapters": ["test", Substring(target)]
            case "dist": ["install", "dist"]
            default: [Substring(target)]
            }
        for row in try Self.rows() where !Set(before).isDisjoint(with: row.needed) { #expect(packages.contains(row.package)) }
        for row in try Self.rows() where row.needed == ["optional"] || row.needed == ["base"] { #expect(!packages.contains(row.package)) }
    }

    @Test(
        "Packages listed as base are essential or required on every Debian system.",
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/dpkg-query"))
    )
    func base() async throws {
        let packages = Set(try Self.rows().filter { $0.needed == ["base"] }.map(\.package)).sorted()
        let result = try await ChildProcess.run("/usr/bin/dpkg-query", ["-W", "-f", "${Package} ${Essential} ${Priority}\n"] + packages)
        for line in result.output.split(separator: "\n") {
            #expect(line.contains(" yes ") || line.hasSuffix(" required"), "\(line)")
        }
        #expect(result.output.split(separator: "\n").count == packages.count)
    }

    @Test("One version of Swift is documented, and the tests run with it.")
    func version() throws {
        let setup = try Self.text("tools/setup")
        let version = try #require(setup.firstMatch(of: #/readonly tested_swift=([0-9.]+)/#)).1
        let named = try Self.text("README.md").matches(of: #/Swift ([0-9]+\.[0-9]+)/#).map(\.1)
        #expect(!named.isEmpty)
        #expect(named.allSatisfy { $0 == version })
        #if swift(>=6.3) && !swift(>=6.4)
            #expect(version == "6.3")
        #else
            Issue.record("the tests run with a Swift version other than \(version)")
        #endif
    }

    @Test("Shell commands are found at the positions where a shell runs them.")
    func shell() {
        let script = """
            #!/usr/bin/env bash
            # tmux is named in a comment
            set -euo pipefail
            readonly list=(alpha beta)
            work=$(mktemp -d); port="$(python3 -c 'import os; print(1)')"
            finish() { rm -rf "$work"; }
            case "$1" in
            build | test) one ;;
            *) echo "two three" >&2 ;;
            esac
            if ! printf x | grep -q 'tail -n'; then exec four --five; fi
            for name in six seven; do eight <(nine) >"$work/out" 2>&1 & done
            "${prefix[@]}" env A=b ten -y | eleven || finish
            cat >"$work/x" <<END
            twelve: thirteen
            END
            FOO=bar fourteen; ((x + 1)); [ -n "$x" ] && tools/other
            """
        #expect(
            ShellCommands(script).programs.sorted()
                == [
                    "cat", "eight", "eleven", "env", "fourteen", "four", "grep", "mktemp", "nine", "one", "python3", "rm", "ten",
                ].sorted()
        )
    }
}
