import Foundation
import Testing

/// Packs the program under test as `make dist` packs a release. `tools/test-dist` installs the package of a release in a bare system.
@Suite("Packages for distribution")
struct DistributionTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Returns what a program prints, and requires that it succeeds.
    private static func output(_ executable: String, _ arguments: String...) async throws -> String {
        let result = try await ChildProcess.run(executable, arguments)
        try #require(result.status == 0, "\(executable) \(arguments): \(result.errors)")
        return result.output
    }

    /// Returns the files that both packages contain below the prefix.
    private static func files() async throws -> Set<String> {
        let themes = try FileManager.default.contentsOfDirectory(atPath: self.root.appendingPathComponent("themes").path)
        let help = try await self.output(ResmonProgram.path, "--help")
        let commands = help.matches(of: #/\n  ([a-z]+)(?: \(default\))? {2,}/#).map { String($0.1) }
        // Guards against a pattern that finds nothing.
        #expect(Set(commands).isSuperset(of: ["demo", "attach", "snapshot", "check"]))
        return Set(themes.filter { $0.hasSuffix(".yaml") }.map { "share/resmon/themes/\($0)" })
            .union(commands.map { "share/man/man1/resmon-\($0).1" })
            .union([
                "bin/resmon", "share/man/man1/resmon.1", "share/bash-completion/completions/resmon", "share/zsh/site-functions/_resmon",
                "share/fish/vendor_completions.d/resmon.fish", "share/doc/resmon/copyright", "share/doc/resmon/changelog",
            ])
    }

    @Test(
        "The tarball and the Debian package contain the program, its themes, completions, manual pages, and licenses.",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-shlibdeps"))
    )
    func contents() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = Self.root.appendingPathComponent("tools/dist").path
        let packed = try await Self.output("/bin/bash", script, "--check", ResmonProgram.path, folder.path)
        let paths = packed.split(separator: "\n").map(String.init)
        try #require(paths.count == 2)
        let version = try await Self.output(ResmonProgram.path, "--version").dropFirst("resmon ".count).prefix { $0 != "\n" }
        let name = "resmon-\(version)-linux-"
        #expect(paths[0].contains("/\(name)"))
        let expected = try await Self.files()

        let listed = try await Self.output("/bin/tar", "-tzf", paths[0]).split(separator: "\n").filter { !$0.hasSuffix("/") }
        #expect(listed.allSatisfy { $0.hasPrefix(name) })
        #expect(Set(listed.map { String($0.drop { $0 != "/" }.dropFirst()) }) == expected)
        let page = String(listed.first { $0.hasSuffix("/resmon-snapshot.1") } ?? "")
        let manual = try await Self.output("/bin/tar", "-xzOf", paths[0], page)
        #expect(manual.contains("\\fB\\-\\-view\\fR \\fIview\\fR"))

        let contents = try await Self.output("/usr/bin/dpkg-deb", "--contents", paths[1]).split(separator: "\n")
        #expect(contents.allSatisfy { $0.contains(" root/root ") })
        let installed = contents.compactMap { $0.split(separator: " ").last }.filter { !$0.hasSuffix("/") }
        let compressed = expected.map { $0.contains("/man1/") || $0.hasSuffix("changelog") ? "./usr/\($0).gz" : "./usr/\($0)" }
        #expect(Set(installed.map(String.init)) == Set(compressed))
        let fields = try await Self.output("/usr/bin/dpkg-deb", "--field", paths[1], "Version", "Depends")
        #expect(fields.contains("Version: \(version)\n"))
        for library in ["libc6", "libcurl4", "libncursesw6", "libsqlite3-0"] { #expect(fields.contains(library), "\(fields)") }
    }
}
