import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

/// Checks that every library has a documentation catalog, that the Swift code of the catalogs is compiled in a test target, and that their
/// tables are current.
@Suite("Documentation")
struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let catalog = Self.root.appendingPathComponent("Sources/ResourceContainer/ResourceContainer.docc")

    /// Returns the articles of every catalog.
    private static func articles() throws -> [URL] {
        let modules = try FileManager.default.contentsOfDirectory(
            at: Self.root.appendingPathComponent("Sources"),
            includingPropertiesForKeys: nil
        )
        return
            try modules
            .map { $0.appendingPathComponent("\($0.lastPathComponent).docc") }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
            .flatMap { try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil) }
            .filter { $0.pathExtension == "md" }
            .sorted { $0.path < $1.path }
    }

    /// Returns the lines of the compiled samples: the files of this folder, those of the libraries' test targets, and the README's.
    private static func samples() throws -> [String] {
        let tests = Self.root.appendingPathComponent("Tests").resolvingSymlinksInPath()
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        var lines: [String] = []
        while let url = files?.nextObject() as? URL {
            let name = url.lastPathComponent
            guard name.hasSuffix(".swift") else { continue }
            guard name.hasPrefix("DocumentationSample") || name == "ReadmeSamples.swift" else { continue }
            lines += try Self.lines(of: url)
        }
        return lines
    }

    private static func lines(of url: URL) throws -> [String] {
        try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    }

    /// Returns the blocks between ```` ```swift ```` and ```` ``` ````.
    private static func blocks(in lines: [String]) -> [[String]] {
        var blocks: [[String]] = []
        var rest = lines[...]
        while let start = rest.firstIndex(of: "```swift") {
            let body = rest[(start + 1)...]
            let end = body.firstIndex(of: "```") ?? body.endIndex
            blocks.append(Array(body[..<end]))
            rest = body[end...]
        }
        return blocks
    }

    /// Whether `source` contains `block` with the same indentation in all its lines.
    private static func isFound(_ block: [String], in source: [String]) -> Bool {
        guard let first = block.first, block.count <= source.count else { return false }
        return (0...(source.count - block.count)).contains { start in
            guard source[start].hasSuffix(first) else { return false }
            let indentation = source[start].dropLast(first.count)
            guard indentation.allSatisfy({ $0 == " " }) else { return false }
            return zip(block, source[start...]).allSatisfy { line, compiled in
                line.isEmpty ? compiled.isEmpty : compiled == indentation + line
            }
        }
    }

    @Test("Every library has a documentation catalog.")
    func catalogs() throws {
        let products = try Self.lines(of: Self.root.appendingPathComponent("Package.swift")).filter { $0.contains(".library(name: ") }
        let libraries = products.compactMap { $0.components(separatedBy: "\"").dropFirst().first }
        #expect(libraries.count > 15)
        let pages = Set(try Self.articles().map(\.lastPathComponent))
        for library in libraries { #expect(pages.contains("\(library).md"), "\(library)") }
    }

    @Test("Every Swift block of every article is compiled in a test target.")
    func blocksAreCompiled() throws {
        let source = try Self.samples()
        var count = 0
        for article in try Self.articles() {
            for block in Self.blocks(in: try Self.lines(of: article)) {
                count += 1
                #expect(Self.isFound(block, in: source), "\(article.lastPathComponent): \(block.joined(separator: "\n"))")
            }
        }
        #expect(count >= 50)
        #expect(!Self.isFound(["let nothing = of.the.kind"], in: source))
    }

    @Test("Every test that the table of the specification page names exists.")
    func namedTestsExist() throws {
        let tests = ["Tests"].map { Self.root.appendingPathComponent($0).resolvingSymlinksInPath() }
        let rows = try Self.lines(of: Self.root.appendingPathComponent("docs/specification-page.md"))
            .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") && $0 != "| On the page | Here | Test |" }
        #expect(rows.count > 90)
        var sources: [String: String] = [:]
        for row in rows {
            let cells = row.components(separatedBy: " | ")
            let cell = try #require(cells.count == 3 ? cells.last?.dropLast(2) : nil, "\(row)")
            for name in cell.components(separatedBy: ", ") {
                let parts = name.trimmingCharacters(in: CharacterSet(charactersIn: "`")).split(separator: "/").map(String.init)
                try #require(parts.count == 2, "\(row)")
                let source = try sources[parts[0]] ?? Self.source(of: parts[0], below: tests)
                sources[parts[0]] = source
                #expect(Self.isTest(parts[1], in: source), "\(name)")
            }
        }
    }

    /// Whether `source` has a function of this name that directly follows `@Test` and its arguments.
    private static func isTest(_ name: String, in source: String) -> Bool {
        source.ranges(of: "func \(name)(").contains { function in
            let before = source[..<function.lowerBound]
            guard let attribute = before.range(of: "@Test(", options: .backwards) else { return false }
            return !before[attribute.upperBound...].contains("func ")
        }
    }

    @Test("A test is a function with the attribute; helpers and unknown names are not tests.")
    func testsAreRecognized() {
        let source =
            "@Test(\"text\")\nfunc one() {}\nfunc helper() {}\nfunc two() {}\n@Test(\n\"text\", arguments: 0..<3\n)\nfunc two(x: Int) {}"
        #expect(["one", "two"].allSatisfy { Self.isTest($0, in: source) })
        #expect(!["helper", "three", "tw"].contains { Self.isTest($0, in: source) })
    }

    @Test("The table of pool settings lists every setting in order, with its default.")
    func settings() throws {
        let rows = try Self.lines(of: Self.catalog.appendingPathComponent("PoolsOfResources.md"))
            .filter { $0.hasPrefix("| ``PoolConfiguration/") }
            .map { $0.components(separatedBy: " | ") }
        let settings = Mirror(reflecting: PoolConfiguration(maximum: 1)).children.map { ($0.label ?? "", $0.value) }
        #expect(rows.map { $0[0] } == settings.map { "| ``PoolConfiguration/\($0.0)``" })
        for (row, setting) in zip(rows, settings) {
            try #require(row.count == 4)
            #expect(row[2] == (setting.0 == "maximum" ? "none: mandatory" : Self.text(setting.1)), "\(setting.0)")
        }
    }

    /// Formats a default as the table does.
    private static func text(_ value: Any) -> String {
        switch value {
        case let duration as Duration where duration < .seconds(1): "\(duration / .milliseconds(1))".replacing(".0", with: "") + " ms"
        case let duration as Duration: "\(duration / .seconds(1))".replacing(".0", with: "") + " s"
        case let value as any RawRepresentable<String>: "`\(value.rawValue)`"
        case let number as Double: "\(number)"
        case let number as Int: "\(number)"
        default: "never"
        }
    }

    private static func source(of suite: String, below directories: [URL]) throws -> String {
        for directory in directories {
            let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
            while let url = files?.nextObject() as? URL {
                if url.lastPathComponent == "\(suite).swift" { return try String(contentsOf: url, encoding: .utf8) }
            }
        }
        Issue.record("there is no \(suite).swift")
        return ""
    }
}
