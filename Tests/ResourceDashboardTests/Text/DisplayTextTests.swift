import Testing

@testable import ResourceDashboard

@Suite("Text on a grid of cells")
struct DisplayTextTests {
    private func cells(_ text: String) -> [String] {
        DisplayText.graphemes(text).map { "\($0.grapheme)\($0.width)" }
    }

    @Test("controls and escapes are shown as pictures of width one")
    func controls() {
        #expect(self.cells("\u{1B}[31m") == ["␛1", "[1", "31", "11", "m1"])
        #expect(self.cells("a\tb\r\n\u{7F}\u{0}") == ["a1", "␉1", "b1", "␍1", "␊1", "␡1", "␀1"])
        #expect(self.cells("\u{9B}\u{85}") == ["�1", "�1"])
    }
}
