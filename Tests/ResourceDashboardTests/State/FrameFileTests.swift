import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Writing a frame to a file")
struct FrameFileTests {
    private func named(_ name: String, _ state: inout DashboardState) -> [Effect] {
        _ = state.type("w")
        _ = state.press(.character("u"), .control)
        _ = state.type(name)
        return state.press(.enter)
    }

    @Test(
        "The file extension selects the format; without an extension, a frame is plain text.",
        arguments: [
            ("a.txt", "resmon "), ("a", "resmon "), ("a.svg", "<?xml"), ("A.SVG", "<?xml"), ("a.ans", "\u{1B}["), ("a.json", "{"),
        ]
    )
    func formats(name: String, begin: String) throws {
        var state = DashboardState.fixture()
        guard case .write(let text, name)? = self.named(name, &state).first else { throw NoFile() }
        #expect(text.drop { $0 == " " }.hasPrefix(begin))
    }

    @Test("A JSON file contains the rows of the screen and the view's model.")
    func json() throws {
        var state = DashboardState.fixture(.events)
        let rows = TextRenderer.render(state.render()).split(separator: "\n")
        guard case .write(let text, _)? = self.named("a.json", &state).first else { throw NoFile() }
        #expect(text.contains("\"height\" : 36"))
        #expect(text.contains("\"view\" : \"events\""))
        #expect(rows.allSatisfy { row in text.contains(row.trimmed) })
    }

    @Test("An unknown extension is rejected, and the name stays for correction.")
    func unknown() {
        var state = DashboardState.fixture()
        #expect(self.named("frame.pdf", &state).isEmpty)
        #expect(state.notice?.text == "unknown extension .pdf: expected .txt, .ansi, .ans, .svg, .json")
        let screen = TextRenderer.render(state.render())
        #expect(screen.contains("Write the frame"))
        #expect(screen.contains("frame.pdf"))
        #expect(state.press(.escape).isEmpty)
        #expect(state.pending.isEmpty)
    }

    @Test("An existing file prompts the user; Enter, n and Esc keep it.", arguments: [Key.Code.enter, .character("n"), .escape])
    func kept(key: Key.Code) throws {
        var state = DashboardState.fixture()
        let effect = try #require(self.named("a.txt", &state).first)
        #expect(state.update(.finished(.occupied(effect))).isEmpty)
        #expect(state.pending.isEmpty)
        let screen = TextRenderer.render(state.render())
        #expect(screen.contains("Replace the file?"))
        #expect(screen.contains("a.txt exists."))
        #expect(state.press(key).isEmpty)
        #expect(state.notice?.text == "a.txt was not replaced")
        #expect(state.overlay == nil)
    }

    @Test("y, the button and a click replace an existing file with the frame from when it was named.")
    func replaced() throws {
        for way in 0..<3 {
            var state = DashboardState.fixture()
            let effect = try #require(self.named("a.txt", &state).first)
            guard case .write(let text, let path) = effect else { throw NoFile() }
            // The screen has changed by then.
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

    @Test("An existing file is kept without a prompt while another overlay has the keys.")
    func busy() throws {
        var state = DashboardState.fixture()
        let effect = try #require(self.named("a.txt", &state).first)
        _ = state.type("?")
        #expect(state.update(.finished(.occupied(effect))).isEmpty)
        #expect(state.notice?.text == "a.txt exists and was not replaced: w asks again")
        #expect(state.pending.isEmpty)
    }

    @Test("The prompt for a long path shows the end of the path.")
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
        // Cut before characters that JSON escapes.
        return text.prefix { $0 != "\"" && $0 != "\\" }
    }
}
