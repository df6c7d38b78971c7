import ResourceContainer

/// The preview of a teardown as lines of text: what to be careful about and what to expect, then the steps in their order.
struct TeardownText {
    private let head: [[Span]]
    private let steps: [TeardownPreview.Step]

    /// The number of lines.
    var count: Int { self.head.count + self.steps.count }

    /// Creates the text about a scope, and widens the frame of its dialog until no step is cut. A scope that has closed has no steps.
    init(_ scope: ScopeID, _ state: DashboardState, in frame: inout DialogFrame, over body: Rect) {
        let preview = state.picture.scopes[scope] == nil ? nil : TeardownPreview(scope, state.picture)
        self.steps = preview?.steps ?? []
        frame.width = self.steps.prefix(200).reduce(72) { widest, step in
            max(widest, Self.line(step).reduce(0) { $0 + DisplayText.width(of: $1.text) })
        }
        let width = frame.contentWidth(in: body)
        self.head =
            preview.map { Self.head($0, state.glyphs, width) } ?? Self.wrapped("It has already closed. Esc returns.", .text, width)
    }

    private static func head(_ preview: TeardownPreview, _ glyphs: GlyphSet, _ width: Int) -> [[Span]] {
        var head: [[Span]] = []
        for (pool, count) in preview.leases.sorted(by: { $0.key < $1.key }) {
            head += Self.wrapped("\(glyphs[.alarm]) \(count) lease\(count == 1 ? "" : "s") of \(pool) active", .healthDegraded, width)
        }
        if !preview.initializing.isEmpty {
            head += Self.wrapped("waits for \(preview.initializing.count) initializing", .stateInitializing, width)
        }
        head += Self.wrapped("expected \(preview.expected)", .textDim, width)
        if preview.isSideBySide { head += Self.wrapped("same number: concurrent, at most \(preview.limit)", .textDim, width) }
        let (count, inner) = (preview.steps.count, preview.scopes.count - 1)
        let what = "\(count) resource\(count == 1 ? "" : "s")" + (inner > 0 ? " and \(inner) inner scope\(inner == 1 ? "" : "s")" : "")
        return head + Self.wrapped(what + (count == 0 ? ": nothing to dispose" : " will be disposed, in this order:"), .title, width)
    }

    private static func wrapped(_ text: String, _ role: Role, _ width: Int) -> [[Span]] {
        DisplayText.wrap(text, width: max(1, width)).map { [Span($0, role)] }
    }

    /// Returns the line at an index.
    func line(_ index: Int) -> [Span] {
        index < self.head.count ? self.head[index] : Self.line(self.steps[index - self.head.count])
    }

    private static func line(_ step: TeardownPreview.Step) -> [Span] {
        [
            Span("  \(step.stage) ", .textDim), Span("\(step.scopeName): ", .textDim), Span(step.label),
            Span("  \(step.expected.map { "~\(Format.duration($0))" } ?? "")", .textDim),
        ]
    }
}
