import ResourceMonitoring
import Testing

@testable import ResourceDashboard

@Suite("Tabs")
struct TabBarTests {
    /// Returns a state with three findings.
    private func state(_ view: DashboardView, width: Int = 120) -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(view)
        var update = fixture.update()
        update.trouble(["one", "two", "three"])
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(Size(width: width, height: 24))))
        return state
    }

    @Test("The tab of the current view is visible with its whole title at every width.", arguments: DashboardView.allCases)
    func current(_ view: DashboardView) {
        for width in 40...200 {
            let row = self.state(view, width: width).lines[1]
            #expect(row.contains(" \(view.number) \(view.title)"), "\(width) columns")
            for other in DashboardView.allCases { #expect(row.contains(" \(other.number)"), "\(other), \(width) columns") }
        }
    }

    @Test("Titles are shortened before they are omitted, and the number of findings stays.")
    func shortened() {
        #expect(self.state(.graph, width: 80).lines[1].contains(" 1 Overview 2 Scopes"))
        let narrow = self.state(.graph, width: 60).lines[1]
        for view in DashboardView.allCases { #expect(narrow.contains(" \(view.number) \(view.title.prefix(3))"), "\(view)") }
        #expect(narrow.contains("(3)"))
    }

    @Test("A click on a tab shows its view at every width.", arguments: [40, 60, 80, 120])
    func click(_ width: Int) {
        for view in DashboardView.allCases {
            var state = self.state(view == .overview ? .events : .overview, width: width)
            #expect(state.click(" \(view.number)", from: 1) != nil)
            #expect(state.view == view)
        }
    }

    @Test("If not even the numbers fit, the tabs around the current one are shown, with signs for the hidden ones.")
    func scrolled() {
        let views = (1...40).map { DashboardView(named: "view\($0)") }
        for current in views.indices {
            let tabs = views.enumerated().map { TabBar.Tab(view: $1, number: $0 + 1, badge: 0, isCurrent: $0 == current) }
            let shown = TabBar.labels(tabs, width: 60)
            #expect(shown.labels.contains { $0.tab.isCurrent && $0.label == " \(current + 1) View\(current + 1)" })
            #expect(shown.labels.reduce(0) { $0 + $1.label.count } <= 58)
            #expect(shown.isCut.before == (shown.labels.first?.tab.number != 1))
            #expect(shown.isCut.after == (shown.labels.last?.tab.number != 40))
        }
    }

    @Test("The row of the tabs never shows the filter.")
    func noFilter() {
        var state = self.state(.findings, width: 80)
        let row = state.lines[1]
        _ = state.type("/what:leak")
        #expect(state.lines[1] == row)
        #expect(state.lines[2].contains("/what:leak"))
        _ = state.press(.enter)
        #expect(state.lines[1] == row)
    }

    @Test("The keys beside the tabs accept clicks.")
    func keys() {
        var state = self.state(.findings)
        #expect(state.click("/filter") != nil)
        #expect(state.isTypingFilter)
        _ = state.press(.escape)
        #expect(state.click("?help") != nil)
        #expect(state.overlay != nil)
    }
}

@Suite("Status bar and footer")
struct StatusBarTests {
    private func state(_ width: Int, container: String = "app") -> DashboardState {
        var fixture = PictureFixture()
        var state = DashboardState.fixture(.scopes)
        var update = fixture.update()
        update.container = container
        _ = state.update(.monitor(update))
        _ = state.update(.input(.resize(Size(width: width, height: 24))))
        return state
    }

    @Test("On narrow screens the status bar keeps the container, the playback state and what needs attention.")
    func narrow() {
        for width in [40, 60, 80, 120, 200] {
            let row = self.state(width).lines[0]
            #expect(row.contains(" app"))
            #expect(row.contains("LIVE 4Hz"))
            #expect(row.contains("12:00:00"))
        }
        #expect(!self.state(40).lines[0].contains("missed"))
        #expect(self.state(120).lines[0].contains("missed 0"))
    }

    @Test("A long name of a container is cut, and does not displace the playback state.")
    func longName() {
        let row = self.state(60, container: String(repeating: "container", count: 9)).lines[0]
        #expect(row.contains("containe"))
        #expect(row.contains("LIVE 4Hz"))
        #expect(row.contains("12:00:00"))
    }

    @Test("The footer shows whole words only, and help and quit at every width.")
    func hints() {
        for width in 40...200 {
            let state = self.state(width)
            let row = state.lines[23]
            #expect(!row.contains("…"), "\(width) columns")
            #expect(row.contains("? help  q quit"), "\(width) columns")
        }
    }

    @Test("The keys in the footer accept clicks.")
    func clicks() {
        var state = self.state(200)
        #expect(state.click("Space pause", from: 23) != nil)
        #expect(state.isPaused)
        #expect(state.click("? help", from: 23) != nil)
        #expect(state.overlay != nil)
    }

    @Test("A notice that is longer than a row continues in the next one.")
    func longNotice() {
        var state = self.state(60)
        state.say(String(repeating: "word ", count: 20) + "end", .warn)
        #expect(state.lines[22].contains("word word"))
        #expect(state.lines[23].contains("word end"))
    }

    @Test("The footer names the view once, the pane if it has another name, and the position in its list.")
    func location() {
        var state = self.state(120)
        #expect(state.lines[22].hasPrefix(" Scopes ▸ 1 of 1 "))
        state.show(.overview)
        #expect(state.lines[22].hasPrefix(" Overview ▸ Needs attention none "))
    }
}
