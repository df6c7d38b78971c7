import Foundation
import Testing

@testable import ResourceDashboard

@Suite("Animated images")
struct AnimationTests {
    /// Frames with a fixed title, a counter, and a word that is visible in frames 2 and 3 only.
    private static func frames(_ count: Int) -> [Canvas] {
        (0..<count).map { index in
            var canvas = Canvas(size: Size(width: 30, height: 4))
            canvas.draw("a title that stays", x: 0, y: 0, style: .plain)
            canvas.draw("frame-\(index)", x: 0, y: 1, style: .plain)
            if index == 2 || index == 3 { canvas.draw("brief", x: 0, y: 2, style: .plain) }
            canvas.draw("\u{2847}", x: 20, y: 2, style: .plain)
            return canvas
        }
    }

    private static func render(_ count: Int) -> String {
        SVGAnimation.render(Self.frames(count), interval: .milliseconds(500), theme: .defaultDark, title: "a <test>")
    }

    @Test("An element of consecutive frames is written once.")
    func shared() {
        let text = Self.render(6)
        #expect(text.ranges(of: ">title<").count == 1)
        #expect(text.ranges(of: ">brief<").count == 1)
        for index in 0..<6 { #expect(text.ranges(of: ">frame-\(index)<").count == 1) }
    }

    @Test("Each interval has one rule, and the last frame is visible without animations.")
    func rules() {
        let text = Self.render(6)
        // Six counters, and the word of two frames.
        #expect(text.ranges(of: "@keyframes k").count == 7)
        #expect(text.ranges(of: ";visibility:hidden}").count == 6)
        #expect(text.contains("animation-duration:5s"))
        #expect(text.contains("prefers-reduced-motion"))
        #expect(!text.contains("<script"))
        #expect(text.contains("<title>a &lt;test&gt;</title>"))
    }

    @Test("An element that returns has an interval for each of its appearances.")
    func returning() {
        var frames = Self.frames(5)
        frames[4] = frames[1]
        let text = SVGAnimation.render(frames, interval: .seconds(1), theme: .defaultDark, title: "x")
        #expect(text.ranges(of: ">frame-1<").count == 2)
    }

    @Test("A single frame is an image without animation, and no frame is an empty text.")
    func single() {
        #expect(!Self.render(1).contains("@keyframes"))
        #expect(SVGAnimation.render([], interval: .seconds(1), theme: .defaultDark, title: "") == "")
    }

    @Test("The image is well-formed XML.")
    func wellFormed() throws {
        let document = XMLCheck(Self.render(6))
        #expect(document.fault == nil)
    }
}

/// A check that the tags of a document are nested and closed.
private struct XMLCheck {
    var fault: String?

    init(_ text: String) {
        var open: [Substring] = []
        for match in text.matches(of: #/<(/?)([a-z]+)[^>]*?(/?)>/#) {
            let (closes, name, isEmpty) = (!match.output.1.isEmpty, match.output.2, !match.output.3.isEmpty)
            if isEmpty { continue }
            if !closes {
                open.append(name)
            } else if open.popLast() != name {
                self.fault = "</\(name)> closes another element"
                return
            }
        }
        self.fault = open.isEmpty ? nil : "not closed: \(open)"
    }
}
