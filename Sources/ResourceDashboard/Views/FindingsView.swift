import ResourceContainer
import ResourceMonitoring

/// The findings, most severe first, and an explanation of the selected one.
enum FindingsView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let height = body.height >= 14 && !state.isSmall ? 10 : 0
        if height == 0, state.isFocused("Explained") { return Self.explanation(state, &painter, body) }
        Self.list(state, &painter, Rect(x: body.x, y: body.y, width: body.width, height: body.height - height))
        if height > 0 {
            Self.explanation(state, &painter, Rect(x: body.x, y: body.y + body.height - height, width: body.width, height: height))
        }
    }

    private static func list(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        let suppressed = picture.suppressedFindings > 0 ? "  \(Format.count(picture.suppressedFindings)) more not stored" : ""
        let inside = painter.pane(
            rect,
            "Findings \(picture.findings.count)",
            trailing: state.showsClosed
                ? "\(picture.withdrawnFindings.count) withdrawn below, c hides\(suppressed)" : "c shows withdrawn\(suppressed)",
            in: state,
            as: "Findings"
        )
        guard inside.height > 1 else { return }
        if state.findingRows.isEmpty {
            painter.text("no findings", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let free = max(20, inside.width - 6 - 20 - 8 - 6 - 7)
        let who = min(30, free * 3 / 8)
        let columns = [
            Column("", 6), Column("KIND", 20), Column("SUBJECT", who), Column("SINCE", 8, .right), Column("N", 6, .right),
            Column("EVIDENCE", free - who),
        ]
        painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1)
        let selected = state.selectedFinding.flatMap { finding in state.findingRows.firstIndex { $0.id == finding.id } }
        let shown = visibleRows(count: state.findingRows.count, height: inside.height - 1, selected: selected)
        for (offset, index) in shown.enumerated() {
            let finding = state.findingRows[index]
            let y = inside.y + 1 + offset
            let isOver = finding.withdrawnAt != nil
            let role = isOver ? Role.textDim : finding.severity.role
            painter.row(
                [
                    Span("\(painter.glyphs[isOver ? .hollow : finding.severity.glyph]) \(isOver ? "over" : finding.severity.word)", role),
                    Span(finding.kind.rawValue, role), Span(finding.subjectText, isOver ? .textDim : .text),
                    Span(Format.age(picture.time - finding.since), .textDim), Span(Format.brief(finding.count), isOver ? .textDim : .text),
                    Span(finding.evidence, isOver ? .textDim : .text),
                ],
                columns,
                x: inside.x + 1,
                y: y,
                width: inside.width - 1
            )
            painter.mark(.row(index), isSelected: index == selected, x: inside.x, y: y, width: inside.width)
        }
    }

    /// The number of subjects that are not named.
    private static func rest(_ finding: Finding) -> String {
        let rest = finding.subjectCount - finding.subjects.count
        return rest > 0 ? " and \(Format.count(rest)) older" : ""
    }

    private static func explanation(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        guard let finding = state.selectedFinding else {
            _ = painter.pane(rect, "Explained", in: state, as: "Explained")
            return
        }
        let inside = painter.pane(
            rect,
            "\(finding.kind.rawValue) \(finding.subjectText)",
            trailing: "Enter jumps to it",
            in: state,
            as: "Explained"
        )
        let clock = state.configuration.clock
        let scope = finding.subject.scope.map { state.picture.scopeName($0) } ?? painter.glyphs[.dash]
        let location = finding.location.map { Format.location($0, width: max(0, inside.width - 11)) } ?? "no single location"
        let last = "last seen \(clock.time(finding.lastSeen)), \(finding.count == 1 ? "once" : "\(Format.count(finding.count)) times")"
        let end = finding.withdrawnAt.map { "   withdrawn \(clock.time($0))" } ?? ""
        let lines: [[Span]] =
            DisplayText.wrap(finding.evidence, width: inside.width - 11).enumerated().map { index, line in
                [Span(index == 0 ? "evidence " : "         ", .textDim), Span(line)]
            } + [
                [Span("location ", .textDim), Span(location), Span("   scope \(scope)", .textDim)],
                [Span("subjects ", .textDim), Span(finding.subjects.map(\.label).joined(separator: ", ") + Self.rest(finding))],
                [Span("since    ", .textDim), Span(clock.time(finding.since)), Span("   \(last)\(end)", .textDim)],
                [Span("leak     ", .textDim), Span(finding.isLeak ? "counts as a leak" : "is not a leak", .textDim)],
            ]
            + DisplayText.wrap(finding.advice, width: inside.width - 11).enumerated().map { index, line in
                [Span(index == 0 ? "advice   " : "         ", .textDim), Span(line, .title)]
            }
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }
}
