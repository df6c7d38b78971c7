import ResourceContainer

/// The resources that would be disposed, in order, if a scope were closed now, as lines of text.
enum TeardownPane {
    /// The number of resources from which on the preview is not computed for every frame.
    private static let limit = 1_000

    /// Returns at most `height` lines: the steps, then the remarks about all of them.
    static func lines(_ scope: ScopeID, _ context: ScreenContext, _ glyphs: GlyphSet, width: Int, height: Int) -> [[Span]] {
        let picture = context.picture
        guard picture.scopes[scope] != nil else { return self.wrapped("the scope is closed", width: width) }
        guard TeardownPreview.count(inside: scope, picture, limit: self.limit) < self.limit else {
            let key = context.keys.key(.teardownPreview)
            return self.wrapped("\(Format.count(self.limit)) resources or more: \(key) lists them", width: width)
        }
        let preview = TeardownPreview(scope, picture)
        let remarks = self.remarks(preview, width: width)
        let room = max(0, height - remarks.count)
        let several = preview.scopes.count > 1
        let items = preview.steps.prefix(room).map { step in
            NumberedLines.Item(
                number: step.stage,
                text: several ? "\(step.scopeName): \(step.label)" : step.label,
                remark: Span(step.expected.map { "~\(Format.duration($0))" } ?? "", .textDim)
            )
        }
        return NumberedLines(items, of: preview.steps.count, glyphs).lines(width: width, height: room) + remarks
    }

    private static func remarks(_ preview: TeardownPreview, width: Int) -> [[Span]] {
        let count = preview.steps.count
        var lines: [[Span]] = []
        if count == 0 { lines += self.wrapped("nothing to dispose", width: width) }
        if !preview.initializing.isEmpty {
            let waits = "waits for \(self.resources(preview.initializing.count)) still initializing"
            lines += self.wrapped(waits, .stateInitializing, width: width)
        }
        for (pool, count) in preview.leases.sorted(by: { $0.key < $1.key }) {
            lines += self.wrapped("\(count) lease\(count == 1 ? "" : "s") of \(pool) active", .healthDegraded, width: width)
        }
        if preview.isSideBySide { lines += self.wrapped("same number: concurrent, at most \(preview.limit)", width: width) }
        guard count > 0 else { return lines }
        let inner = preview.scopes.count - 1
        let scopes = inner > 0 ? ", with \(Format.count(inner)) inner scope\(inner == 1 ? "" : "s")" : ""
        return lines + self.wrapped("expected \(preview.expected), for \(self.resources(count))\(scopes)", .text, width: width)
    }

    private static func resources(_ count: Int) -> String {
        "\(Format.count(count)) resource\(count == 1 ? "" : "s")"
    }

    private static func wrapped(_ text: String, _ role: Role = .textDim, width: Int) -> [[Span]] {
        DisplayText.wrap(text, width: max(1, width)).map { [Span($0, role)] }
    }
}
