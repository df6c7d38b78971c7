import Foundation
import Testing

@testable import ResourceDashboard

/// Checks that the pages about the dashboard describe its keys, its filters and its composition as they are.
@Suite("Pages about the dashboard")
struct PagesTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func lines(of path: String) throws -> [String] {
        try String(contentsOf: self.root.appendingPathComponent(path), encoding: .utf8).components(separatedBy: "\n")
    }

    /// Returns the first two cells of each row of the table with a header in docs/dashboard.md.
    private static func rows(below header: String) throws -> [(first: String, second: String)] {
        let table = try self.lines(of: "docs/dashboard.md").drop { $0 != header }.dropFirst(2).prefix { $0.hasPrefix("| ") }
        return table.map { row in
            let cells = row.dropFirst(2).components(separatedBy: " | ")
            return (cells[0], cells.count > 1 ? cells[1] : "")
        }
    }

    /// Returns the words of code spans. A backtick by itself is a word.
    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map { $0 == "`" ? "`" : $0.trimmingCharacters(in: ["`"]) }.filter { !$0.isEmpty }
    }

    @Test("The table of keys in docs/dashboard.md has every key, and every command without a key.")
    func keys() throws {
        let shown = try Self.rows(below: "| Keys | Commands |").flatMap { Self.words($0.first) }
        let expected = CommandInfo.all.flatMap { info in info.keys.isEmpty ? [info.label] : info.keys.map(\.name) }
        #expect(shown.sorted() == expected.sorted())
    }

    @Test("The fields in docs/dashboard.md are those of the main list of each view.", arguments: DashboardView.allCases.dropFirst())
    func fields(_ view: DashboardView) throws {
        let rows = try Self.rows(below: "| Rows | Fields |")
        let found = rows.first { $0.first.components(separatedBy: ";")[0].components(separatedBy: ", ").contains(view.title) }
        let cell = try #require(found?.second)
        let shown = Self.words(cell.components(separatedBy: ";")[0].replacing(" |", with: ""))
        let screen = ScreenList.builtIn[view]
        let list = try #require(screen.list(at: screen.listIndex))
        #expect(shown.sorted() == list.fields.map(\.rawValue).sorted())
    }

    @Test("The sample in CONTRIBUTING.md is a part of the view that tests add.")
    func sample() throws {
        let block = try Self.lines(of: "CONTRIBUTING.md").drop { $0 != "```swift" }.dropFirst().prefix { $0 != "```" }
        let view = try Self.lines(of: "Tests/ResourceDashboardTests/Support/WordsScreen.swift").joined(separator: "\n")
        let paragraphs = block.split(whereSeparator: \.isEmpty).map { $0.joined(separator: "\n") }
        #expect(paragraphs.count > 5)
        for paragraph in paragraphs { #expect(view.contains(paragraph)) }
    }
}
