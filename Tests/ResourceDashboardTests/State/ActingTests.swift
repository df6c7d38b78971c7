import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("User commands")
struct ActingTests {
    /// A scope with a resource of each of three bindings, the third of which is a pool. The first binding allows faults.
    private func state(_ view: DashboardView = .scopes, scenarios: [ScenarioChoice] = []) -> (PictureFixture, DashboardState, ScopeID) {
        var fixture = PictureFixture()
        var configuration = DashboardConfiguration(
            clock: WallClock(originNanoseconds: 1_767_268_800_000_000_000),
            size: Size(width: 120, height: 36),
            view: view
        )
        configuration.scenarios = scenarios
        var state = DashboardState(configuration: configuration)
        let scope = fixture.open("req-1")
        let database = fixture.make(0, in: scope)
        _ = fixture.make(1, in: scope, needing: [database])
        _ = fixture.make(2, in: scope)
        fixture.wait(.seconds(1))
        var update = fixture.update()
        update.bindings[0].binding.allowsFaults = true
        var pool = PoolSample(resource: ResourceID(3), name: "files", maximum: 4)
        (pool.made, pool.leased) = (2, 1)
        pool.holders = [
            PoolSample.Holder(slot: 0, scope: scope, location: CodeLocation(file: "App/Main.swift", line: 7), since: fixture.time)
        ]
        update.pools = [pool]
        _ = state.update(.monitor(update))
        state.select(.scope(scope))
        state.select(.resource(ResourceID(1)))
        return (fixture, state, scope)
    }

    @Test("X asks before a forced close, with Cancel as the default; y forces it, and so does the button Force.")
    func force() {
        var (_, state, scope) = self.state()
        _ = state.type("X")
        #expect(TextRenderer.render(state.render()).contains("Close by force: scope req-1?"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.notice?.text == "req-1 stays open")
        _ = state.type("X")
        #expect(state.type("y") == [.closeScope(scope, force: true)])
        _ = state.type("x")
        _ = state.press(.tab)
        _ = state.press(.tab)
        #expect(state.press(.enter) == [.closeScope(scope, force: true)])
        _ = state.type("x")
        _ = state.press(.tab, .shift)
        #expect(state.press(.enter) == [.closeScope(scope, force: true)])
    }

    @Test("A dialog whose scope has closed reports it and does nothing.", arguments: ["x", "X", "t", "a", "O"])
    func vanished(_ key: String) {
        var (fixture, state, scope) = self.state()
        _ = state.type(key)
        let ended = [1, 2, 3].map { fixture.dispose(ResourceID($0)) }
        fixture.wait(.seconds(1))
        _ = state.update(.monitor(fixture.update(ended: ended, closing: scope)))
        let effects = key == "a" || key == "O" || key == "t" ? state.press(.enter) : state.type("y")
        #expect(effects.isEmpty)
        if key == "t" {
            // A preview performs no action, so there is nothing to report.
            #expect(state.overlay == nil)
        } else {
            #expect(["has already closed", "no longer exists"].contains { state.notice?.text.contains($0) == true })
        }
    }

    @Test("t previews the close of a scope and does nothing.")
    func preview() {
        var (_, state, _) = self.state()
        #expect(state.type("t").isEmpty)
        let text = TextRenderer.render(state.render())
        #expect(text.contains("If req-1 were closed now"))
        #expect(text.contains("3 resources"))
        #expect(text.contains("1 lease of files active"))
        #expect(state.press(.enter).isEmpty)
        #expect(state.overlay == nil)
    }

    @Test("f offers faults if the binding allows them, and otherwise reports the reason.")
    func faults() {
        var (_, state, _) = self.state(.resources)
        _ = state.type("fj")
        #expect(TextRenderer.render(state.render()).contains("Inject a fault into Database"))
        #expect(state.press(.enter) == [.inject(.hangInitialize, BindingID(0))])
        state.select(.resource(ResourceID(2)))
        #expect(state.type("f").isEmpty)
        #expect(state.overlay == nil)
        #expect(state.notice?.text.contains("allowsFaults") == true)
    }

    @Test(":lease and :release act on the selected pool, or on the only one.")
    func leases() {
        var (_, state, _) = self.state()
        _ = state.type(":lease")
        #expect(state.press(.enter) == [.lease(ResourceID(3))])
        _ = state.type(":release")
        #expect(state.press(.enter) == [.release])
        _ = state.update(.finished(.done(.release, "released to files")))
        #expect(state.notice?.text == "released to files" && state.pending == [.lease(ResourceID(3))])
        #expect(state.picture.events.last?.message == "released to files")
    }

    @Test(":load takes a percentage, and the header shows a reduced load.")
    func load() {
        var (_, state, _) = self.state()
        _ = state.type(":load 50")
        #expect(state.press(.enter) == [.setLoad(50)])
        _ = state.update(.finished(.done(.setLoad(50), "load set to 50 %")))
        #expect(TextRenderer.render(state.render()).contains("load 50%"))
        for wrong in ["", " x", " -3", " 1001"] {
            _ = state.type(":load\(wrong)")
            #expect(state.press(.enter).isEmpty)
            // The palette keeps the text, with the reason below it.
            #expect(TextRenderer.render(state.render()).contains("from 0 to 1000"))
            _ = state.press(.escape)
        }
    }

    @Test("D lists the scenarios, and :scenario starts one by name.")
    func scenarios() {
        let choices = [ScenarioChoice(name: "a", summary: "first"), ScenarioChoice(name: "b", summary: "second")]
        var (_, state, _) = self.state(scenarios: choices)
        _ = state.type("Dj")
        #expect(state.press(.enter) == [.startScenario("b")])
        _ = state.type(":scenario a")
        #expect(state.press(.enter) == [.startScenario("a")])
        _ = state.type(":scenario c")
        #expect(state.press(.enter).isEmpty)
        #expect(TextRenderer.render(state.render()).contains("unknown scenario c; the scenarios are: a, b"))
        var (_, other, _) = self.state()
        #expect(other.type("D").isEmpty)
        #expect(other.notice?.text == "this source has no scenarios")
    }

    @Test(":finding allow takes the name of a finding.")
    func allow() {
        var (_, state, _) = self.state()
        _ = state.type(":finding allow never-used")
        #expect(state.press(.enter) == [.allowFinding("never-used")])
        _ = state.type(":finding allow")
        #expect(state.press(.enter).isEmpty)
        #expect(TextRenderer.render(state.render()).contains("name the finding"))
    }

    @Test("y copies the row, Y copies the table, and w writes the view to a file in its format.")
    func output() throws {
        var (_, state, _) = self.state(.resources)
        guard case .copy(let row)? = state.type("y").first else { return #expect(Bool(false), "no copy") }
        #expect(row.hasPrefix("Database#1 ready in req-1"))
        #expect(row.contains("Main.swift:7"))
        guard case .copy(let table)? = state.type("Y").first else { return #expect(Bool(false), "no copy") }
        #expect(table.contains("Database"))
        #expect(!table.contains("│"))
        #expect(table.split(separator: "\n").count == 4)
        _ = state.type("w")
        #expect(TextRenderer.render(state.render()).contains("resmon-resources.txt"))
        guard case .write(let text, let path)? = state.press(.enter).first else { return #expect(Bool(false), "no file") }
        // The frame is drawn without the dialog.
        #expect(path == "resmon-resources.txt")
        #expect(text.contains("Resources 3 live"))
        #expect(!text.contains("Write the frame"))
        for (name, begin) in [("a.svg", "<?xml"), ("a.ansi", "\u{1B}[")] {
            _ = state.type(":frame write \(name)")
            guard case .write(let text, name)? = state.press(.enter).first else { return #expect(Bool(false), "no file") }
            #expect(text.hasPrefix(begin))
        }
    }

    @Test("M gives the mouse to the terminal and takes it back.")
    func mouse() {
        var (_, state, _) = self.state()
        #expect(state.type("M") == [.mouse(false)])
        #expect(state.update(.input(.mouse(Mouse(.press, x: 12, y: 1)))).isEmpty)
        #expect(state.view == .scopes)
        #expect(state.type("M") == [.mouse(true)])
    }

    @Test("A mark is set and reached by its letter; other keys set none.")
    func marks() {
        var (fixture, state, scope) = self.state()
        #expect(state.type("d").isEmpty)
        #expect(state.notice?.text.contains("set a mark first") == true)
        _ = state.type("m")
        #expect(TextRenderer.render(state.render()).contains("with a letter or a digit"))
        _ = state.type("a")
        fixture.wait(.seconds(30))
        _ = fixture.make(0, in: scope)
        _ = state.update(.monitor(fixture.update()))
        _ = state.type("d")
        #expect(TextRenderer.render(state.render()).contains("1 of 1 created is live"))
        _ = state.press(.escape)
        _ = state.type("'a")
        #expect(state.isPast)
        #expect(state.picture.resources.count == 3)
        _ = state.type("0'z")
        #expect(!state.isPast)
        #expect(state.notice?.text.contains("there is no mark z; the marks are: a") == true)
        _ = state.type("m")
        _ = state.press(.escape)
        #expect(state.marks.count == 1)
    }

    @Test("s sorts by every column in Resources, Pools and Health; z holds the order, and F sorts once.")
    func order() {
        var (_, state, _) = self.state(.resources)
        for column in ResourceColumn.allCases.indices.dropFirst() {
            _ = state.type("s")
            #expect(state.list?.sorting?.column == column)
        }
        for (view, count) in [(DashboardView.pools, PoolColumn.allCases.count), (.health, HealthColumn.allCases.count)] {
            state.show(view)
            var seen: Set<String> = []
            for _ in 0..<count {
                _ = state.type("s")
                seen.insert(state.notice?.text ?? "")
            }
            #expect(seen.count == count)
        }
        _ = state.type("z")
        #expect(state.holdsOrder)
        _ = state.type("F")
        #expect(state.holdsOrder)
        #expect(state.notice?.text == "sorted again")
        _ = state.type("z")
        #expect(!state.holdsOrder)
    }

    @Test("= hides and shows columns, except for the first, which names the row.")
    func columns() {
        var (_, state, _) = self.state(.resources)
        #expect(TextRenderer.render(state.render()).contains(" INIT "))
        _ = state.type("=jjjjj ")
        _ = state.press(.escape)
        #expect(!TextRenderer.render(state.render()).contains(" INIT "))
        _ = state.type("= ")
        #expect(state.hiddenColumns[.resources] == ["INIT"])
        #expect(state.notice?.text == "ID is always shown: it names the row")
        _ = state.type("jjjjj ")
        _ = state.press(.escape)
        #expect(TextRenderer.render(state.render()).contains(" INIT "))
    }

    @Test("Enter opens the detail of a resource; Esc returns to its row, and Enter continues to its scope.")
    func detail() {
        var (_, state, scope) = self.state(.resources)
        _ = state.press(.enter)
        let text = TextRenderer.render(state.render())
        #expect(text.contains("Database#1 ─"))
        #expect(text.contains("needed by Cache#2"))
        #expect(text.contains("of 3 in req-1"))
        _ = state.press(.escape)
        #expect(state.screens.first(ResourcesScreen.self)?.isOpen == false)
        #expect(state.view == .resources)
        _ = state.press(.enter)
        _ = state.press(.enter)
        #expect(state.view == .scopes)
        #expect(state.subject.scope == scope)
        #expect(state.subject.resource == ResourceID(1))
    }

    @Test("E groups errors by cause, Enter shows the last error of a group, and ! moves to the next error.")
    func errors() {
        var (fixture, state, scope) = self.state(.events)
        func event(_ number: UInt64, _ kind: ResourceEvent.Kind, _ resource: UInt64) -> ResourceEvent {
            ResourceEvent(
                sequence: 100 + number,
                time: fixture.time,
                scope: scope,
                resource: ResourceID(resource),
                binding: BindingID(Int(resource) - 1),
                kind: kind
            )
        }
        fixture.wait(.seconds(1))
        var update = fixture.update()
        update.events = [
            event(1, .disposeThrew("it broke", took: .zero, lived: .zero), 1), event(2, .noted("fine"), 1),
            event(3, .disposeThrew("it broke", took: .milliseconds(3), lived: .seconds(2)), 1),
            event(4, .initializationFailed("refused", took: .zero), 2),
        ]
        _ = state.update(.monitor(update))
        _ = state.type("E")
        let rows = TextRenderer.render(state.render()).split(separator: "\n")
        #expect(rows.contains { $0.contains(" 2 ") && $0.contains("Database") && $0.contains("it broke") })
        #expect(rows.contains { $0.contains(" 1 ") && $0.contains("Cache") && $0.contains("refused") })
        _ = state.type("j")
        _ = state.press(.enter)
        #expect(state.screens.first(EventsScreen.self)?.isGrouped == false)
        #expect(state.subject.event?.sequence == 103)
        _ = state.type("!")
        #expect(state.subject.event?.sequence == 104)
        _ = state.type("!")
        #expect(state.subject.event?.sequence == 101)
        #expect(state.notice?.text.contains("wrapped around") == true)
        _ = state.type("1!")
        #expect(state.view == .events)
    }

    @Test("+ and - change the time span of the charts.")
    func zoom() {
        var (_, state, _) = self.state(.overview)
        _ = state.type("-")
        #expect(TextRenderer.render(state.render()).contains(" 2m  min "))
        _ = state.type("---++++")
        #expect(TextRenderer.render(state.render()).contains(" 60s  min "))
    }

    @Test("Up recalls earlier filters, and Down returns to an empty one.")
    func filterHistory() {
        var (_, state, _) = self.state(.resources)
        for text in ["type:Cache", "err>0"] {
            _ = state.type("/\(text)")
            _ = state.press(.enter)
            _ = state.press(.escape)
        }
        _ = state.type("/")
        for expected in ["err>0", "type:Cache"] {
            _ = state.press(.up)
            #expect(state.list?.filter.text.text == expected)
        }
        #expect(state.list?.count == 1)
        _ = state.press(.down)
        _ = state.press(.down)
        #expect(state.list?.filter.text.text == "")
    }
}
