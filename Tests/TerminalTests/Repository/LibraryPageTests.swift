import Foundation
import Testing

/// Checks `docs/libraries.md` against `Package.swift`. `tools/test-traits` checks the packages that each trait adds.
@Suite("Page of the libraries")
struct LibraryPageTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: self.root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func libraries() throws -> [String] {
        try self.text("Package.swift").matches(of: #/\.library\(name: "([A-Za-z]+)"/#).map { String($0.1) }
    }

    private static func traits() throws -> Set<String> {
        let manifest = try self.text("Package.swift")
        let named = manifest.matches(of: #/\.trait\(\s*name: "([A-Za-z]+)"/#).map { String($0.1) }
        return Set(named).union(manifest.matches(of: #/let standard = "([A-Za-z]+)"/#).map { String($0.1) })
    }

    @Test("Each library of the package is in the table once, with its page and an existing trait.")
    func everyLibrary() throws {
        let page = try Self.text("docs/libraries.md")
        let rows = page.matches(of: #/\n\| [^|]+ \| \[`([A-Za-z]+)`\]\(\.\./([^)]+)\) \| (none|`[A-Za-z]+`) \|/#)
        let libraries = try Self.libraries()
        #expect(libraries.count > 15)
        #expect(rows.map { String($0.1) }.sorted() == libraries.sorted())
        let traits = try Self.traits()
        for row in rows {
            let (library, path, trait) = (String(row.1), String(row.2), String(row.3.filter(\.isLetter)))
            #expect(path == "Sources/\(library)/\(library).docc/\(library).md")
            let lines = try Self.text(path).split(separator: "\n")
            #expect(lines.contains("```swift"), "\(path)")
            #expect(trait == "none" || traits.contains(trait), "\(library): \(trait)")
        }
    }

    @Test("Each trait of the package is in the table of traits.")
    func everyTrait() throws {
        let page = try Self.text("docs/libraries.md")
        let traits = try Self.traits()
        #expect(traits.isSuperset(of: ["Standard", "Monitoring", "Postgres"]))
        for trait in traits { #expect(page.contains("\n| `\(trait)` | "), "\(trait)") }
    }
}
