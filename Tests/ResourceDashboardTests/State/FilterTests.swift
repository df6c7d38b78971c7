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
            "life>500ms type:D*", "!cache", "!type:Cache", "d*e", "!\"no such\"", "TYPE:database",
        ]
    )
    func fits(_ query: String) throws {
        #expect(try self.passes(query))
    }

    @Test(
        "A query rejects other rows.",
        arguments: [
            "cache", "cache|file", "\"ready req-7\"", "type:Db*", "type:Data", "type!=Database", "life>2s", "life<2000ms", "!database",
            "database cache", "err>0", "!type:*",
        ]
    )
    func keepsOut(_ query: String) throws {
        #expect(try self.passes(query) == false)
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
}
