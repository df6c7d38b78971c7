import Testing

@testable import ResourceDashboard

@Suite("Filter")
struct FilterTests {
    private func passes(_ query: String, text: String = "Database#12 req-7 ready", type: String = "Database", life: Double = 2) throws
        -> Bool
    {
        try Filter(query).passes(text: text) { field in
            switch field {
            case .type: .texts([type])
            case .life: .number(life)
            default: nil
            }
        }
    }

    @Test(
        "A query passes matching rows.",
        arguments: [
            "", "database", "data|cache", "\"req-7 ready\"", "type:Db*,Data*", "type=database", "type!=Cache", "life>1s", "life<5m",
            "life>500ms type:D*", "!cache", "!type:Cache", "d*e", "!\"no such\"", "TYPE:database", "type:Data", "type:ataba",
            "type=DATABASE", "type=Data*", "type!=Data",
        ]
    )
    func fits(_ query: String) throws {
        #expect(try self.passes(query))
    }

    @Test(
        "A query rejects other rows.",
        arguments: [
            "cache", "cache|file", "\"ready req-7\"", "type:Db*", "type:ata*", "type=Data", "type!=Database", "life>2s", "life<2000ms",
            "!database", "database cache", "err>0", "!type:*", "!type:Data",
        ]
    )
    func keepsOut(_ query: String) throws {
        #expect(try self.passes(query) == false)
    }

    @Test(
        "A filter whose values are whole texts has the hint to try a part of the text.",
        arguments: [
            ("type=Metro", "type:Metro"), ("type:Metro*", "type:*Metro*"), ("type:*Metro", "type:*Metro*"),
            ("x type=Me*tro", "type:*Me*tro*"),
            ("scope=\"job 7\"", "scope:\"job 7\""), ("type:Data,Metro*", "type:*Metro*"),
        ]
    )
    func hints(_ query: String, _ term: String) throws {
        #expect(try Filter(query).hint?.term == term)
    }

    @Test(
        "A filter that compares parts of texts, numbers, or negated values has no hint.",
        arguments: ["", "Metro", "type:Metro", "type:*Metro*", "type:*", "life>1s", "life=1s", "type!=Metro", "!type=Metro"]
    )
    func noHint(_ query: String) throws {
        #expect(try Filter(query).hint == nil)
    }

    @Test("A hint is shortened to the term, or omitted, if there is too little room.")
    func hintText() throws {
        let hint = try #require(try Filter("type=Metro").hint)
        #expect(hint.text(width: 40) == "try type:Metro")
        #expect(hint.text(width: 41) == "= compares the whole text: try type:Metro")
        #expect(hint.text(width: 10) == "")
    }

    @Test(
        "An invalid query is reported with the reason and its position.",
        arguments: [
            ("!", 1), ("a|", 2), ("type:", 5), ("type:a,", 7), ("\"open", 0), ("x state:\"open", 8), ("shape:round", 0),
            ("a shape:round", 2),
            ("life>soon", 5), ("life>1s,soon", 8), (":x", 0), ("|a", 0), ("! a", 1),
        ]
    )
    func faults(_ query: String, _ position: Int) {
        #expect(throws: Filter.Fault.self) { try Filter(query) }
        do throws(Filter.Fault) {
            _ = try Filter(query)
        } catch {
            #expect(error.position == position)
            #expect(!error.reason.isEmpty)
        }
    }

    @Test(
        "Numeric fields accept only numbers, and text fields have no order.",
        arguments: ["life:abc", "err=many", "uses!=few", "state<3", "type>1"]
    )
    func senselessComparisons(_ query: String) {
        #expect(throws: Filter.Fault.self) { try Filter(query) }
    }

    @Test("Matching a pattern of many stars ends, however long the text.")
    func manyStars() {
        #expect(!Filter.matches(String(repeating: "a", count: 3000), String(repeating: "a*", count: 30) + "b"))
        #expect(Filter.matches("", "***"))
    }

    @Test(
        "A state, a health, a level and an identity match from the start of a word, because one value may be a part of another.",
        arguments: [
            ("health:healthy", true), ("health:unhealthy", false), ("health:heal", true), ("state:failed", true), ("state:ailed", false),
            ("id:12", true), ("id:1", true), ("id:2", false), ("level:medium", true), ("level:edium", false),
        ]
    )
    func wordStarts(_ query: String, _ passes: Bool) throws {
        let found = try Filter(query).passes(text: "") { field in
            switch field {
            case .health: .texts(["healthy"])
            case .state: .texts(["init-failed"])
            case .id: .texts(["12", "#12"])
            case .level: .texts(["medium"])
            default: nil
            }
        }
        #expect(found == passes)
        #expect(try Filter("health:healthy").passes(text: "") { $0 == .health ? .texts(["unhealthy"]) : nil } == false)
    }

    @Test("A query that names a field outside the given ones is refused with the field and the fields that may be named.")
    func fields() throws {
        let fault = #expect(throws: Filter.Fault.self) { try Filter("x err>0", fields: [.type, .scope]) }
        #expect(fault?.position == 2)
        #expect(fault?.reason == "no field \"err\"; fields: type scope")
        #expect(fault?.isIncomplete == false)
        #expect(try Filter("scope:a", fields: [.type, .scope]).isEmpty == false)
    }
}

@Suite("Filter while it is typed")
struct TypedFilterTests {
    /// Returns a state of 200 cells with 21 resources in Resources. The lifetimes of 19 are over a second.
    private func state() -> DashboardState {
        var fixture = PictureFixture(types: ["Parcel", "Cache", "FileStore"])
        var state = DashboardState.fixture(.resources)
        for number in 0..<19 { _ = fixture.make(number % 3) }
        fixture.wait(.seconds(5))
        for _ in 0..<2 { _ = fixture.make(1) }
        _ = state.update(.monitor(fixture.update()))
        _ = state.update(.input(.resize(Size(width: 120, height: 36))))
        return state
    }

    /// Types `text` and returns the number of rows after each letter.
    private func counts(_ text: String) -> [Int] {
        var state = self.state()
        _ = state.type("/")
        return text.map { letter in
            _ = state.type(String(letter))
            return state.list?.count ?? -1
        }
    }

    /// Returns the row of the filter.
    private func row(_ state: DashboardState) -> String {
        String(TextRenderer.render(state.render()).split(separator: "\n", omittingEmptySubsequences: false)[2])
    }

    @Test("The start of a field, and a field without a value, keep the last complete query.")
    func incomplete() {
        #expect(self.counts("life>1s") == [21, 21, 21, 21, 21, 19, 19])
        #expect(self.counts("type:Par") == [21, 21, 21, 21, 21, 7, 7, 7])
        #expect(self.counts("cache life!") == [15] + Array(repeating: 8, count: 10))
    }

    @Test("The name of an unknown field is not a word, so that the rows of the terms before it stay.", arguments: ["", "cache "])
    func unknownField(_ before: String) throws {
        var state = self.state()
        _ = state.type("/\(before)shape")
        #expect(state.list?.count == 0)
        _ = state.type(":")
        #expect(state.list?.count == (before.isEmpty ? 21 : 8))
        #expect(state.list?.filter.fault?.position == before.count)
        _ = state.type("round")
        #expect(state.list?.count == (before.isEmpty ? 21 : 8))
    }

    @Test("A text that can become valid shows no error, and one that cannot shows it with its position.")
    func errors() throws {
        var state = self.state()
        for letters in ["/", "lif", "e", ">", "1", "u"] {
            _ = state.type(letters)
            #expect(state.list?.filter.fault == nil, "\(letters)")
        }
        #expect(state.list?.count == 19)
        _ = state.type("x")
        let fault = try #require(state.list?.filter.fault)
        #expect(fault.position == 5)
        #expect(self.row(state).contains("at 6: \"1ux\" is not a number or a duration such as 500ms, 2s, 5m"))
        #expect(state.list?.count == 19)
    }

    @Test("Enter makes a word of the start of a field.")
    func confirmed() {
        var state = self.state()
        _ = state.type("/life")
        #expect(state.list?.count == 21)
        _ = state.press(.enter)
        #expect(state.list?.count == 0)
        #expect(state.list?.filter.fault == nil)
    }

    @Test("The row shows the text with the cursor, the number of matching rows, and the fields while it is empty.")
    func drawn() {
        var state = self.state()
        _ = state.type("/")
        #expect(self.row(state).contains("type scope state life err health tag name id uses"))
        #expect(self.row(state).contains("21 of 21"))
        _ = state.type("parcel")
        #expect(self.row(state).hasPrefix(" /parcel▏"))
        #expect(self.row(state).contains(" 7 of 21 "))
        _ = state.press(.enter)
        #expect(self.row(state).hasPrefix(" /parcel "))
        _ = state.press(.escape)
        #expect(state.filterRow == nil)
    }

    @Test("An error is shown in full at 80 columns, and names a field that the view does not have.", arguments: [80, 120, 200])
    func width(_ width: Int) {
        var state = self.state()
        _ = state.update(.input(.resize(Size(width: width, height: 24))))
        _ = state.type("/life>abc")
        #expect(self.row(state).contains("\"abc\" is not a number or a duration such as 500ms, 2s, 5m"))
        state.show(.events)
        _ = state.press(.escape)
        _ = state.type("/err:1")
        #expect(self.row(state).contains("no field \"err\"; fields: type name scope level what id"))
    }

    @Test("An error that does not fit beside the text is in full below it, and the view begins below that.")
    func below() {
        var state = self.state()
        _ = state.update(.input(.resize(Size(width: 80, height: 24))))
        _ = state.type("/level:warn")
        #expect(self.row(state).hasPrefix(" /level:warn▏"))
        #expect(self.row(state).hasSuffix(" of 21 "))
        #expect(state.lines[3].hasPrefix(" at 1: no field \"level\"; fields: type scope state life err health tag name id"))
        #expect(state.lines[4].hasPrefix(" uses "))
        #expect(state.lines[5].hasPrefix("╭─ ▌Resources"))
        _ = state.press(.escape)
        #expect(state.lines[2].hasPrefix("╭─ ▌Resources"))
    }

    @Test("A click on a row ends the input of the filter, which stays, and selects the row.")
    func clickedRow() {
        var state = self.state()
        _ = state.type("/parcel")
        let wanted = state.screens.first(ResourcesScreen.self)?.rows.ids[2]
        #expect(state.click("Parcel", from: 7) != nil)
        #expect(!state.isTypingFilter)
        #expect(state.subject.resource == wanted)
        #expect(state.list?.filter.text.text == "parcel")
        _ = state.type("j")
        #expect(state.list?.selectedIndex == 3)
    }

    @Test("The filter leaves the detail of a resource, because it is of the list.")
    func detail() {
        var state = self.state()
        _ = state.press(.enter)
        #expect(state.screens.first(ResourcesScreen.self)?.isOpen == true)
        _ = state.type("/parcel")
        #expect(state.screens.first(ResourcesScreen.self)?.isOpen == false)
        #expect(state.list?.count == 7)
    }

    @Test("A click on the row of a filter edits it.")
    func click() {
        var state = self.state()
        _ = state.type("/parcel")
        _ = state.press(.enter)
        #expect(!state.isTypingFilter)
        _ = state.update(.input(.mouse(Mouse(.press, x: 4, y: 2))))
        #expect(state.isTypingFilter)
    }
}
