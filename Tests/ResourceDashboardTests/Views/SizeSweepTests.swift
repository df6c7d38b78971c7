import Foundation
import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Size sweep")
struct SizeSweepTests {
    private static let widths = [0, 1, 2, 9, 10, 39, 40, 59, 60, 80, 99, 100, 120, 300]
    private static let heights = [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 23, 24, 36, 80]

    private static let hostile = [
        "\u{1B}[31mred\u{1B}[2J\u{7}", "tab\tnew\nline\r", "日本語の名前がとても長い", "👩‍👩‍👧‍👦 family e\u{301}\u{301}\u{301}", "\u{202E}rtl\u{200B}",
        String(repeating: "long", count: 75), "",
    ]

    /// Returns a state with an example of everything that a view can show.
    private static func state(_ view: DashboardView, names: [String]) -> DashboardState {
        var fixture = PictureFixture(types: names)
        var state = DashboardState.fixture(view)
        _ = state.update(.monitor(fixture.update()))
        var last = ScopeID.root
        for (index, name) in names.enumerated() {
            last = fixture.open(name, in: index % 2 == 0 ? .root : last)
            _ = fixture.make(index % names.count, in: last)
        }
        fixture.wait(.seconds(3))
        var update = fixture.update(ended: [fixture.dispose(ResourceID(1))])
        update.trouble(names)
        _ = state.update(.monitor(update))
        for name in names { _ = state.update(.captured(CapturedLine(stream: .stderr, text: name))) }
        state.select(.scope(last))
        state.select(.resource(ResourceID(2)))
        return state
    }

    /// The keys that open the overlays.
    private static let overlays = [
        "", "?", "?open", "O", "a", "x", "X", "t", "T", "D", "=", "w", "m", ":", ":lo", "/type:", "/type:(", "mad", "E", ",", "-",
    ]

    @Test("Every view and overlay draws at any size.", arguments: DashboardView.allCases)
    func anySize(_ view: DashboardView) {
        for keys in Self.overlays {
            var state = Self.state(view, names: ["Database", "Cache", "FileStore"])
            _ = state.type(keys)
            if view == .resources, keys.isEmpty { _ = state.press(.enter) }
            for width in Self.widths {
                for height in Self.heights {
                    let size = Size(width: width, height: height)
                    _ = state.update(.input(.resize(size)))
                    #expect(state.render().size == size)
                }
            }
        }
    }

    @Test(
        "Every view draws exact rows at each size from 1x1 to 200x60, with plain and hostile names.",
        .enabled(if: ProcessInfo.processInfo.environment["RESMON_SOAK"] == "1"),
        arguments: DashboardView.allCases
    )
    func everySize(_ view: DashboardView) {
        var states = [Self.state(view, names: ["Database", "Cache", "FileStore"]), Self.state(view, names: Self.hostile)]
        if view == .resources { _ = states[1].press(.enter) }
        if view == .events { _ = states[1].type("E") }
        for width in 1...200 {
            for height in 1...60 {
                for index in states.indices {
                    let size = Size(width: width, height: height)
                    _ = states[index].update(.input(.resize(size)))
                    let rows = TextRenderer.render(states[index].render()).split(separator: "\n", omittingEmptySubsequences: false)
                    #expect(rows.count == height + 1)
                    #expect(rows.dropLast().allSatisfy { DisplayText.width(of: $0) == width })
                }
            }
        }
    }

    @Test("Every pane draws alone at any width.", arguments: DashboardView.allCases)
    func anyPane(_ view: DashboardView) {
        var state = Self.state(view, names: Self.hostile)
        for _ in 0..<state.screen.paneCount {
            _ = state.press(.tab)
            _ = state.type("Z")
            for width in Self.widths {
                for height in [10, 11, 24, 80] {
                    let size = Size(width: width, height: height)
                    _ = state.update(.input(.resize(size)))
                    #expect(state.render().size == size)
                }
            }
            _ = state.update(.input(.resize(Size(width: 120, height: 36))))
            _ = state.type("Z")
        }
    }

    @Test("A screen that is too small shows the required size.")
    func tooSmall() {
        var state = Self.state(.overview, names: ["Database"])
        _ = state.update(.input(.resize(Size(width: 30, height: 4))))
        #expect(TextRenderer.render(state.render()).contains("resmon: 30x4, needs 40x10"))
        _ = state.update(.input(.resize(Size(width: 18, height: 4))))
        #expect(TextRenderer.render(state.render()).hasPrefix("resmon: 18x4,     \nneeds 40x10       \n"))
        _ = state.update(.input(.resize(Size(width: 18, height: 1))))
        #expect(TextRenderer.render(state.render()) == "needs 40x10       \n")
    }

    /// Returns letters of the same width in place of the characters of a name. Its blanks stay, because sentences are wrapped at them.
    private static func plain(_ name: String) -> String {
        DisplayText.graphemes(name).map { $0.grapheme == " " ? " " : String(repeating: "x", count: $0.width) }.joined()
    }

    @Test("Hostile names move no border that plain names of the same width do not move.", arguments: DashboardView.allCases)
    func hostileNames(_ view: DashboardView) {
        for size in [Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 60, height: 12)] {
            var tame = Self.state(view, names: Self.hostile.map(Self.plain))
            var wild = Self.state(view, names: Self.hostile)
            _ = tame.update(.input(.resize(size)))
            _ = wild.update(.input(.resize(size)))
            let text = TextRenderer.render(wild.render())
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F })
            #expect(Self.borders(wild.render()) == Self.borders(tame.render()))
        }
    }

    /// Returns the positions of the corners of boxes.
    private static func borders(_ canvas: Canvas) -> [String] {
        canvas.cells.indices.filter { "╭╮╰╯".contains(canvas.cells[$0].text) && !canvas.cells[$0].text.isEmpty }
            .map { "\($0 % canvas.size.width),\($0 / canvas.size.width)\(canvas.cells[$0].text)" }
    }
}
