import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Events screen")
struct EventsScreenTests {
    private var fixture = PictureFixture()
    private var state = DashboardState.fixture(.events)
    private let scope: ScopeID
    private var sequence: UInt64 = 1_000

    init() {
        self.scope = self.fixture.open("req-1")
        for binding in 0..<3 { _ = self.fixture.make(binding, in: self.scope) }
        _ = self.state.update(.monitor(self.fixture.update()))
    }

    /// Adds an event of each kind, one second after the last, about the resource with a number.
    private mutating func add(_ kinds: ResourceEvent.Kind..., about resource: UInt64 = 1) {
        self.fixture.wait(.seconds(1))
        var update = self.fixture.update()
        for kind in kinds {
            self.sequence += 1
            update.events.append(
                ResourceEvent(
                    sequence: self.sequence,
                    time: self.fixture.time,
                    scope: self.scope,
                    resource: ResourceID(resource),
                    binding: BindingID(Int(resource) - 1),
                    kind: kind
                )
            )
        }
        _ = self.state.update(.monitor(update))
    }

    private mutating func addNotes(_ range: ClosedRange<Int>) {
        for number in range { self.add(.noted("note \(number)")) }
    }

    private var rows: [String] {
        TextRenderer.render(self.state.render()).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Returns the index of the first screen row that contains `text`.
    private func row(_ text: String) -> Int? {
        self.rows.firstIndex { $0.contains(text) }
    }

    private mutating func click(_ text: String) throws {
        let y = try #require(self.row(text))
        _ = self.state.update(.input(.mouse(Mouse(.press, x: 8, y: y))))
    }

    private mutating func turn(_ action: Mouse.Action, times: Int) {
        for _ in 0..<times { _ = self.state.update(.input(.mouse(Mouse(action, x: 8, y: 8)))) }
    }

    // MARK: Following and selecting

    @Test("Without a selection, the newest line is the last row, and the title reports that the list follows.")
    mutating func follows() throws {
        self.addNotes(1...60)
        let last = try #require(self.row("note 60 "))
        #expect(self.rows[last + 1].contains("╰"))
        #expect(self.row("follow ON") != nil)
        #expect(self.row("Newest") != nil)
        #expect(self.state.subject.event == nil)
    }

    @Test("A selected line keeps its screen row while lines are added, and G follows the newest again.")
    mutating func holds() throws {
        self.addNotes(1...60)
        _ = self.state.type("kkkkk")
        #expect(self.state.subject.event?.message == "note 56")
        let row = try #require(self.row("note 56 "))
        self.addNotes(61...90)
        #expect(self.row("note 56 ") == row)
        #expect(self.row("note 90 ") == nil)
        #expect(self.row("follow off, G follows") != nil)
        _ = self.state.type("G")
        #expect(self.row("note 90 ") != nil)
        #expect(self.row("follow ON") != nil)
    }

    @Test("A move past the last line follows the newest, and Esc does so from any line.")
    mutating func followsAgain() {
        self.addNotes(1...5)
        _ = self.state.type("k")
        #expect(self.state.subject.event?.message == "note 5")
        _ = self.state.type("j")
        #expect(self.state.subject.event == nil)
        _ = self.state.type("g")
        #expect(self.state.subject.event?.message == "note 1")
        _ = self.state.press(.escape)
        #expect(self.state.subject.event == nil)
        #expect(self.state.view == .events)
    }

    @Test("Each of several equal lines can be selected.")
    mutating func equalLines() {
        for _ in 0..<3 { _ = self.state.update(.captured(CapturedLine(stream: .stdout, text: "same"))) }
        _ = self.state.type("g")
        #expect(self.state.list?.selectedIndex == 0)
        _ = self.state.type("jj")
        #expect(self.state.list?.selectedIndex == 2)
    }

    @Test("A selected line that is no longer stored stays in the lower pane, and the list does not select another.")
    mutating func forgotten() {
        var archive = EventArchive()
        for number in 0..<600 as Range<UInt64> {
            let note = EventLine.Note(source: "user", level: .info, what: "note", who: "-", message: "line \(number)")
            archive.append(EventLine(sequence: number, time: TimeSource.Instant(nanoseconds: Int64(number)), note))
        }
        var list = EventList()
        list.refresh(archive)
        list.perform(.moveToEnd(first: true))
        #expect(list.selectedIndex == 0)
        archive.forget(before: 300)
        list.refresh(archive)
        #expect(list.selected?.message == "line 0")
        #expect(!list.isSelectedStored)
        #expect(list.selectedIndex == nil)
        #expect(list.window(height: 10) == 0..<10)
        list.perform(.move(by: 1))
        #expect(list.selected?.message == "line 300")
        let pane = SelectedEventPane(line: archive[400], isStored: false).texts(WallClock(originNanoseconds: 0))
        #expect(pane[0].text.contains("no longer stored"))
    }

    @Test("A selected line is found in another picture in which it has another number.")
    mutating func renumbered() throws {
        var archive = EventArchive()
        var shifted = EventArchive()
        for number in 0..<20 as Range<UInt64> {
            let note = EventLine.Note(source: "user", level: .info, what: "note", who: "-", message: "line \(number)")
            let line = EventLine(sequence: number, time: TimeSource.Instant(nanoseconds: Int64(number)), note)
            archive.append(line)
            if number >= 5 { shifted.append(line) }
        }
        var list = EventList()
        list.refresh(archive)
        list.perform(.select(12))
        list.renumber()
        list.refresh(shifted)
        #expect(list.selectedIndex == 7)
        list.renumber()
        list.refresh(shifted.prefix(upTo: 3))
        #expect(list.selectedIndex == nil)
        list.refresh(archive)
        #expect(list.selectedIndex == 12)
    }

    @Test("The selection stays on its line while another view is shown.")
    mutating func otherView() {
        self.addNotes(1...10)
        _ = self.state.type("kkk2")
        self.addNotes(11...20)
        _ = self.state.type("6")
        #expect(self.state.subject.event?.message == "note 8")
        #expect(self.state.list?.selectedIndex == 7)
    }

    // MARK: Mouse

    @Test("A click selects a line without moving the rows, and a second click opens its subject.")
    mutating func clicks() throws {
        self.addNotes(1...60)
        let row = try #require(self.row("note 45 "))
        try self.click("note 45 ")
        #expect(self.state.subject.event?.message == "note 45")
        #expect(self.row("note 45 ") == row)
        try self.click("note 45 ")
        #expect(self.state.view == .resources)
    }

    @Test("The wheel holds the list where it is turned, and follows again at the end.")
    mutating func wheel() throws {
        self.addNotes(1...90)
        self.turn(.wheelDown, times: 2)
        #expect(self.row("follow ON") != nil)
        self.turn(.wheelUp, times: 5)
        #expect(self.row("note 75 ") != nil)
        #expect(self.row("note 76 ") == nil)
        self.addNotes(91...95)
        #expect(self.row("note 75 ") != nil)
        #expect(self.row("note 76 ") == nil)
        self.turn(.wheelDown, times: 30)
        #expect(self.row("follow ON") != nil)
        #expect(self.row("note 95 ") != nil)
    }

    // MARK: Filter

    @Test("The title counts the lines that match the filter, and Esc clears the filter before it clears the selection.")
    mutating func filter() {
        self.add(.noted("paid"), .noted("refused"), .noted("paid again"))
        _ = self.state.type("k/paid")
        _ = self.state.press(.enter)
        #expect(self.state.list?.count == 2)
        #expect(self.state.list?.total == 3)
        #expect(self.row("2 matches") != nil)
        #expect(self.row(" refused ") == nil)
        _ = self.state.press(.escape)
        #expect(self.state.list?.count == 3)
        #expect(self.state.subject.event?.message == "paid again")
        _ = self.state.press(.escape)
        #expect(self.state.subject.event == nil)
    }

    @Test("n and N go from match to match, with wrapping.")
    mutating func matches() {
        self.add(.noted("paid 1"), .noted("refused"), .noted("paid 2"))
        _ = self.state.type("/paid")
        _ = self.state.press(.enter)
        _ = self.state.type("n")
        #expect(self.state.subject.event?.message == "paid 1")
        _ = self.state.type("n")
        #expect(self.state.subject.event?.message == "paid 2")
        _ = self.state.type("n")
        #expect(self.state.subject.event?.message == "paid 1")
        _ = self.state.type("N")
        #expect(self.state.subject.event?.message == "paid 2")
    }

    @Test("A line that is shown from elsewhere clears a filter that hides it.")
    mutating func revealed() throws {
        self.add(.noted("paid"), .noted("refused"))
        _ = self.state.type("/paid")
        _ = self.state.press(.enter)
        let line = try #require(self.state.picture.events.last)
        self.state.go(to: .event(line))
        #expect(self.state.subject.event == line)
        #expect(self.state.list?.count == 2)
        #expect(self.state.list?.selectedIndex == 1)
    }

    // MARK: Opening

    @Test("Enter opens the resource of a line, or else its scope, and reports why if both are gone.")
    mutating func opens() {
        self.add(.noted("live"))
        _ = self.state.type("k")
        _ = self.state.press(.enter)
        #expect(self.state.view == .resources)
        #expect(self.state.subject.resource == ResourceID(1))
        self.add(.noted("of a resource that is not in the picture"), about: 9)
        _ = self.state.type("6G")
        _ = self.state.press(.enter)
        #expect(self.state.view == .scopes)
        #expect(self.state.subject.scope == self.scope)
        _ = self.state.update(.captured(CapturedLine(stream: .stderr, text: "printed")))
        _ = self.state.type("6")
        _ = self.state.press(.enter)
        #expect(self.state.view == .events)
        #expect(self.state.notice?.text == "this line is about no resource or scope")
    }

    // MARK: Drawing

    @Test("A long message is wrapped in full below the list.", arguments: [Size(width: 80, height: 24), Size(width: 120, height: 36)])
    mutating func wraps(_ size: Size) throws {
        let words = (1...40).map { "word\($0)" }
        self.add(.errorReported(words.joined(separator: " ")))
        self.addNotes(1...40)
        _ = self.state.update(.input(.resize(size)))
        _ = self.state.type("g")
        let rows = self.rows
        let top = try #require(rows.firstIndex { $0.contains("Selected") })
        let below = rows[top...].prefix { !$0.contains("╰") }.joined()
        #expect(words.filter { !below.contains("\($0) ") } == [])
        #expect(!below.contains("…"))
    }

    @Test("At 80 columns, the subject and at least 24 cells of the message are shown.")
    mutating func narrow() {
        self.add(.errorReported("the payment provider refused the card of the customer"), about: 3)
        self.add(.ready(took: .milliseconds(3), order: 1, dependencies: []), about: 2)
        _ = self.state.update(.input(.resize(Size(width: 80, height: 24))))
        #expect(self.row("FileStore#3") != nil)
        #expect(self.row("the payment provider ref") != nil)
    }

    @Test("A list with few lines takes only the rows that it needs.")
    mutating func shrinks() throws {
        self.add(.noted("one"), .noted("two"))
        let last = try #require(self.row(" two "))
        #expect(self.rows[last + 1].contains("╰"))
    }

    // MARK: Errors by cause

    private mutating func addErrors() {
        self.add(.errorReported("refused"), .errorReported("refused"), about: 1)
        self.add(.leaseExhausted, about: 2)
        self.add(.noted("fine"), about: 2)
    }

    @Test("E shows errors grouped by cause with the newest first, and E or Esc returns to the events.")
    mutating func groups() throws {
        self.addErrors()
        _ = self.state.type("E")
        let rows = self.rows
        let groups = rows.indices.filter { rows[$0].contains("refused") || rows[$0].contains("pool exhausted") }
        try #require(groups.count >= 2)
        #expect(rows[groups[0]].contains("pool exhausted"))
        #expect(rows[groups[1]].contains(" 2 "))
        #expect(rows.contains { $0.contains("COUNT") && $0.contains("FIRST") && $0.contains("LAST") && $0.contains("OLD → NEW") })
        #expect(self.row("Latest") != nil)
        _ = self.state.press(.escape)
        #expect(self.row("Events 4 stored") != nil)
        _ = self.state.type("EE")
        #expect(self.row("Events 4 stored") != nil)
    }

    @Test("Enter on a group selects its last error among the events.")
    mutating func openGroup() {
        self.addErrors()
        _ = self.state.type("Ej")
        #expect(self.state.subject.resource == ResourceID(1))
        _ = self.state.press(.enter)
        #expect(self.state.view == .events)
        #expect(self.state.subject.event?.message == "refused")
        #expect(self.state.list?.selectedIndex == 1)
    }

    @Test("Errors by cause are filtered like the events, and the figures of a group are those of its matches.")
    mutating func filteredGroups() {
        self.addErrors()
        self.add(.errorReported("refused"), about: 3)
        _ = self.state.type("/name:Database*")
        _ = self.state.press(.enter)
        _ = self.state.type("E")
        #expect(self.state.list?.count == 1)
        #expect(self.state.list?.total == 3)
        #expect(self.state.screens.first(EventsScreen.self)?.groups.rows.first?.count == 2)
        #expect(self.row("Errors 4, grouped by cause") != nil)
        _ = self.state.press(.escape)
        #expect(self.state.list?.count == 3)
    }

    @Test("The next error is one that matches the filter.")
    mutating func nextError() {
        self.addErrors()
        _ = self.state.type("/what:report")
        _ = self.state.press(.enter)
        _ = self.state.type("!")
        #expect(self.state.subject.event?.what == "report")
        #expect(self.state.list?.count == 2)
        _ = self.state.type("!!!")
        #expect(self.state.subject.event?.what == "report")
    }

    @Test("The rows of both lists can be copied as text.")
    mutating func copies() {
        self.addErrors()
        #expect(self.state.screen.text(self.state.context)?.hasSuffix("note Cache#2 req-1 fine") == true)
        _ = self.state.type("E")
        #expect(self.state.screen.text(self.state.context)?.hasPrefix("refused Cache: pool exhausted, once, first 12:00:02") == true)
        let table = self.state.screen.table(at: 0, self.state.context, .braille)?.text(isAligned: false)
        #expect(table?.split(separator: "\n").count == 3)
    }
}
