import ResourceContainer
import Testing

@testable import ResourceDashboard

/// Movements in lists in which no row was selected before. Such lists show the first row as selected.
@Suite("Movement in lists")
struct ListMovementTests {
    private func resources() -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.resources)
        for index in 0..<40 { _ = fixture.make(index % 3) }
        _ = state.update(.monitor(fixture.update()))
        return state
    }

    /// Returns the index that is selected after a key.
    private func selected(_ state: DashboardState, after code: Key.Code) -> Int? {
        var state = state
        #expect(state.list?.selectedIndex == 0)
        _ = state.press(code)
        return state.list?.selectedIndex
    }

    @Test("The first j selects the second row.")
    func down() {
        #expect(self.selected(.words(), after: .character("j")) == 1)
        #expect(self.selected(.words(), after: .down) == 1)
        #expect(self.selected(self.resources(), after: .character("j")) == 1)
    }

    @Test("The first k stays at the first row.")
    func up() {
        #expect(self.selected(.words(), after: .character("k")) == 0)
        #expect(self.selected(self.resources(), after: .up) == 0)
    }

    @Test("The first PgDn moves by a page, and the first PgUp stays at the first row.")
    func pages() {
        // In a window of 36 rows, a page is 14 rows.
        #expect(self.selected(.words(), after: .pageDown) == 14)
        #expect(self.selected(self.resources(), after: .pageDown) == 14)
        #expect(self.selected(.words(), after: .pageUp) == 0)
        #expect(self.selected(self.resources(), after: .pageUp) == 0)
    }

    @Test("The first Home selects the first row, and the first End the last one.")
    func ends() {
        #expect(self.selected(.words(), after: .home) == 0)
        #expect(self.selected(.words(), after: .end) == 49)
        #expect(self.selected(self.resources(), after: .home) == 0)
        #expect(self.selected(self.resources(), after: .end) == 39)
    }

    @Test("The first k selects the first row by identity, so that the selection follows it.")
    func identity() {
        var state = DashboardState.words()
        let first = state.screens.first(WordsScreen.self)?.rows.selectedID
        _ = state.type("kS")
        #expect(state.list?.selectedIndex == 49)
        #expect(state.screens.first(WordsScreen.self)?.rows.selectedID == first)
    }

    @Test("With a filter, the first n selects the second match and the first N the last one.")
    func matches() {
        for (key, index) in [("n", 1), ("N", 9)] {
            var state = DashboardState.words()
            _ = state.type("/-3")
            _ = state.press(.enter)
            #expect(state.list?.count == 10)
            _ = state.type(key)
            #expect(state.list?.selectedIndex == index, "\(key)")
        }
    }

    @Test("In an empty list, a movement selects nothing.")
    func empty() {
        var cursor = Cursor<Int>()
        cursor.move(by: 1, in: [Int]())
        #expect(cursor.selected == nil)
        cursor.cycle(by: -1, in: [Int]())
        #expect(cursor.selected == nil)
        cursor.selected = 3
        cursor.move(by: 1, in: [Int]())
        #expect(cursor.selected == nil)
    }

    @Test("From a selected row that is gone, the cursor continues at its index.")
    func gone() {
        var cursor = Cursor<Int>()
        cursor.move(by: 2, in: [1, 2, 3, 4])
        #expect(cursor.selected == 3)
        cursor.remember(in: [1, 2, 3, 4])
        cursor.move(by: 1, in: [1, 2, 4])
        #expect(cursor.selected == 4)
    }
}
