import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("States of several processes")
struct ProcessDeckTests {
    private static let (shop, mail) = (ProcessID("4711"), ProcessID("4823"))

    /// A deck that shows `shop` and has `mail`.
    private func deck(_ rows: [ProcessRow] = [.shop(), .mail()], budget: Int = ProcessDeck.standardBudget) -> ProcessDeck {
        var deck = ProcessDeck(.attached(rows), of: Self.shop, budget: budget)
        for row in rows { deck.add(row.id, origin: "attached", isReadonly: true, reach: nil) }
        return deck
    }

    private func type(_ keys: String, _ deck: inout ProcessDeck) {
        for key in keys { _ = deck.update(.input(.key(Key(key))), of: deck.shown) }
    }

    private func show(_ process: ProcessID, in view: DashboardView? = nil, _ deck: inout ProcessDeck) {
        let isShown = deck.show(process, in: view)
        #expect(isShown)
    }

    private func screen(_ deck: ProcessDeck) -> String { deck.state.text }

    @Test("A hidden process continues to take data, which its screen has when it is shown.")
    func hidden() {
        var deck = self.deck()
        var fixture = PictureFixture()
        _ = fixture.open("late")
        _ = deck.update(.monitor(fixture.update()), of: Self.mail)
        #expect(!self.screen(deck).contains("late"))
        self.show(Self.mail, in: .scopes, &deck)
        #expect(deck.shown == Self.mail)
        #expect(self.screen(deck).contains("late"))
        #expect(self.screen(deck).contains("mail 4823@web1"))
    }

    @Test("Each process keeps its view, its filter, its marks, and its past.")
    func position() {
        var deck = self.deck()
        var fixture = PictureFixture()
        for _ in 0..<20 {
            _ = deck.update(.monitor(fixture.update()), of: Self.shop)
            fixture.wait(.seconds(1))
        }
        self.type("3/type:x", &deck)
        _ = deck.update(.input(.key(Key(.enter))), of: Self.shop)
        self.type("ma<", &deck)
        let time = deck.state.picture.time
        self.show(Self.mail, &deck)
        #expect(deck.state.view == .overview)
        #expect(deck.state.marks.isEmpty)
        self.show(Self.shop, &deck)
        #expect(deck.state.view == .resources)
        #expect(deck.state.list?.filter.text.text == "type:x")
        #expect(deck.state.marks.map(\.letter) == ["a"])
        #expect(deck.state.isPast)
        #expect(deck.state.picture.time == time)
    }

    @Test("The settings of the terminal are the same in all processes.")
    func terminal() {
        var deck = self.deck()
        _ = deck.update(.input(.resize(Size(width: 90, height: 30))), of: Self.shop)
        self.type("A:screen.theme default-light", &deck)
        _ = deck.update(.input(.key(Key(.enter))), of: Self.shop)
        self.show(Self.mail, &deck)
        #expect(deck.state.size == Size(width: 90, height: 30))
        #expect(deck.state.theme.name == "default-light")
        #expect(deck.state.glyphs == .block)
    }

    @Test("A process that is left from the view of the processes returns to the view before.")
    func leavesProcesses() {
        var deck = self.deck()
        self.type("49", &deck)
        self.show(Self.mail, &deck)
        self.show(Self.shop, &deck)
        #expect(deck.state.view == .pools)
    }

    @Test("A dialog closes when its process is left.")
    func dialogs() {
        var deck = self.deck()
        self.type("P", &deck)
        _ = deck.show(Self.mail, notice: "4711 has ended")
        #expect(deck.state.notice?.text == "4711 has ended")
        self.show(Self.shop, &deck)
        #expect(deck.state.overlay == nil)
    }

    @Test("The processes share one budget: the shown one has its share, and the others divide the rest.")
    func budget() {
        var rows = [ProcessRow.shop()]
        for number in 1...4 {
            var row = ProcessRow.mail()
            row.id = ProcessID("\(number)")
            rows.append(row)
        }
        var deck = self.deck(rows, budget: 128 << 20)
        #expect(deck.state.timeline.limit == 64 << 20)
        self.show(ProcessID("3"), &deck)
        #expect(deck.state.timeline.limit == 64 << 20)
        self.show(Self.shop, &deck)
        deck.take([rows[0]])
        #expect(deck.state.timeline.limit == 128 << 20)
        #expect(!deck.contains(ProcessID("3")))
        #expect(self.deck(budget: 32 << 20).state.timeline.limit == 16 << 20)
        #expect(self.deck([.shop()], budget: 32 << 20).state.timeline.limit == 32 << 20)
    }

    @Test("A budget for more than 64 MB each is shared equally, so that nothing is lost when another process is shown.")
    func largeBudget() {
        var deck = self.deck(budget: 512 << 20)
        #expect(deck.state.timeline.limit == 256 << 20)
        #expect(deck.state.picture.events.limit == 256 << 20)
        self.show(Self.mail, &deck)
        #expect(deck.state.timeline.limit == 256 << 20)
        // The limit outlives a change of the container.
        var (first, second) = (PictureFixture(), PictureFixture())
        first.wait(.seconds(9))
        _ = deck.update(.monitor(first.update()), of: Self.mail)
        _ = deck.update(.monitor(second.update()), of: Self.mail)
        #expect(deck.state.picture.time == second.time)
        #expect(deck.state.timeline.limit == 256 << 20)
        #expect(deck.state.picture.events.limit == 256 << 20)
    }

    @Test("At the beginning of the timeline, the notice has the limit that applies.")
    func limitInWords() {
        var deck = self.deck(budget: 32 << 20)
        var fixture = PictureFixture()
        for _ in 0..<5 {
            _ = deck.update(.monitor(fixture.update()), of: Self.shop)
            fixture.wait(.seconds(1))
        }
        self.type("<<", &deck)
        #expect(deck.state.notice?.text == "the timeline begins here: it keeps ten minutes, or up to 16 MB")
    }

    @Test("A hidden process whose share is used up drops its oldest moments.")
    func hiddenShare() throws {
        var deck = self.deck(budget: 2 << 20)
        self.show(Self.mail, &deck)
        var fixture = PictureFixture()
        _ = deck.update(.monitor(fixture.update()), of: Self.shop)
        for _ in 0..<40 {
            let scope = fixture.open("many")
            for _ in 0..<2_000 { _ = fixture.make(0, in: scope) }
            fixture.wait(.seconds(1))
            _ = deck.update(.monitor(fixture.update()), of: Self.shop)
        }
        deck.refresh()
        let depth = try #require(deck.state.processes?.first?.depth)
        #expect(depth < .seconds(40))
        #expect(depth > .zero)
        self.show(Self.shop, &deck)
        #expect(deck.state.timeline.weight <= 1 << 20)
        #expect(deck.state.picture.resources.count == 80_000)
    }

    @Test("A lower limit drops the oldest moments at once, and a past moment that is shown stays.")
    func lowerLimit() {
        var fixture = PictureFixture()
        var state = DashboardState.attached(in: .scopes)
        for _ in 0..<20 {
            let scope = fixture.open("many")
            for _ in 0..<1_000 { _ = fixture.make(0, in: scope) }
            _ = state.update(.monitor(fixture.update()))
            fixture.wait(.seconds(1))
        }
        _ = state.type("<")
        let (count, shown) = (state.timeline.moments.count, state.picture.resources.count)
        state.limitHistory(1 << 17)
        #expect(state.timeline.moments.count < count)
        #expect(state.timeline.weight <= 1 << 17)
        #expect(state.picture.resources.count == shown)
        // The moment is no longer kept, and the keys of time work from the first that is.
        _ = state.type("!,.")
        #expect(state.timeline.moments.contains(state.moment ?? state.timeline.moments.lowerBound))
    }

    @Test("The rows have the depth of each process's past.")
    func depth() {
        var deck = self.deck()
        var fixture = PictureFixture()
        for _ in 0..<5 {
            _ = deck.update(.monitor(fixture.update()), of: Self.mail)
            fixture.wait(.seconds(2))
        }
        deck.refresh()
        #expect(deck.state.processes?.map(\.depth) == [.zero, .seconds(8)])
    }

    @Test("A row without a state has no depth, and a process without a state cannot be shown.")
    func unknown() {
        var deck = self.deck()
        deck.take([.shop(), .mail(), .ended()])
        #expect(deck.state.processes?.last?.depth == nil)
        let isShown = deck.show(ProcessID("4600"))
        #expect(!isShown)
        #expect(deck.shown == Self.shop)
        #expect(deck.update(.monitor(MonitorUpdate.empty), of: ProcessID("4600")).isEmpty)
    }

    @Test("The state of a connection reaches the state of its process.")
    func connections() {
        var deck = self.deck()
        deck.take([.shop(.silent(for: .seconds(4))), .mail(.reconnecting(in: .seconds(2)))])
        #expect(deck.state.connection == .silent(for: .seconds(4)))
        self.show(Self.mail, &deck)
        #expect(deck.state.connection == .reconnecting(in: .seconds(2)))
    }

    @Test("A process whose data have a clock is shown with that clock.")
    func clocks() {
        var mail = ProcessRow.mail()
        mail.clock = WallClock(originNanoseconds: 0)
        var deck = self.deck([.shop(), mail])
        self.show(Self.mail, &deck)
        #expect(deck.state.configuration.clock == mail.clock)
        #expect(deck.clock(of: Self.mail) == mail.clock)
        #expect(deck.clock(of: Self.shop) == nil)
        self.show(Self.shop, &deck)
        #expect(deck.state.configuration.clock != mail.clock)
    }

    @Test("The successor of the shown process is known after its end only.")
    func successor() {
        var shop = ProcessRow.shop()
        shop.successor = Self.mail
        var deck = self.deck([shop, .mail()])
        #expect(deck.successor == nil)
        shop.status = .ended(at: nil, how: "")
        deck.take([shop, .mail()])
        #expect(deck.successor == Self.mail)
    }

    @Test("A successor that ended before anything was seen of it is skipped for the one that replaced it.")
    func shortLivedSuccessor() {
        let last = ProcessID("4902")
        var next = ProcessRow.shop()
        next.id = last
        var deck = self.deck([.shop(), .mail()])
        var ended = ProcessRow.ended(successor: ProcessID("4901"))
        ended.id = Self.shop
        deck.take([ended, .unseen("4901"), .mail()])
        #expect(deck.successor == nil)
        deck.take([ended, .unseen("4901", successor: last), next, .mail()])
        #expect(deck.successor == nil)
        deck.add(last, origin: "attached", isReadonly: true, reach: nil)
        #expect(deck.successor == last)
    }

    @Test("The scopes that the user opened in a hidden process are asked about before quitting.")
    func openedElsewhere() {
        var deck = self.deck()
        var fixture = PictureFixture()
        let scope = fixture.open("manual-1")
        _ = deck.update(.monitor(fixture.update()), of: Self.mail)
        _ = deck.update(.finished(.opened(scope, name: nil, in: .root)), of: Self.mail)
        deck.refresh()
        #expect(deck.state.openedElsewhere == ["manual-1 of mail 4823@web1"])
        self.type("q", &deck)
        #expect(self.screen(deck).contains("manual-1 of mail 4823@web1"))
    }

    @Test("A dashboard without attached processes has one state, and its limit is its own.")
    func inProcess() {
        var deck = ProcessDeck(.fixture(), of: ProcessID(""), budget: 1 << 20)
        deck.refresh()
        #expect(deck.state.processes == nil)
        #expect(deck.state.timeline.limit == EventArchive.limit)
        self.show(ProcessID(""), &deck)
    }
}

extension MonitorUpdate {
    /// An update without changes.
    fileprivate static var empty: MonitorUpdate {
        MonitorUpdate(sequence: 0, time: TimeSource.Instant(nanoseconds: 0), isReset: false, container: "", totals: MonitorTotals())
    }
}
