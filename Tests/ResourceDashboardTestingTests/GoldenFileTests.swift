import ResourceContainer
import ResourceDashboard
import ResourceDashboardTesting
import ResourceSimulation
import Testing

@Suite("Golden files")
struct GoldenFileTests {
    let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func golden(_ name: String = "screen.txt") -> GoldenFile {
        GoldenFile(path: "\(self.folder.path)/\(name)")
    }

    /// Returns the failure of comparing `text` with a file that contains `golden`.
    private func failure(golden: String, drawn text: String) throws -> GoldenFailure? {
        try self.folder.write(golden.utf8, to: "screen.txt")
        return #expect(throws: GoldenFailure.self) { try self.golden().expect(text, subject: "the overview", rewriting: false) }
    }

    /// Returns the middle paragraph of that failure, which lists the differences.
    private func listing(golden: String, drawn text: String) throws -> String {
        let paragraphs = try #require(try self.failure(golden: golden, drawn: text)?.description.split(separator: "\n\n"))
        #expect(paragraphs.count == 3)
        return String(paragraphs[1])
    }

    @Test("A golden file lies in the folder Golden beside the test and has the extension .txt by default.")
    func defaultPath() {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        #expect(GoldenFile.golden("checkout").path == "\(folder)/Golden/checkout.txt")
        #expect(GoldenFile.golden("pools/dry.svg").path == "\(folder)/Golden/pools/dry.svg")
        #expect(GoldenFile.golden("a", filePath: "/shop/Tests/ShopTests.swift").path == "/shop/Tests/Golden/a.txt")
        #expect(GoldenFile.golden("a.SVG").ending == "svg")
    }

    @Test("Equal text passes.")
    func equalText() throws {
        try self.folder.write("a\nb – c\n".utf8, to: "screen.txt")
        try self.golden().expect("a\nb – c\n", rewriting: false)
    }

    @Test("A missing file is a failure that names the way to create it.")
    func missing() throws {
        let failure = try #require(
            #expect(throws: GoldenFailure.self) { try self.golden().expect("a\n", subject: "the overview", rewriting: false) }
        )
        #expect(failure.code == .missing)
        #expect(failure.text == "a\n")
        #expect(failure.golden == self.golden())
        #expect(
            failure.description == """
                the overview has no golden file: there is no \(self.folder.path)/screen.txt.
                Run the test with RESMON_REWRITE_GOLDEN=1 to write it, and review it before you keep it.
                """
        )
    }

    @Test("A difference is reported with line numbers, both texts, and marks below the differing columns.")
    func difference() throws {
        let golden = "│ created 3 │\n│ same      │\n│ active  1 │\n"
        let drawn = "│ created 4 │\n│ same      │\n│ active 12 │\n"
        let failure = try #require(try self.failure(golden: golden, drawn: drawn))
        #expect(failure.code == .different)
        #expect(failure.text == drawn)
        let label = self.golden().path.split(separator: "/").suffix(2).joined(separator: "/")
        #expect(
            failure.description == """
                the overview differs from \(label) in 2 of 3 lines:

                line 1
                  golden |│ created 3 │|
                  drawn  |│ created 4 │|
                                    ^
                line 3
                  golden |│ active  1 │|
                  drawn  |│ active 12 │|
                                   ^^

                If the drawn text is correct, run the test with RESMON_REWRITE_GOLDEN=1 to write it to
                \(self.folder.path)/screen.txt, and review the changes before you keep them.
                """
        )
    }

    @Test("Marks align below the columns, also after wide characters.")
    func wide() throws {
        #expect(
            try self.listing(golden: "│日本│a│\n", drawn: "│日本│b│\n") == """
                line 1
                  golden |│日本│a│|
                  drawn  |│日本│b│|
                                ^
                """
        )
    }

    @Test("Lines that exist in only one of the texts are reported as such.")
    func lines() throws {
        #expect(try self.listing(golden: "a\n", drawn: "a\nb\n") == "line 2 is not in the golden file\n  drawn  |b|")
        #expect(try self.listing(golden: "a\nb\n", drawn: "a\n") == "line 2 is missing\n  golden |b|")
        #expect(try self.listing(golden: "", drawn: "\n") == "line 1 is not in the golden file\n  drawn  ||")
    }

    @Test("The first twelve differing lines are listed and the rest counted.")
    func manyDifferences() throws {
        let golden = (1...30).map { "golden \($0)\n" }.joined()
        let listing = try self.listing(golden: golden, drawn: golden.replacing("golden", with: "drawn"))
        #expect(listing.contains("line 12\n"))
        #expect(!listing.contains("line 13\n"))
        #expect(listing.hasSuffix("\n… and 18 more"))
    }

    @Test("Invisible differences count and are made visible.")
    func invisible() throws {
        #expect(
            try self.listing(golden: "a\n", drawn: "a \n") == """
                line 1
                  golden |a|
                  drawn  |a |
                           ^
                """
        )
        #expect(
            try self.listing(golden: "a\n", drawn: "a\r\n") == """
                line 1
                  golden |a|
                  drawn  |a\\u{D}|
                           ^^^^^
                """
        )
        #expect(try self.listing(golden: "\u{1B}[0ma\n", drawn: "\u{1B}[1ma\n").contains("golden |\\u{1B}[0ma|"))
        // Equal as Swift strings, but not in bytes.
        #expect(try self.listing(golden: "caf\u{E9}\n", drawn: "cafe\u{301}\n").contains("golden |caf\\u{E9}|\n  drawn  |cafe\\u{301}|\n"))
    }

    @Test("The newline at the end counts.")
    func lastNewline() throws {
        let failure = try self.failure(golden: "a\n", drawn: "a")
        #expect(failure?.description.contains(" in its end: the drawn text does not end in a newline\n") == true)
        let other = try self.failure(golden: "a", drawn: "b\n")
        #expect(other?.description.contains(" in 1 of 1 line, and the golden file does not end in a newline:\n") == true)
    }

    @Test("Rewriting creates the file and its folder, and later comparisons use the new content.")
    func rewriting() throws {
        let golden = self.golden("new/deep/screen.txt")
        try golden.expect("first\n", rewriting: true)
        #expect(try self.folder.text(of: "new/deep/screen.txt") == "first\n")
        try golden.expect("first\n", rewriting: false)
        #expect(throws: GoldenFailure.self) { try golden.expect("second\n", rewriting: false) }
        try golden.expect("second\n", rewriting: true)
        try golden.expect("second\n", rewriting: false)
    }

    @Test("A frame is written and compared in the format of the file's extension.")
    func frames() throws {
        let container = Container(environment: Simulation(seed: 1).environment)
        let screen = DashboardScreen(container, size: Size(width: 80, height: 20))
        for ending in ["txt", "ansi", "svg"] {
            let golden = self.golden("overview.\(ending)")
            try screen.expect(.overview, matches: golden, rewriting: true)
            try screen.expect(.overview, matches: golden, rewriting: false)
        }
        #expect(try self.folder.text(of: "overview.txt") == screen.frame(.overview).text)
        #expect(try self.folder.text(of: "overview.ansi") == screen.frame(.overview).ansi())
        #expect(try self.folder.text(of: "overview.svg") == screen.frame(.overview).svg)
        let failure = #expect(throws: GoldenFailure.self) {
            try screen.expect(.pools, matches: self.golden("overview.txt"), rewriting: false)
        }
        #expect(failure?.description.hasPrefix("the view pools differs from ") == true)
    }

    @Test("A file that cannot be read or written is reported with the reason.")
    func broken() throws {
        let folder = GoldenFile(path: self.folder.path)
        let unreadable = #expect(throws: GoldenFailure.self) { try folder.expect("a", rewriting: false) }
        #expect(unreadable?.code == .unreadable)
        #expect(unreadable?.description.contains("\(self.folder.path) cannot be read: ") == true)
        try self.folder.write("a".utf8, to: "file")
        let unwritable = #expect(throws: GoldenFailure.self) { try self.golden("file/screen.txt").expect("a", rewriting: true) }
        #expect(unwritable?.code == .unwritable)
        #expect(unwritable?.description.contains("/file/screen.txt cannot be written: ") == true)
    }
}
