import ResourceContainer
import ResourceDashboard

/// What the dashboard drew at one moment.
public struct DashboardFrame: Sendable {
    /// What it is a picture of: `the overview`, or the step of a script after which it was drawn.
    public let subject: String
    /// How long the container had been there.
    public let time: Duration
    /// The cells of the screen.
    public let canvas: Canvas
    /// What it was drawn with.
    public let theme: Theme

    init(_ state: DashboardState, subject: String, time: Duration) {
        self.subject = subject
        self.time = time
        self.canvas = state.render()
        self.theme = state.theme
    }

    /// The rows as plain text, each ended by a newline.
    public var text: String {
        TextRenderer.render(self.canvas)
    }

    /// The rows as text with the sequences that give it its looks in a terminal.
    public func ansi(depth: ColorDepth = .direct) -> String {
        ANSIRenderer.render(self.canvas, depth: depth)
    }

    /// The screen as a picture.
    public var svg: String {
        SVGRenderer.render(self.canvas, theme: self.theme, title: "resmon: \(self.subject)")
    }

    /// What stands in `golden` if it is right, by the end of its name: ``svg`` in an `.svg`, ``ansi(depth:)`` in an `.ansi` or `.ans`,
    /// ``text`` in any other.
    public func text(for golden: GoldenFile) -> String {
        switch golden.ending {
        case "svg": self.svg
        case "ansi", "ans": self.ansi()
        default: self.text
        }
    }

    /// Compares the frame with `golden`, every byte of it; or writes it there, if `rewriting`.
    ///
    /// - Throws: ``GoldenFailure``, with the lines that differ.
    public func expect(matches golden: GoldenFile, rewriting: Bool = GoldenFile.isRewriting) throws(GoldenFailure) {
        try golden.expect(self.text(for: golden), subject: self.subject, rewriting: rewriting)
    }
}
