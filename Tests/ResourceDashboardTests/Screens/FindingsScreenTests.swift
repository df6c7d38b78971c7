import DemoScenarios
import ResourceContainer
import ResourceMonitoring
import ResourceScenarios
import Testing

@testable import ResourceDashboard

@Suite("Findings screen")
struct FindingsScreenTests {
    private var fixture = PictureFixture()
    private var state = DashboardState.fixture(.findings)
    private let scope: ScopeID

    init() {
        self.scope = self.fixture.open("req-1")
        for binding in 0..<3 { _ = self.fixture.make(binding, in: self.scope) }
    }

    private func finding(
        _ id: UInt64,
        _ kind: Finding.Kind = .leak,
        _ severity: Finding.Severity = .high,
        about subject: Finding.Subject = Finding.Subject(label: "Database#1", resource: ResourceID(1)),
        evidence: String = "seen"
    ) -> Finding {
        Finding(
            id: id,
            kind: kind,
            severity: severity,
            subject: subject,
            evidence: evidence,
            location: CodeLocation(file: "App/Main.swift", line: 7),
            advice: "Close it.",
            since: TimeSource.Instant(nanoseconds: 0)
        )
    }

    private mutating func show(_ findings: [Finding], withdrawn: [Finding] = []) {
        self.fixture.wait(.seconds(90))
        var update = self.fixture.update()
        update.findings = findings
        update.withdrawnFindings = withdrawn.map { finding in
            var finding = finding
            finding.withdrawnAt = update.time
            return finding
        }
        _ = self.state.update(.monitor(update))
    }

    private var rows: [String] {
        TextRenderer.render(self.state.render()).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Returns the rows of the pane whose title contains `title`, without its borders.
    private func pane(_ title: String) throws -> [String] {
        let rows = self.rows
        let top = try #require(rows.firstIndex { $0.hasPrefix("╭") && $0.contains(title) })
        return Array(rows[(top + 1)...].prefix { !$0.hasPrefix("╰") })
    }

    // MARK: Rows

    @Test("The list takes only the rows that it needs, and the explanation has the rest.")
    mutating func shrinks() throws {
        self.show([self.finding(1), self.finding(2)])
        #expect(try self.pane("Findings 2").count == 3)
        #expect(try self.pane("leak Database#1").count == 25)
    }

    @Test("Active findings come before withdrawn ones, of which the newest is first, and c hides these.")
    mutating func order() throws {
        self.show([self.finding(1)], withdrawn: [self.finding(7, .abandoned), self.finding(8, .neverUsed)])
        let kinds = try self.pane("Findings 1").dropFirst().map { String($0.split(separator: " ")[3]) }
        #expect(kinds == ["leak", "never-used", "abandoned"])
        #expect(try self.pane("Findings 1").filter { $0.contains("○ over") }.count == 2)
        _ = self.state.type("c")
        #expect(try self.pane("Findings 1").count == 2)
        #expect(self.rows.contains { $0.contains("2 withdrawn, c shows") })
    }

    @Test("A title names each column, and the severity is spelled out on wide screens.")
    mutating func columns() throws {
        self.show([self.finding(1, .disposeThrew, .medium)])
        let header = try #require(try self.pane("Findings 1").first)
        for title in ["LEVEL", "KIND", "SUBJECT", "SINCE", "COUNT", "EVIDENCE"] { #expect(header.contains(title)) }
        #expect(try self.pane("Findings 1")[1].contains("! MEDIUM"))
        #expect(try self.pane("Findings 1")[1].contains(" 1:30 "))
        _ = self.state.update(.input(.resize(Size(width: 80, height: 24))))
        #expect(try self.pane("Findings 1")[1].contains("! MED "))
    }

    @Test("After 75 s of the leak scenario, the list has at most three rows.", arguments: [1, 7, 42] as [UInt64])
    mutating func leak(seed: UInt64) async throws {
        let session = try SimulatedSession(LeakScenario.self, seed: seed)
        for update in await session.advance(to: .seconds(75)) { _ = self.state.update(.monitor(update)) }
        let count = try #require(self.state.list?.count)
        #expect(count <= 3)
        #expect(count >= 1)
    }

    @Test(
        "The evidence wraps in the list while rows are free, and a click on any of its lines selects the finding.",
        arguments: [Size(width: 80, height: 24), Size(width: 120, height: 36)]
    )
    mutating func evidence(_ size: Size) throws {
        let evidence = (1...12).map { "evidence\($0)" }.joined(separator: " ")
        self.show([self.finding(1), self.finding(2, evidence: evidence)])
        _ = self.state.update(.input(.resize(size)))
        let list = try self.pane("Findings 2")
        let words = list.joined(separator: " ").split(separator: " ").filter { $0.hasPrefix("evidence") }.joined(separator: " ")
        #expect(words == evidence)
        #expect(list.allSatisfy { !$0.contains("…") && $0.contains(where: \.isLetter) })
        let top = try #require(self.rows.firstIndex { $0.contains("Findings 2") })
        _ = self.state.update(.input(.mouse(Mouse(.press, x: 10, y: top + list.count))))
        #expect(self.state.subject.finding?.id == 2)
    }

    // MARK: Explanation

    @Test(
        "The explanation shows evidence, location, subjects, times, leak and advice in full.",
        arguments: [Size(width: 80, height: 24), Size(width: 120, height: 36), Size(width: 200, height: 60)]
    )
    mutating func explained(_ size: Size) throws {
        let words = (1...30).map { "word\($0)" }
        var finding = self.finding(1, evidence: words.joined(separator: " "))
        finding.subjects = (1...3).map { Finding.Subject(label: "Database#\($0)", scope: self.scope) }
        finding.subject = finding.subjects[0]
        finding.subjectCount = 34
        finding.count = 1_234
        self.show([finding] + (2...20).map { self.finding($0, .neverUsed, .low) })
        _ = self.state.update(.input(.resize(size)))
        let pane = try self.pane("leak Database#1 +33")
        let text = pane.joined()
        #expect(words.filter { !text.contains("\($0) ") } == [])
        for label in ["evidence", "location", "scope", "subjects", "since", "leak", "advice"] {
            #expect(pane.contains { $0.hasPrefix("│ \(label) ") }, "\(label)")
        }
        #expect(text.contains("Main.swift:7 "))
        #expect(text.contains("Database#3 and 31 older"))
        #expect(text.contains("12:00:00, last seen 12:00:00, 1,234 times"))
        #expect(text.contains("counts as a leak"))
        #expect(text.contains("Close it."))
        #expect(!text.contains("…"))
    }

    @Test("An explanation that does not fit reports the number of missing lines.")
    mutating func tooLong() throws {
        self.show([self.finding(1, evidence: (1...400).map { "word\($0)" }.joined(separator: " "))])
        _ = self.state.update(.input(.resize(Size(width: 80, height: 24))))
        let last = try #require(try self.pane("leak Database#1").last)
        #expect(last.contains("more lines"))
    }

    @Test("The explanation of a withdrawn finding states when it was withdrawn.")
    mutating func withdrawn() throws {
        self.show([], withdrawn: [self.finding(1)])
        #expect(try self.pane("leak Database#1").contains { $0.contains("once, withdrawn 12:01:30") })
    }

    // MARK: Selection

    @Test("The selection follows a finding when it is withdrawn.")
    mutating func selection() {
        self.show([self.finding(1), self.finding(2), self.finding(3)])
        _ = self.state.type("j")
        #expect(self.state.subject.finding?.id == 2)
        self.show([self.finding(1), self.finding(3)], withdrawn: [self.finding(2)])
        #expect(self.state.subject.finding?.id == 2)
        #expect(self.state.list?.selectedIndex == 2)
    }

    @Test("A finding that is shown from elsewhere is explained, and a filter that hides it is cleared.")
    mutating func revealed() {
        self.show([self.finding(1), self.finding(2, .neverUsed, .low)])
        _ = self.state.type("/what:leak")
        _ = self.state.press(.enter)
        #expect(self.state.list?.count == 1)
        _ = self.state.type("1")
        self.state.go(to: .finding(2))
        #expect(self.state.view == .findings)
        #expect(self.state.subject.finding?.id == 2)
        #expect(self.state.screen.focusTitle == "Explained")
        #expect(self.state.list?.count == 2)
        self.state.go(to: .finding(99))
        #expect(self.state.notice?.level == .warn)
        #expect(self.state.subject.finding?.id == 2)
    }

    @Test("Enter opens the resource of the newest subject, or else its scope, or else the resources of its binding.")
    mutating func opens() {
        let gone = Finding.Subject(label: "Cache#99", scope: self.scope, resource: ResourceID(99))
        let binding = Finding.Subject(label: "FileStore", binding: BindingID(2))
        self.show([self.finding(1), self.finding(2, about: gone), self.finding(3, about: binding)])
        _ = self.state.press(.enter)
        #expect(self.state.view == .resources)
        #expect(self.state.subject.resource == ResourceID(1))
        _ = self.state.type("7j")
        _ = self.state.press(.enter)
        #expect(self.state.view == .scopes)
        #expect(self.state.subject.scope == self.scope)
        _ = self.state.type("7j")
        _ = self.state.press(.enter)
        #expect(self.state.view == .resources)
        #expect(self.state.list?.count == 1)
    }

    @Test("Enter on a finding about the container selects the root scope, and on one whose newest subject has ended another subject.")
    mutating func opensElsewhere() {
        var leak = self.finding(2, about: Finding.Subject(label: "Cache#99", resource: ResourceID(99)))
        leak.subjects.append(Finding.Subject(label: "FileStore#3", resource: ResourceID(3)))
        self.show([self.finding(1, .errorBurst, about: Finding.Subject(label: "app")), leak])
        _ = self.state.press(.enter)
        #expect(self.state.view == .scopes)
        #expect(self.state.subject.scope == .root)
        _ = self.state.type("7j")
        _ = self.state.press(.enter)
        #expect(self.state.view == .resources)
        #expect(self.state.subject.resource == ResourceID(3))
    }

    @Test("Enter on a finding whose subjects have all ended names the subject and stays.")
    mutating func opensNothing() {
        self.show([self.finding(2, about: Finding.Subject(label: "Cache#99", resource: ResourceID(99)))])
        _ = self.state.press(.enter)
        #expect(self.state.notice?.text == "Cache#99 no longer exists")
        #expect(self.state.view == .findings)
    }

    @Test("A container without findings has one pane that states so.")
    mutating func empty() {
        self.show([])
        #expect(self.rows.filter { $0.contains("no findings") }.count == 1)
        #expect(self.rows.filter { $0.hasPrefix("╭") }.count == 1)
    }
}
