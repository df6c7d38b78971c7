import ResourceContainer
import ResourceDashboard

/// One rendered frame of the dashboard. It is an immutable copy.
public struct DashboardFrame: Sendable {
    /// The subject of the frame: `the view overview`, or the step of a script after which it was drawn.
    public let subject: String
    /// The age of the container.
    public let time: Duration
    /// The cells of the screen.
    public let canvas: Canvas
    /// The theme of the frame.
    public let theme: Theme

    init(_ state: DashboardState, subject: String, time: Duration) {
        self.subject = subject
        self.time = time
        self.canvas = state.render()
        self.theme = state.theme
    }

    /// The rows as plain text, each terminated by a newline.
    public var text: String {
        TextRenderer.render(self.canvas)
    }

    /// The rows as text with escape sequences for colors and attributes.
    public func ansi(depth: ColorDepth = .direct) -> String {
        ANSIRenderer.render(self.canvas, depth: depth)
    }

    /// The screen as an SVG image.
    public var svg: String {
        SVGRenderer.render(self.canvas, theme: self.theme, title: "resmon: \(self.subject)")
    }

    /// The representation for `golden`, chosen by its file extension: ``svg`` for `.svg`, ``ansi(depth:)`` for `.ansi` and `.ans`,
    /// ``text`` in any other.
    public func text(for golden: GoldenFile) -> String {
        switch golden.ending {
        case "svg": self.svg
        case "ansi", "ans": self.ansi()
        default: self.text
        }
    }

    /// Compares the frame with `golden` byte by byte, or writes it there if `rewriting` is true.
    ///
    /// - Throws: ``GoldenFailure``, with the lines that differ.
    public func expect(matches golden: GoldenFile, rewriting: Bool = GoldenFile.isRewriting) throws(GoldenFailure) {
        try golden.expect(self.text(for: golden), subject: self.subject, rewriting: rewriting)
    }
}
