import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

/// The documentation's Swift is what `DocumentationSamples.swift` compiles, and does what the articles say.
@Suite("Documentation")
struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let catalogue = Self.root.appendingPathComponent("Sources/ResourceContainer/ResourceContainer.docc")

    private static func articles() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: Self.catalogue, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "md" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    private static func lines(of url: URL) throws -> [String] {
        try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    }

    /// The blocks between ```` ```swift ```` and ```` ``` ````.
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

    /// Whether `block` stands in `source`, indented by whatever is the same in all its lines.
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

    @Test("every Swift block of every article is code that is compiled here")
    func blocksAreCompiled() throws {
        let source = try Self.lines(
            of: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("DocumentationSamples.swift")
        )
        var count = 0
        for article in try Self.articles() {
            for block in Self.blocks(in: try Self.lines(of: article)) {
                count += 1
                #expect(Self.isFound(block, in: source), "\(article.lastPathComponent): \(block.joined(separator: "\n"))")
            }
        }
        #expect(count >= 15)
        #expect(!Self.isFound(["let nothing = of.the.kind"], in: source))
    }

    @Test("every test that the table of the specification page names is there")
    func namedTestsExist() throws {
        let tests = Self.root.appendingPathComponent("Tests").resolvingSymlinksInPath()
        let rows = try Self.lines(of: Self.catalogue.appendingPathComponent("TheSpecificationPage.md"))
            .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") && $0 != "| On the page | Here | Test |" }
        #expect(rows.count > 90)
        var sources: [String: String] = [:]
        for row in rows {
            let cells = row.components(separatedBy: " | ")
            let cell = try #require(cells.count == 3 ? cells.last?.dropLast(2) : nil, "\(row)")
            if cell == "comes with later work" { continue }
            for name in cell.components(separatedBy: ", ") {
                let parts = name.trimmingCharacters(in: CharacterSet(charactersIn: "`")).split(separator: "/").map(String.init)
                try #require(parts.count == 2, "\(row)")
                let source = try sources[parts[0]] ?? Self.source(of: parts[0], below: tests)
                sources[parts[0]] = source
                #expect(source.contains("func \(parts[1])("), "\(name)")
            }
        }
    }

    private static func source(of suite: String, below directory: URL) throws -> String {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
        while let url = files?.nextObject() as? URL {
            if url.lastPathComponent == "\(suite).swift" { return try String(contentsOf: url, encoding: .utf8) }
        }
        Issue.record("there is no \(suite).swift")
        return ""
    }
}
