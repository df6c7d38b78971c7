import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("The Scopes view")
struct ScopesScreenTests {
    /// A container with a resource, a scope `worker` with a resource, and in it the scopes `req-1` and `req-2` with two resources each.
    private struct Sample {
        var fixture: PictureFixture
        var state: DashboardState
        let worker: ScopeID
        let requests: [ScopeID]

        init(_ size: Size = Size(width: 120, height: 36)) {
            var fixture = PictureFixture(types: ["Database", "Cart", "PaymentSession"])
            var state = DashboardState(
                configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: size, view: .scopes)
            )
            _ = fixture.make(0)
            let worker = fixture.open("worker")
            _ = fixture.make(0, in: worker)
            var requests: [ScopeID] = []
            for name in ["req-1", "req-2"] {
                let scope = fixture.open(name, in: worker)
                let cart = fixture.make(1, in: scope)
                _ = fixture.make(2, in: scope, needing: [cart])
                requests.append(scope)
            }
            fixture.wait(.seconds(12))
            _ = state.update(.monitor(fixture.update()))
            self.fixture = fixture
            self.state = state
            self.worker = worker
            self.requests = requests
        }

        var rows: [TreeRow] { self.state.screens.first(ScopesScreen.self)?.tree.rows ?? [] }

        var selected: TreeRowID? { self.state.screens.first(ScopesScreen.self)?.tree.selectedID }

        var lines: [String] { TextRenderer.render(self.state.render()).split(separator: "\n").map(String.init) }

        mutating func update(_ change: (inout MonitorUpdate) -> Void) {
            self.fixture.wait(.seconds(1))
            var update = self.fixture.update()
            change(&update)
            _ = self.state.update(.monitor(update))
        }
    }

    // MARK: Depth

    @Test("Scopes that are nested ten thousand deep are shown, filtered, and previewed.")
    func deep() {
        var sample = Sample()
        var scope = sample.worker
        for number in 0..<10_000 { scope = sample.fixture.open("s-\(number)", in: scope) }
        sample.update { _ in }
        #expect(sample.rows.count > 10_000)
        _ = sample.state.type("/s-9999")
        _ = sample.state.press(.enter)
        #expect(sample.rows.last?.isContext == false)
        #expect(sample.rows.last?.id == .scope(scope))
        #expect(sample.lines.count == 36)
        #expect(TeardownPreview(sample.worker, sample.state.picture).scopes.first == scope)
    }

    // MARK: Folding

    @Test("Enter and h fold a scope, Enter and l unfold it, and a second h selects the scope above.")
    func folding() {
        var sample = Sample()
        sample.state.select(.scope(sample.worker))
        #expect(sample.rows.count == 10)
        _ = sample.state.press(.enter)
        #expect(sample.rows.map(\.id) == [.scope(.root), .resource(ResourceID(1)), .scope(sample.worker)])
        _ = sample.state.press(.enter)
        #expect(sample.rows.count == 10)
        _ = sample.state.type("h")
        #expect(sample.rows.count == 3)
        _ = sample.state.type("l")
        #expect(sample.rows.count == 10)
        _ = sample.state.type("hh")
        #expect(sample.rows.count == 3)
        #expect(sample.selected == .scope(.root))
    }

    @Test("h on a resource selects its scope, and Enter goes to the resource.")
    func resourceRow() {
        var sample = Sample()
        sample.state.select(.member(ResourceID(3), of: sample.requests[0]))
        _ = sample.state.type("h")
        #expect(sample.selected == .scope(sample.requests[0]))
        sample.state.select(.member(ResourceID(3), of: sample.requests[0]))
        _ = sample.state.press(.enter)
        #expect(sample.state.view == .resources)
        #expect(sample.state.subject.resource == ResourceID(3))
    }

    @Test("Enter on a scope without contents describes it.")
    func emptyScope() {
        var sample = Sample()
        let empty = sample.fixture.open("empty")
        sample.update { _ in }
        sample.state.select(.scope(empty))
        _ = sample.state.press(.enter)
        #expect(sample.state.screen.focusTitle == "Scope")
        #expect(sample.state.notice == nil)
        _ = sample.state.press(.enter)
        #expect(sample.state.notice?.text == "there is nothing to unfold in empty")
        _ = sample.state.press(.escape)
        #expect(sample.state.screen.focusTitle == "Scopes")
        #expect(sample.selected == .scope(empty))
    }

    @Test("Until a row is selected, the first is: commands act on the root.")
    func firstRow() {
        let sample = Sample()
        #expect(sample.selected == .scope(.root))
        #expect(sample.state.subject.scope == .root)
    }

    // MARK: Jumps

    @Test("A jump unfolds the scopes above its row.")
    func jump() {
        var sample = Sample()
        sample.state.select(.scope(sample.worker))
        _ = sample.state.type("hhh")
        #expect(sample.rows.count == 1)
        sample.state.go(to: .member(ResourceID(3), of: sample.requests[0]))
        #expect(sample.selected == .resource(ResourceID(3)))
        #expect(sample.rows.count == 10)
    }

    @Test("A jump to a resource that has ended selects its scope, and a jump to a scope that is gone is refused.")
    func endedTargets() {
        var sample = Sample()
        sample.state.go(to: .member(ResourceID(99), of: sample.worker))
        #expect(sample.selected == .scope(sample.worker))
        let gone = sample.fixture.update(closing: sample.requests[0])
        _ = sample.state.update(.monitor(gone))
        _ = sample.state.type("c")
        sample.state.go(to: .scope(sample.requests[0]))
        #expect(sample.selected == .scope(sample.worker))
        #expect(sample.state.notice?.level == .warn)
    }

    @Test("A scope that the user opens in a folded scope is shown once the picture has it.")
    func openedInFolded() {
        var sample = Sample()
        sample.state.select(.scope(sample.worker))
        _ = sample.state.type("h")
        let new = sample.fixture.open("mine", in: sample.worker)
        _ = sample.state.update(.finished(.opened(new, name: "mine", in: sample.worker)))
        #expect(sample.rows.count == 3)
        sample.update { _ in }
        #expect(sample.selected == .scope(new))
        #expect(sample.rows.contains { $0.id == .scope(new) })
    }

    @Test("A jump to a row that the filter hides clears the filter.")
    func jumpThroughFilter() {
        var sample = Sample()
        _ = sample.state.type("/req-1")
        _ = sample.state.press(.enter)
        sample.state.go(to: .scope(sample.requests[1]))
        #expect(sample.state.list?.filter.isEmpty == true)
        #expect(sample.selected == .scope(sample.requests[1]))
    }

    // MARK: Filter

    @Test("A filter keeps the scopes above matches, dim and not counted, in folded scopes too.")
    func filter() {
        var sample = Sample()
        sample.state.select(.scope(sample.worker))
        _ = sample.state.type("h/type:Cart")
        _ = sample.state.press(.enter)
        let ids: [TreeRowID] = [
            .scope(.root), .scope(sample.worker), .scope(sample.requests[0]), .resource(ResourceID(3)), .scope(sample.requests[1]),
            .resource(ResourceID(5)),
        ]
        #expect(sample.rows.map(\.id) == ids)
        #expect(sample.rows.map(\.isContext) == [true, true, true, false, true, false])
        #expect(sample.state.list?.matches == 2)
        #expect(sample.state.list?.total == 10)
        _ = sample.state.press(.escape)
        #expect(sample.rows.count == 3)
    }

    @Test("n and N move between matches and skip the scopes above them.")
    func matches() {
        var sample = Sample()
        _ = sample.state.type("/type:Cart")
        _ = sample.state.press(.enter)
        _ = sample.state.type("n")
        #expect(sample.selected == .resource(ResourceID(3)))
        _ = sample.state.type("n")
        #expect(sample.selected == .resource(ResourceID(5)))
        _ = sample.state.type("n")
        #expect(sample.selected == .resource(ResourceID(3)))
        _ = sample.state.type("N")
        #expect(sample.selected == .resource(ResourceID(5)))
    }

    @Test("A filter applies to closed scopes, and c hides them.")
    func closed() throws {
        var sample = Sample()
        let update = sample.fixture.update(closing: sample.requests[0])
        _ = sample.state.update(.monitor(update))
        sample.update { _ in }
        let row = try #require(sample.lines.first { $0.contains("× req-1") })
        #expect(row.contains("○ clean"))
        #expect(row.contains("closed 0:01 ago"))
        _ = sample.state.type("/req-1")
        #expect(sample.rows.contains { $0.isClosed })
        _ = sample.state.type("9")
        #expect(!sample.rows.contains { $0.isClosed })
        _ = sample.state.press(.escape)
        _ = sample.state.press(.escape)
        _ = sample.state.type("c")
        #expect(!sample.rows.contains { $0.isClosed })
    }

    // MARK: Drawing

    @Test("At 80x24 every column is visible and no name is cut.")
    func narrow() throws {
        let sample = Sample(Size(width: 80, height: 24))
        let header = try #require(sample.lines.first { $0.contains("SCOPE / resource") })
        for title in ["STATE", "HEALTH", "AGE", "RESOURCES", "ERRORS"] { #expect(header.contains(" \(title) ")) }
        #expect(sample.lines.contains { $0.contains("· PaymentSession#6 ") })
        #expect(sample.lines.contains { $0.contains("▾ req-1 ") && $0.contains(" 2/2 ") })
    }

    @Test("A wide table names tags and source locations.")
    func wide() throws {
        let sample = Sample(Size(width: 200, height: 60))
        let header = try #require(sample.lines.first { $0.contains("SCOPE / resource") })
        #expect(header.contains(" TAG "))
        #expect(header.contains(" OPENED AT / bound at "))
        #expect(sample.lines.contains { $0.contains("▾ req-1 ") && $0.prefix(134).contains("Main.swift:7") })
    }

    @Test("The tree marks the subject of a finding, and a folded scope the findings about anything in it.")
    func findings() {
        var sample = Sample()
        let (worker, request) = (sample.worker, sample.requests[1])
        sample.update { update in
            update.findings = [
                Finding(
                    id: 1,
                    kind: .leak,
                    severity: .high,
                    subject: Finding.Subject(label: "req-2", scope: request),
                    evidence: "it is open",
                    advice: "Close it.",
                    since: update.time
                )
            ]
        }
        #expect(sample.lines.contains { $0.contains("▾ req-2 ▲ ") })
        #expect(!sample.lines.contains { $0.contains("worker ▲") })
        sample.state.select(.scope(worker))
        _ = sample.state.type("h")
        #expect(sample.lines.contains { $0.contains("▸ worker ▲ ") })
    }

    @Test("The pane of the scope lists its resources in the order of initialization, with the whole text of an error.")
    func errorText() {
        var sample = Sample()
        sample.state.select(.scope(sample.requests[0]))
        let reason = "the connection to the payment provider was refused because its certificate expired yesterday"
        var failing = sample.state.picture.resources[ResourceID(3)]
        failing?.errors = 1
        failing?.lastError = reason
        var owner = sample.state.picture.scopes[sample.requests[0]]
        owner?.scope.books.errors = 1
        sample.update { update in
            update.scopes = [owner].compactMap(\.self)
            update.resources = [failing].compactMap(\.self)
        }
        let pane = sample.lines.map { String($0.dropFirst(80)) }
        let words = pane.joined().filter { !"│╭╮╰╯─".contains($0) }.split(separator: " ").joined(separator: " ")
        #expect(words.contains("last error: \(reason)"))
        #expect(words.contains("1 Cart#3 ● ready"))
        #expect(words.contains("parent worker, depth 2"))
    }

    @Test("The pane of the scope names the values that the scope provides by their types.")
    func values() {
        var sample = Sample()
        sample.state.select(.scope(sample.requests[0]))
        var owner = sample.state.picture.scopes[sample.requests[0]]
        owner?.scope.values = [BindingID(2), BindingID(9)]
        sample.update { update in update.scopes = [owner].compactMap(\.self) }
        let words = sample.lines.map { String($0.dropFirst(80)) }.joined().filter { !"│╭╮╰╯─".contains($0) }
            .split(separator: " ").joined(separator: " ")
        #expect(words.contains("values PaymentSession, unknown"))
    }

    @Test("The preview of a teardown states counts in plural forms and is not cut.")
    func teardown() {
        var sample = Sample()
        sample.state.select(.scope(sample.worker))
        let words = sample.lines.map { String($0.dropFirst(80)) }.joined().filter { !"│╭╮╰╯─".contains($0) }
            .split(separator: " ").joined(separator: " ")
        #expect(words.contains("expected unknown, for 5 resources, with 2 inner scopes"))
        let empty = sample.fixture.open("empty")
        sample.update { _ in }
        sample.state.select(.scope(empty))
        #expect(sample.lines.contains { $0.contains("nothing to dispose") })
        #expect(!sample.lines.contains { $0.contains("expected 0ms") })
    }

    @Test("The key hints are uncut at every width that shows them, and a click on one runs its command.")
    func actions() throws {
        for width in 116...200 {
            let lines = Sample(Size(width: width, height: 36)).lines
            for hint in ["t teardown preview", "O open named", "X force close", "I check all"] {
                #expect(lines.contains { $0.contains(" \(hint) ") })
            }
        }
        var sample = Sample()
        let y = try #require(sample.lines.firstIndex { $0.contains("t teardown preview") })
        let range = try #require(sample.lines[y].range(of: "t teardown preview"))
        let x = DisplayText.width(of: sample.lines[y][..<range.lowerBound])
        #expect(sample.state.update(.input(.mouse(Mouse(.press, x: x + 3, y: y)))).isEmpty)
        #expect(sample.lines.contains { $0.contains("If app were closed now") })
    }

    @Test("A zero is dim, and an error is not.")
    func zeros() throws {
        var sample = Sample()
        var failing = sample.state.picture.resources[ResourceID(1)]
        failing?.errors = 8
        sample.update { update in update.resources = [failing].compactMap(\.self) }
        let canvas = sample.state.render()
        let theme = sample.state.theme
        let y = try #require(sample.lines.firstIndex { $0.contains("· Database#1 ") })
        let row = canvas.row(y).prefix(80).filter { $0.text == "8" }
        #expect(row.first?.style.foreground == theme.style(.healthDegraded).foreground)
        let other = try #require(sample.lines.firstIndex { $0.contains("· Cart#3 ") })
        #expect(canvas.row(other).prefix(80).last { $0.text == "0" }?.style.foreground == theme.style(.textDim).foreground)
    }
}
