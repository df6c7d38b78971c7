import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

/// The lists of scopes, warnings and errors.
extension OverviewTests {
    // MARK: Scopes

    @Test(
        "Names that differ in a number or an identity at their end have the same pattern.",
        arguments: [
            ("req-85", "req-*"), ("tx-84.1", "tx-*"), ("page3", "page*"), ("worker", "worker"), ("nightly-report", "nightly-report"),
            ("session-550e8400-e29b-41d4-a716-446655440000", "session-*"), ("job-3f2a9c", "job-*"), ("add1", "add*"), ("42", "*"),
            ("v2-upload", "v2-upload"), ("日本-7", "日本-*"), ("-", "-"), ("", ""),
        ]
    )
    func patterns(_ name: String, _ pattern: String) {
        #expect(ScopeGroup.pattern(of: name) == pattern)
    }

    /// Returns a state with `closed` requests that were open for 100 ms each, three open requests and one worker.
    private static func requests(closed: Int) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.overview)
        _ = fixture.open("worker-1")
        _ = state.update(.monitor(fixture.update()))
        fixture.wait(.seconds(20))
        for number in 0..<closed {
            let scope = fixture.open("req-\(number)")
            _ = state.update(.monitor(fixture.update()))
            fixture.wait(.milliseconds(100))
            _ = state.update(.monitor(fixture.update(closing: scope)))
        }
        for number in closed..<closed + 3 { _ = fixture.make(0, in: fixture.open("req-\(number)")) }
        _ = state.update(.monitor(fixture.update()))
        return state
    }

    @Test("Open scopes are grouped by name, with their number, rate and p95, and closed ones are one line.")
    func scopes() throws {
        var state = Self.requests(closed: 30)
        let groups = try Self.screen(state).scopes.rows
        #expect(groups.map(\.name) == ["app", "req-*", "worker-1"])
        #expect(groups.map(\.open) == [1, 3, 1])
        #expect(groups.map(\.active) == [0, 3, 0])
        #expect(groups[1].rate == 3.3)
        #expect(groups[1].p95 == .milliseconds(100))
        #expect(groups[0].rate == nil)
        let rows = try Self.rows(.scopes, state)
        let request = try #require(rows.first { $0.contains("req-*") })
        #expect(request.split(separator: " ").prefix(4) == ["req-*", "3", "3.3/s", "100ms"])
        #expect(rows.count { $0.contains("req-") } == 1)
        #expect(rows.last?.hasPrefix(" 30 closed; p95 open 100ms") == true)
        _ = state.type("c")
        #expect(try !Self.rows(.scopes, state).contains { $0.contains("closed") })
    }

    @Test("Figures of the stored closed scopes are not shown as those of all.")
    func storedScopes() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.overview)
        _ = state.update(.monitor(fixture.update()))
        for number in 0..<2 {
            fixture.wait(.seconds(45))
            let scope = fixture.open("req-\(number)")
            _ = state.update(.monitor(fixture.update()))
            var update = fixture.update(closing: scope)
            update.scopes[update.scopes.count - 1].failedDisposes = 1
            _ = state.update(.monitor(update))
        }
        fixture.wait(.seconds(45))
        _ = state.update(.monitor(fixture.update()))
        #expect(state.picture.closedScopes.count == 1)
        for width in stride(from: 80, through: 200, by: 2) {
            _ = state.update(.input(.resize(Size(width: width, height: 36))))
            let line = try #require(try Self.rows(.scopes, state).last)
            #expect(line.contains("2 closed"), "\(width)")
            #expect(!line.contains("with failed disposes") || line.contains("the newest 1: 1 with failed disposes"), "\(width)")
        }
    }

    @Test("A group of which every scope has closed stays for a few seconds, unless ended items are hidden.")
    func closedGroup() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.overview)
        _ = state.update(.monitor(fixture.update()))
        fixture.wait(.seconds(20))
        for number in 0..<2 {
            let scope = fixture.open("tx-\(number)")
            _ = state.update(.monitor(fixture.update()))
            _ = state.update(.monitor(fixture.update(closing: scope)))
        }
        #expect(try Self.screen(state).scopes.rows.map(\.name) == ["app", "tx-*"])
        _ = state.type("c")
        #expect(try Self.screen(state).scopes.rows.map(\.name) == ["app"])
        _ = state.type("c")
        fixture.wait(.seconds(11))
        _ = state.update(.monitor(fixture.update()))
        #expect(try Self.screen(state).scopes.rows.map(\.name) == ["app"])
    }

    @Test("The rate of a group counts every scope, also if more closed within the window than are stored.")
    func rateBeyondStorage() throws {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.overview)
        _ = state.update(.monitor(fixture.update()))
        fixture.wait(.seconds(20))
        for number in 0..<600 {
            let scope = fixture.open("req-\(number)")
            _ = state.update(.monitor(fixture.update()))
            fixture.wait(.milliseconds(10))
            _ = state.update(.monitor(fixture.update(closing: scope)))
        }
        _ = fixture.open("req-600")
        _ = state.update(.monitor(fixture.update()))
        let rate = try #require(try Self.screen(state).scopes.rows.first { $0.name == "req-*" }?.rate)
        #expect((95...105).contains(rate))
    }

    // MARK: Warnings and errors

    @Test("Only warnings and errors are listed, newest first, and one line counts the other events.")
    func trouble() throws {
        var update = Self.trouble()
        update.events = (1...400).map { Self.event($0, .noted("note \($0)")) }
        update.events[9] = Self.event(10, .errorReported("the disk is full"))
        update.events[350] = Self.event(351, .leaseSlow(waited: .seconds(2)))
        let state = Self.state(update)
        #expect(try Self.screen(state).trouble.rows.map(\.newest.sequence) == [351, 10])
        let rows = try Self.rows(.trouble, state)
        let words = rows.flatMap { $0.split(separator: " ") }.joined(separator: " ")
        let slow = try #require(words.range(of: "waited 2.00s for a lease"))
        let full = try #require(words.range(of: "the disk is full"))
        #expect(slow.upperBound < full.lowerBound)
        #expect(rows.last?.contains("398 other events: 6 shows all") == true)
        #expect(!rows.contains { $0.contains("note ") })
        #expect(Self.text(state).contains("Warnings and errors 2"))
    }

    /// Returns an update with the resources Database#1, Database#2 and FileStore#3.
    private static func twins(_ fixture: inout PictureFixture) -> MonitorUpdate {
        let scope = fixture.open("req-1")
        for binding in [0, 0, 2] { _ = fixture.make(binding, in: scope) }
        return fixture.update()
    }

    /// Returns a state with the events of two instances of Database and one of FileStore, in which the warnings and errors have the focus.
    private static func state(events: [ResourceEvent]) throws -> DashboardState {
        var fixture = PictureFixture()
        var update = Self.twins(&fixture)
        update.events = events
        var state = Self.state(update)
        for _ in 0..<3 { _ = state.press(.tab) }
        #expect(try Self.screen(state).focus == .trouble)
        return state
    }

    @Test("Equal errors are one row with their number, and the title counts each of them.")
    func equalErrors() throws {
        let refused = (1...18).filter { $0 != 17 }.map { Self.event($0, .errorReported("connection refused"), resource: 3) }
        var state = try Self.state(events: refused + [Self.event(19, .noted("no trouble")), Self.event(20, .errorReported("disk full"))])
        _ = state.update(.input(.resize(Size(width: 200, height: 60))))
        #expect(try Self.screen(state).trouble.rows.map(\.count) == [1, 17])
        let rows = try Self.rows(.trouble, state)
        let words = rows.map { $0.split(separator: " ").dropFirst(2).map(String.init) }
        #expect(words[0] == ["report", "Database#1:", "disk", "full"])
        #expect(words[1] == ["report", "×17", "FileStore#3:", "connection", "refused"])
        #expect(rows.count { $0.contains("refused") } == 1)
        #expect(rows.last?.contains("1 other event: 6 shows all") == true)
        #expect(Self.text(state).contains("Warnings and errors 18"))
        let table = try #require(try Self.screen(state).table(in: .trouble, state.context, .braille))
        #expect(table.cells(1).dropFirst().map(\.text) == ["17", "error", "report", "FileStore#3", "connection refused"])
    }

    @Test("Warnings about several instances of a type are one row with its name and their common cause.")
    func severalInstances() throws {
        let state = try Self.state(events: [
            Self.event(1, .leaseSlow(waited: .seconds(2)), resource: 1), Self.event(2, .leaseSlow(waited: .seconds(3)), resource: 2),
            Self.event(3, .leaseSlow(waited: .seconds(4)), resource: 3),
        ])
        let groups = try Self.screen(state).trouble.rows
        #expect(groups.map(\.subject) == ["FileStore#3", "Database"])
        #expect(groups.map(\.message) == ["waited 4.00s for a lease", "waited for a lease"])
        #expect(groups.map(\.newest.sequence) == [3, 2])
    }

    @Test("Lines with another level, kind, subject or cause are different rows, and durations make no difference.")
    func differentLines() throws {
        let state = try Self.state(events: [
            Self.event(1, .initializationFailed("no", took: .seconds(1))),
            Self.event(2, .ready(took: .seconds(2), order: 1, dependencies: [])),
            Self.event(3, .errorReported("no")), Self.event(4, .errorReported("yes")), Self.event(5, .errorReported("no"), resource: 3),
            Self.event(6, .initializationFailed("no", took: .seconds(3))),
        ])
        let groups = try Self.screen(state).trouble.rows
        #expect(groups.map(\.newest.sequence) == [6, 5, 4, 3, 2])
        #expect(groups.map(\.count) == [2, 1, 1, 1, 1])
        #expect(Set(groups.map(\.id)).count == 5)
    }

    @Test("The selection stays on its group while lines are added to it and to others, and Enter opens its newest line.")
    func selectedGroup() throws {
        var fixture = PictureFixture()
        var state = Self.state(Self.twins(&fixture))
        func add(_ number: Int, _ text: String, resource: UInt64) {
            fixture.wait(.seconds(1))
            var update = fixture.update()
            update.events = [Self.event(number, .errorReported(text), resource: resource)]
            _ = state.update(.monitor(update))
        }
        add(1, "connection refused", resource: 3)
        add(2, "disk full", resource: 1)
        for _ in 0..<3 { _ = state.press(.tab) }
        _ = state.type("j")
        let selected = try #require(try Self.screen(state).trouble.selectedID)
        #expect(selected.group.message == "connection refused")
        add(3, "disk full", resource: 1)
        add(4, "timeout", resource: 2)
        #expect(try Self.screen(state).trouble.selectedIndex == 2)
        #expect(state.subject.event?.sequence == 1)
        add(5, "connection refused", resource: 3)
        #expect(try Self.screen(state).trouble.selectedID == selected)
        #expect(try Self.screen(state).trouble.selectedIndex == 0)
        let text = try #require(try Self.screen(state).text(state.context))
        #expect(text == "error report FileStore#3: connection refused, 2 times, first 12:00:00, last 12:00:00")
        _ = state.press(.enter)
        #expect(state.view == .events)
        #expect(state.subject.event?.sequence == 5)
    }

    @Test("A filter of the warnings and errors leaves the lines that pass in their groups.")
    func filteredGroups() throws {
        let refused = (1...5).map { Self.event($0, .errorReported("connection refused"), resource: $0 < 4 ? 1 : 2) }
        var state = try Self.state(events: refused + [Self.event(6, .errorReported("disk full"), resource: 3)])
        #expect(try Self.screen(state).trouble.rows.map(\.subject) == ["FileStore#3", "Database"])
        _ = state.type("/Database#2")
        _ = state.press(.enter)
        #expect(try Self.screen(state).trouble.rows.map(\.count) == [2])
        #expect(try Self.screen(state).trouble.rows.map(\.subject) == ["Database#2"])
        #expect(Self.text(state).contains("Warnings and errors 6, 1 of 2 groups"))
    }

    @Test("The newest 500 warnings and errors are grouped, and the title counts all that are stored.")
    func manyErrors() throws {
        let state = try Self.state(events: (1...700).map { Self.event($0, .errorReported("connection refused")) })
        #expect(try Self.screen(state).trouble.rows.map(\.count) == [500])
        #expect(Self.text(state).contains("Warnings and errors 700"))
        #expect(try Self.rows(.trouble, state).last?.contains("0 other events") == true)
    }

    @Test("The warnings and errors of an archive are those of its lines, at every length and after lines are forgotten.")
    func archive() {
        var archive = EventArchive()
        for number in 0..<1_000 {
            let kind: ResourceEvent.Kind =
                number % 7 == 0 ? .errorReported("e") : number % 11 == 0 ? .leaseSlow(waited: .seconds(1)) : .noted("n")
            archive.append(EventLine(Self.event(number + 1, kind), label: "A", scope: "s"))
            guard number % 100 == 50 else { continue }
            for part in [archive, archive.prefix(upTo: number / 2)] {
                let expected = part.indices.filter { part[$0].level >= .warn }
                let (count, newest) = part.troubles(limit: 20)
                #expect(count == expected.count)
                #expect(newest == expected.reversed().prefix(20).map { $0 })
            }
        }
        archive.forget(before: 700)
        #expect(archive.troubles(limit: 5_000).newest.last.map { $0 >= 700 } == true)
        #expect(archive.troubles(limit: 0).count == archive.indices.count { archive[$0].level >= .warn })
    }
}
