import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("A frame into a file")
struct FrameFileTests {
    private func named(_ name: String, _ state: inout DashboardState) -> [Effect] {
        _ = state.type("w")
        _ = state.press(.character("u"), .control)
        _ = state.type(name)
        return state.press(.enter)
    }

    @Test(
        "is in the format that the end of its name tells; a name without an end is plain text",
        arguments: [
            ("a.txt", "resmon "), ("a", "resmon "), ("a.svg", "<?xml"), ("A.SVG", "<?xml"), ("a.ans", "\u{1B}["), ("a.json", "{"),
        ]
    )
    func formats(name: String, begin: String) throws {
        var state = DashboardState.fixture()
        guard case .write(let text, name)? = self.named(name, &state).first else { throw NoFile() }
        #expect(text.drop { $0 == " " }.hasPrefix(begin))
    }

    @Test("of JSON has the rows of the screen and what the view shows")
    func json() throws {
        var state = DashboardState.fixture(.events)
        let rows = TextRenderer.render(state.render()).split(separator: "\n")
        guard case .write(let text, _)? = self.named("a.json", &state).first else { throw NoFile() }
        #expect(text.contains("\"height\" : 36"))
        #expect(text.contains("\"view\" : \"events\""))
        #expect(rows.allSatisfy { row in text.contains(row.trimmed) })
    }

    @Test("with an end that is no format's is refused, and the name stays to be corrected")
    func unknown() {
        var state = DashboardState.fixture()
        #expect(self.named("frame.pdf", &state).isEmpty)
        #expect(state.notice?.text == "no format ends in .pdf: .txt, .ansi, .ans, .svg, .json are written")
        let screen = TextRenderer.render(state.render())
        #expect(screen.contains("Write the frame"))
        #expect(screen.contains("frame.pdf"))
        #expect(state.press(.escape).isEmpty)
        #expect(state.pending.isEmpty)
    }

    @Test("that is there is asked about; Enter, n and Esc keep it", arguments: [Key.Code.enter, .character("n"), .escape])
    func kept(key: Key.Code) throws {
        var state = DashboardState.fixture()
        let effect = try #require(self.named("a.txt", &state).first)
        #expect(state.update(.finished(.occupied(effect))).isEmpty)
        #expect(state.pending.isEmpty)
        let screen = TextRenderer.render(state.render())
        #expect(screen.contains("Replace the file?"))
        #expect(screen.contains("a.txt exists."))
        #expect(state.press(key).isEmpty)
        #expect(state.notice?.text == "a.txt is left as it is")
        #expect(state.overlay == nil)
    }

    @Test("that is there is replaced by y, by the button and by a click on it: the frame from when it was named")
    func replaced() throws {
        for way in 0..<3 {
            var state = DashboardState.fixture()
            let effect = try #require(self.named("a.txt", &state).first)
            guard case .write(let text, let path) = effect else { throw NoFile() }
            // What is on the screen by then is something else.
            _ = state.type("3")
            _ = state.update(.finished(.occupied(effect)))
            var effects: [Effect] = []
            switch way {
            case 0: effects = state.type("y")
            case 1:
                _ = state.press(.tab)
                effects = state.press(.enter)
            default:
                let rows = TextRenderer.render(state.render()).split(separator: "\n")
                let y = try #require(rows.firstIndex { $0.contains("[ Replace ]") })
                let x = rows[y].distance(from: rows[y].startIndex, to: try #require(rows[y].firstRange(of: "[ Replace ]")).lowerBound)
                effects = state.update(.input(.mouse(Mouse(.press, x: x + 3, y: y))))
            }
            #expect(effects == [.overwrite(text, to: path)])
            _ = state.update(.finished(.done(.overwrite(text, to: path), "wrote a.txt")))
            #expect(state.pending.isEmpty)
            #expect(state.notice?.text == "wrote a.txt")
        }
    }

    @Test("that is there is left alone if something else has the keys by then")
    func busy() throws {
        var state = DashboardState.fixture()
        let effect = try #require(self.named("a.txt", &state).first)
        _ = state.type("?")
        #expect(state.update(.finished(.occupied(effect))).isEmpty)
        #expect(state.notice?.text == "a.txt exists and is left as it is: w asks again")
        #expect(state.pending.isEmpty)
    }

    @Test("with a long path shows the end of it")
    func longPath() {
        var state = DashboardState.fixture()
        let path = String(repeating: "/directory", count: 19) + "/the-file.txt"
        _ = state.update(.finished(.occupied(.write("x", to: path))))
        #expect(TextRenderer.render(state.render()).contains("/the-file.txt exists."))
    }
}

private struct NoFile: Error {}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.last == " " { text.removeLast() }
        while text.first == " " { text.removeFirst() }
        // What JSON writes otherwise has no place in a comparison of what is there.
        return text.prefix { $0 != "\"" && $0 != "\\" }
    }
}
