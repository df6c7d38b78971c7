import Foundation
import Testing

@testable import ResourceDashboard

@Suite("Composition of screens")
struct ScreenCompositionTests {
    @Test("An added view has a tab, draws its table, and is described by its name.")
    func shown() {
        let state = DashboardState.words()
        #expect(state.lines[1].contains(" 9 Words "))
        #expect(state.lines.contains { $0.contains("Words 50") })
        #expect(state.lines.contains { $0.contains("WORD") && $0.contains("LENGTH") })
        #expect(state.lines.contains { $0.contains("xxxx-10") })
        #expect(state.viewModel().view == WordsScreen.view)
    }

    @Test("An added view filters its rows, counts the matching ones, and refuses fields that it does not have.")
    func filtered() {
        var state = DashboardState.words()
        _ = state.type("/-3")
        #expect(state.list?.count == 10)
        #expect(state.lines[2].contains("10 of 50"))
        _ = state.press(.enter)
        _ = state.press(.escape)
        #expect(state.list?.count == 50)
        _ = state.type("/err>0")
        #expect(state.list?.filter.fault?.reason == "no field \"err\"; fields: name")
    }

    @Test("An added view sorts its rows by key and by a click on a column.")
    func sorted() {
        var state = DashboardState.words()
        #expect(state.list?.sorting?.column == 0)
        _ = state.type("s")
        #expect(state.list?.sorting?.column == 1)
        #expect(state.list?.sorting?.isDescending == true)
        #expect(state.click("WORD", from: 3) != nil)
        #expect(state.list?.sorting?.column == 0)
    }

    @Test("An added view scrolls to its last row, and the mouse selects and opens rows.")
    func moved() {
        var state = DashboardState.words()
        _ = state.type("G")
        #expect(state.list?.selectedIndex == 49)
        let last = state.screens.first(WordsScreen.self)?.rows.rows.last?.id ?? "?"
        #expect(state.lines.contains { $0.contains(" \(last) ") })
        _ = state.type("g")
        #expect(state.click("xx-15") != nil)
        let selected = state.list?.selectedIndex
        #expect(selected != nil)
        #expect(state.view == WordsScreen.view)
        #expect(state.click("xx-15") != nil)
        #expect(state.view == .graph)
        #expect(state.click("9 Words") != nil)
        #expect(state.view == WordsScreen.view)
        #expect(state.list?.selectedIndex == selected)
    }

    @Test("Nothing outside the list of screens switches over the identity of a view.")
    func noSwitches() throws {
        var sources = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { sources.deleteLastPathComponent() }
        sources.appendPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var checked = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            if ["ScreenList.swift", "DashboardView.swift"].contains(file.lastPathComponent) { continue }
            checked += 1
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where Self.switches(line) {
                Issue.record("\(file.lastPathComponent):\(index + 1): \(line)")
            }
        }
        #expect(checked > 80)
    }

    /// Whether a line of code begins a switch over a view, or has the case of a view.
    private static func switches(_ line: Substring) -> Bool {
        let code = line.drop { $0 == " " }
        if code.hasPrefix("//") { return false }
        // The command that shows a view has the name of the view.
        if code.contains("case .overview"), !code.contains("self.show(.overview)") { return true }
        guard let start = code.firstRange(of: "switch ") else { return false }
        let words = code[start.upperBound...].split { !$0.isLetter }
        return words.contains("view") || words.contains("View")
    }

    @Test("A line that switches over a view is found, and one about panes, commands or text is not.")
    func finds() {
        #expect(Self.switches("        switch self.view {"))
        #expect(Self.switches("    let text = switch state.view {"))
        #expect(Self.switches("        case .overview, .scopes: return nil"))
        #expect(!Self.switches("        case .overview: self.show(.overview)"))
        #expect(!Self.switches("        switch command {"))
        #expect(!Self.switches("    /// A switch over the view."))
    }
}
