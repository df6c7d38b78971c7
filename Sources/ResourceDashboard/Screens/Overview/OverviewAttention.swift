import ResourceContainer
import ResourceMonitoring

/// The active findings as whole sentences, most severe first.
extension OverviewScreen {
    func drawAttention(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let hint = self.attention.count == 0 ? "" : "\(context.keys.key(.open)) opens  \(context.keys.key(.explain)) explains"
        let inside = self.frame(.attention, self.title(.attention, count: self.attention.total), trailing: hint, &painter, rect)
        let glyphs = painter.glyphs
        painter.draw(
            self.attention,
            empty: "nothing needs attention",
            pane: self.index(of: .attention),
            isFocused: self.focus == .attention,
            in: inside
        ) { index in
            Self.sentence(self.attention.rows[index], glyphs)
        }
    }

    static func sentence(_ finding: Finding, _ glyphs: GlyphSet) -> Sentence {
        let role = finding.severity.role
        return Sentence(
            glyph: Span(glyphs[finding.severity.glyph], role),
            head: [Span(finding.kind.rawValue, role)],
            text: "\(finding.subjectText): \(finding.evidence)"
        )
    }

    func attentionTable(_ glyphs: GlyphSet) -> Table {
        let columns = [
            TableColumn("LEVEL", "the severity of the finding"), TableColumn("KIND", "the kind of problem"),
            TableColumn("SUBJECT", "the newest subject, and the number of the others"),
            TableColumn("EVIDENCE", "the observation with its figures", .flexible(minimum: 20)),
        ]
        return Table(columns, count: self.attention.count, empty: "nothing needs attention") { index in
            let finding = self.attention.rows[index]
            let role = finding.severity.role
            return [
                .text("\(glyphs[finding.severity.glyph]) \(finding.severity.word)", role), .text(finding.kind.rawValue, role),
                .label(finding.subjectText), .text(finding.evidence),
            ]
        }
    }
}
