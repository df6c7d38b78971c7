import ResourceContainer
import ResourceMonitoring

/// The live resources with their dependents below them. Dependents of an unhealthy resource are marked affected.
enum GraphView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let affected = state.picture.health?.rows.count { !$0.affectedBy.isEmpty } ?? 0
        let inside = painter.pane(
            body,
            "Graph \(Format.count(state.picture.resources.count)) live",
            trailing: affected == 0 ? "dependents are below their dependencies" : "\(affected) affected by unhealthy resources",
            in: state,
            as: "Graph"
        )
        guard inside.height > 1 else { return }
        if state.graphRows.isEmpty {
            painter.text("no live resources", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let scope = min(20, max(6, inside.width / 6))
        let why = max(0, inside.width / 4)
        let columns = [
            Column("RESOURCE", max(12, inside.width - scope - why - 30)), Column("STATE", 12),
            Column("HEALTH", 12), Column("SCOPE", scope), Column("BECAUSE OF", why),
        ]
        painter.header(columns, x: inside.x + 1, y: inside.y, width: inside.width - 1)
        let selected = state.graphCursor.selected.flatMap { id in state.graphRows.firstIndex { $0.id == id } }
        let shown = visibleRows(count: state.graphRows.count, height: inside.height - 1, selected: selected)
        for (offset, index) in shown.enumerated() {
            let y = inside.y + 1 + offset
            painter.row(Self.cells(state.graphRows[index], state, painter.glyphs), columns, x: inside.x + 1, y: y, width: inside.width - 1)
            painter.mark(.row(index), isSelected: index == selected, x: inside.x, y: y, width: inside.width)
        }
    }

    private static func cells(_ row: GraphRow, _ state: DashboardState, _ glyphs: GlyphSet) -> [Span] {
        let picture = state.picture
        guard let resource = picture.resources[row.id.resource]?.resource else { return [] }
        let indent = String(repeating: "  ", count: min(row.depth, 40))
        let branch = row.depth == 0 ? "" : "\(glyphs[.lastChild]) "
        let label =
            indent + branch + picture.label(of: resource.id, binding: resource.binding)
            + (row.isFolded ? " \(glyphs[.folded])" : row.isRepeated ? " \(glyphs[.ellipsis])" : "")
        let affectedBy = picture.healthRow(of: resource.id)?.affectedBy ?? []
        let isAffected = !affectedBy.isEmpty
        let causes = affectedBy.map { picture.label(of: $0) }.joined(separator: ", ")
        return [
            Span(label, isAffected ? .healthDegraded : .text), Mark(resource.state).span(glyphs),
            picture.healthSpan(of: resource.id, glyphs), Span(picture.scopeName(resource.scope), .textDim), Span(causes, .healthDegraded),
        ]
    }
}
