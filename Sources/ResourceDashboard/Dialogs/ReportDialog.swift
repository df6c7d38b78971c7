import ResourceContainer

/// The report of a scope that was closed. Errors are wrapped below the resources that they are about.
struct ReportDialog: Dialog {
    /// A line of the report: a resource, or a part of its error.
    private enum Line {
        case entry(Int)
        case error(String)
    }

    private let report: DisposeReport
    private let entries: [DisposeReport.Entry]
    /// The width at which no label of a resource is cut.
    private let labelWidth: Int
    /// The index of the first visible line.
    private var top = 0

    init(_ report: DisposeReport) {
        self.report = report
        self.entries = report.allEntries
        self.labelWidth = self.entries.reduce(8) { max($0, DisplayText.width(of: "\($1.label)\($1.resource)")) }
    }

    var overlay: Overlay { .report(self) }
    var isList: Bool { true }

    mutating func take(_ key: Key, _ state: inout DashboardState) -> DialogResult {
        if [.escape, .enter, .character("q"), .character(" ")].contains(key.code) { return .closes }
        let (_, head, lines, place) = self.parts(state, state.body)
        self.top = place.top(after: key, from: self.top, of: head.count + lines.count)
        return .stays
    }

    mutating func press(_ button: DialogButton, _ state: inout DashboardState) -> DialogResult {
        .closes
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let glyphs = painter.glyphs
        let (frame, head, lines, place) = self.parts(state, body)
        painter.draw(frame, at: place)
        let label = max(8, min(self.labelWidth, place.content.width - 28))
        painter.scroll(head.count + lines.count, top: self.top, at: place) { index in
            guard index >= head.count else { return head[index] }
            switch lines[index - head.count] {
            case .entry(let entry): return self.line(entry, label: label, glyphs)
            case .error(let text): return [Span("    \(text)", .stateFailed)]
            }
        }
    }

    private func parts(
        _ state: DashboardState,
        _ body: Rect
    ) -> (frame: DialogFrame, head: [[Span]], lines: [Line], place: DialogPlace) {
        var frame = DialogFrame(title: "Closed \(self.report.name)\(state.ofProcess)", width: max(80, 28 + self.labelWidth))
        frame.buttons = [DialogFrame.Button(.cancel, "Return")]
        frame.focused = .cancel
        frame.hint = "Esc closes this"
        let width = frame.contentWidth(in: body)
        let head = self.head(state.glyphs, width)
        let lines = self.entries.enumerated().flatMap { index, entry -> [Line] in
            [.entry(index)] + DisplayText.wrap(entry.error ?? "", width: width - 4).map { .error($0) }
        }
        return (frame, head, lines, frame.place(rows: head.count + lines.count, in: body))
    }

    /// Returns the figures of the report, in as many lines as they need.
    private func head(_ glyphs: GlyphSet, _ width: Int) -> [[Span]] {
        let report = self.report
        let bad = report.count(.threw) + report.count(.abandoned)
        let verdict =
            report.isClean
            ? Span("\(glyphs[.full]) clean", .stateReady) : Span("\(glyphs[.failure]) \(bad) not clean", .stateFailed)
        let figures = [
            "disposed \(report.count(.disposed))", "threw \(report.count(.threw))", "abandoned \(report.count(.abandoned))",
            "never ready \(report.count(.neverInitialized))", "took \(Format.duration(report.took))",
        ]
        var lines = [[verdict]]
        var used = DisplayText.width(of: verdict.text)
        for figure in figures {
            let needed = 3 + DisplayText.width(of: figure)
            if used + needed > width {
                lines.append([Span(figure)])
                used = needed - 3
            } else {
                lines[lines.count - 1].append(Span("   \(figure)"))
                used += needed
            }
        }
        if self.entries.isEmpty { lines.append([Span("there was nothing to dispose", .textDim)]) }
        return lines
    }

    private func line(_ index: Int, label: Int, _ glyphs: GlyphSet) -> [Span] {
        let entry = self.entries[index]
        let mark = Self.mark(entry.outcome)
        return [
            Span(DisplayText.fit("\(index + 1)", width: 3, alignment: .right), .textDim),
            Span(" \(DisplayText.fit(mark.span(glyphs).text, width: 14)) ", mark.role),
            Span(DisplayText.fit(DisplayText.clip(label: "\(entry.label)\(entry.resource)", width: label).text, width: label)),
            Span(" \(DisplayText.fit(Format.duration(entry.took), width: 8, alignment: .right))"),
        ]
    }

    private static func mark(_ outcome: DisposeReport.Outcome) -> Mark {
        switch outcome {
        case .disposed: Mark(.hollow, "disposed", .stateDisposed)
        case .threw: Mark(.failure, "threw", .stateFailed)
        case .abandoned: Mark(.alarm, "abandoned", .stateFailed)
        case .neverInitialized: Mark(.none, "never ready", .textDim)
        }
    }
}
