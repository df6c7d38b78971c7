import DemoScenarios
import Foundation
import ResourceContainer
import ResourceDashboard
import ResourceDashboardTesting
import ResourceScenarios
import Testing

/// Draws every view of four scenarios at 75 s with seed 7, and checks that no text is cut while there is room for it.
@Suite("Scenario golden files")
struct ScenarioSnapshotTests {
    static let sizes = [
        Size(width: 80, height: 24), Size(width: 100, height: 30), Size(width: 120, height: 36), Size(width: 160, height: 48),
        Size(width: 200, height: 60),
    ]
    static let scenarios: [(name: String, type: any Scenario.Type)] = [
        ("checkout", CheckoutScenario.self), ("exhaustion", ExhaustionScenario.self), ("leak", LeakScenario.self),
        ("outage", OutageScenario.self),
    ]

    /// A box of the screen.
    struct Box {
        var title: String
        /// The rows inside the box, without its borders.
        var rows: [String]
    }

    /// Returns the boxes of a screen, in which each character is one cell wide.
    static func boxes(_ text: String) -> [Box] {
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        var boxes: [Box] = []
        for (y, row) in rows.enumerated() {
            for x in row.indices where row[x] == "╭" {
                guard let right = row[x...].firstIndex(of: "╮"),
                    let bottom = rows[y...].firstIndex(where: {
                        $0.indices.contains(x) && $0[x] == "╰" && $0.indices.contains(right) && $0[right] == "╯"
                    })
                else { continue }
                let inside = rows[(y + 1)..<bottom].map { String($0[(x + 1)..<right]) }
                boxes.append(
                    Box(title: String(row[(x + 1)..<right]).trimmingCharacters(in: CharacterSet(charactersIn: "─ ")), rows: inside)
                )
            }
        }
        return boxes
    }

    /// The titles of the boxes whose rows are sentences.
    private static let sentences = [
        "Needs attention", "Explained", "Last error", "Warnings and errors", "Overall", "changes", "Selected", "Newest",
    ]

    /// Returns the rows that are cut although their box has room: a sentence beside a blank row, or a row that ends in four blanks.
    static func cutRows(_ text: String) -> [String] {
        Self.boxes(text).flatMap { box -> [String] in
            let hasRoom = box.rows.contains { $0.allSatisfy { $0 == " " } }
            let isSentences = Self.sentences.contains { box.title.contains($0) }
            return box.rows.filter { row in
                // An ellipsis after a blank counts rows that are not shown; it cuts nothing.
                guard row.contains(#/[^ ]…/#) else { return false }
                let trimmed = row.reversed().drop { $0 == " " }
                let endsCut = trimmed.first == "…"
                let blanks = row.count - trimmed.count
                return isSentences ? hasRoom && endsCut : blanks >= 4
            }.map { "\(box.title): \($0)" }
        }
    }

    @Test(
        "Each view of a scenario matches its golden file at each size, and no text is cut while there is room.",
        arguments: Self.scenarios.map(\.name)
    )
    func views(_ name: String) async throws {
        let scenario = try #require(Self.scenarios.first { $0.name == name })
        let session = try SimulatedSession(scenario.type, seed: 7)
        var state = DashboardState(
            configuration: DashboardConfiguration(
                origin: "simulated seed 7",
                clock: WallClock(originNanoseconds: SimulatedSession.epochSeconds * 1_000_000_000),
                size: Size(width: 120, height: 36),
                isPaused: true
            )
        )
        for update in await session.advance(to: .seconds(75)) { _ = state.update(.monitor(update)) }
        for (index, view) in DashboardView.allCases.enumerated() {
            _ = state.update(.input(.key(Key(Character("\(index + 1)")))))
            for size in Self.sizes {
                _ = state.update(.input(.resize(size)))
                let text = TextRenderer.render(state.render())
                #expect(Self.cutRows(text) == [], "\(name), \(view.rawValue), \(size.width)x\(size.height)")
                try Self.golden("\(name)-\(view.rawValue)-\(size.width)x\(size.height)").expect(text)
            }
        }
    }

    private static func golden(_ name: String, filePath: String = #filePath) -> GoldenFile {
        let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent().deletingLastPathComponent()
        return GoldenFile(path: folder.appendingPathComponent("Golden/Scenarios/\(name).txt").path)
    }

    @Test("A cut row is found only where there is room.")
    func rule() {
        let roomy = "╭─ Needs attention 1 ─╮\n│ a long sentence tha…│\n│                     │\n╰─────────────────────╯\n"
        let full = "╭─ Needs attention 1 ─╮\n│ a long sentence tha…│\n╰─────────────────────╯\n"
        let table = "╭─ Resources 1 ───────╮\n│ Datab…  ready       │\n╰─────────────────────╯\n"
        #expect(Self.cutRows(roomy).count == 1)
        #expect(Self.cutRows(full).isEmpty)
        #expect(Self.cutRows(table).count == 1)
    }
}
