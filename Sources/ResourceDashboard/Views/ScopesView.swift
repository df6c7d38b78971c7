import ResourceContainer
import ResourceMonitoring

/// The tree of scopes, the selected scope, and a preview of its teardown.
enum ScopesView {
    static func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        if state.isWide {
            let left = body.width * 62 / 100
            let right = Rect(x: left, y: body.y, width: body.width - left, height: body.height)
            let (top, bottom) = (min(11, body.height * 4 / 10), 5)
            Self.tree(state, &painter, Rect(x: body.x, y: body.y, width: left, height: body.height))
            Self.scope(state, &painter, Rect(x: right.x, y: right.y, width: right.width, height: top))
            Self.preview(
                state,
                &painter,
                Rect(x: right.x, y: right.y + top, width: right.width, height: right.height - top - bottom)
            )
            Self.actions(state, &painter, Rect(x: right.x, y: right.y + right.height - bottom, width: right.width, height: bottom))
            return
        }
        switch state.view.panes[state.focus[.scopes] ?? 0] {
        case "Scope": Self.scope(state, &painter, body)
        case "If closed now": Self.preview(state, &painter, body)
        default: Self.tree(state, &painter, body)
        }
    }

    private static func tree(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        let inside = painter.pane(
            rect,
            "Scopes \(picture.scopes.count) open  \(Format.count(picture.totals.closedScopes)) closed",
            trailing: state.showsClosed ? "tree  c hides closed" : "tree  c shows closed",
            in: state,
            as: "Scopes"
        )
        guard inside.height > 0 else { return }
        painter.header(ScopeTree.columns(width: inside.width - 1), x: inside.x + 1, y: inside.y, width: inside.width - 1)
        let selected = state.treeCursor.selected.flatMap { id in state.treeRows.firstIndex { $0.id == id } }
        let shown = visibleRows(count: state.treeRows.count, height: inside.height - 1, selected: selected)
        for (offset, index) in shown.enumerated() {
            let y = inside.y + 1 + offset
            ScopeTree.draw(state.treeRows[index], state, &painter, x: inside.x + 1, y: y, width: inside.width - 1)
            if index == selected { painter.canvas.draw(.selection, x: inside.x, y: y, style: painter.theme.style(.borderFocus)) }
            painter.mark(.row(index), isSelected: index == selected, x: inside.x + 1, y: y, width: inside.width - 1)
        }
        if state.treeRows.isEmpty {
            painter.text(
                "nothing matches the filter; Esc clears it",
                x: inside.x + 1,
                y: inside.y + 1,
                width: inside.width - 2,
                role: .textDim
            )
        }
    }

    private static func scope(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        guard let id = state.selectedScope,
            let row = picture.scopes[id] ?? picture.closedScopes.last(where: { $0.scope.id == id })
        else {
            let inside = painter.pane(rect, "Scope", in: state, as: "Scope")
            painter.text("select a scope with j and k", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let scope = row.scope
        let inside = painter.pane(rect, scope.name, trailing: scope.state.rawValue, in: state, as: "Scope")
        let own = picture.resourcesByScope[id] ?? []
        var depth = 0
        var above = scope.parent
        while let next = above {
            depth += 1
            above = picture.scopes[next]?.scope.parent
        }
        let children = picture.children[id]?.count ?? 0
        var lines: [[Span]] = [
            [
                Span("parent     ", .textDim), Span(scope.parent.map { picture.scopeName($0) } ?? painter.glyphs[.dash]),
                Span("   depth \(depth)   children \(children)"),
            ],
            [
                Span("opened     ", .textDim), Span(state.configuration.clock.preciseTime(scope.openedAt)),
                Span("   \(Format.age((row.closedAt ?? picture.time) - scope.openedAt))\(scope.tag.map { "   tag \($0)" } ?? "")"),
            ],
            [Span("at         ", .textDim), Span(Format.location(scope.location, width: max(0, inside.width - 13)))],
            [
                Span("resources  ", .textDim), Span("active \(scope.books.active)  created \(scope.books.created)"),
                Span("  disposed \(scope.books.disposed)"),
                Span("  init-failed \(scope.books.initFailed)", scope.books.initFailed > 0 ? .stateFailed : .text),
                Span("  abandoned \(scope.books.abandoned)", scope.books.abandoned > 0 ? .stateFailed : .text),
                Span("  errors \(scope.books.errors)", scope.books.errors > 0 ? .healthDegraded : .text),
            ],
            [
                Span("lifetime   ", .textDim),
                Span(
                    row.lifetimes.count == 0
                        ? "none ended"
                        : "avg \(Format.duration(row.lifetimes.average))  median \(Format.duration(row.lifetimes.median))  of \(row.lifetimes.count)"
                ),
            ],
        ]
        for (index, resource) in own.compactMap({ picture.resources[$0] }).sorted(by: {
            ($0.resource.readyOrder ?? .max) < ($1.resource.readyOrder ?? .max)
        }).enumerated() {
            let mark = Mark(resource)
            lines.append([
                Span("  \(index + 1) ", .textDim), Span(picture.label(of: resource.resource.id)),
                Span("  \(painter.glyphs[mark.glyph]) \(resource.initializeTook.map(Format.duration) ?? mark.word)", mark.role),
            ])
        }
        for (index, line) in lines.prefix(max(0, inside.height)).enumerated() {
            painter.line(line, x: inside.x + 1, y: inside.y + index, width: inside.width - 2)
        }
    }

    /// The number of resources above which the preview is not computed for every frame.
    private static let previewLimit = 1_000

    private static func preview(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let inside = painter.pane(rect, "If closed now", trailing: "a dry run", in: state, as: "If closed now")
        guard let id = state.selectedScope, state.picture.scopes[id] != nil else {
            painter.text("the scope is closed", x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let count = TeardownPreview.count(inside: id, state.picture, limit: Self.previewLimit)
        guard count < Self.previewLimit else {
            let text = "\(Format.count(Self.previewLimit)) resources or more: t lists them"
            painter.text(text, x: inside.x + 1, y: inside.y, width: inside.width - 2, role: .textDim)
            return
        }
        let preview = TeardownPreview(id, state.picture)
        let footer = Self.summary(preview)
        let space = max(0, inside.height - footer.count)
        let fits = preview.steps.count <= space
        let shown = fits ? preview.steps.count : max(0, space - 1)
        let several = preview.scopes.count > 1
        for (index, step) in preview.steps.prefix(shown).enumerated() {
            painter.line(
                [
                    Span("\(step.stage) ", .textDim), Span(several ? "\(step.scopeName): " : "", .textDim), Span(step.label),
                    Span("  \(step.expected.map { "~\(Format.duration($0))" } ?? "")", .textDim),
                ],
                x: inside.x + 1,
                y: inside.y + index,
                width: inside.width - 2
            )
        }
        if !fits, space > 0 {
            painter.text(
                "\(painter.glyphs[.ellipsis]) \(preview.steps.count - shown) more",
                x: inside.x + 1,
                y: inside.y + shown,
                width: inside.width - 2,
                role: .textDim
            )
        }
        for (index, line) in footer.enumerated() where inside.height - footer.count + index >= 0 {
            painter.line(line, x: inside.x + 1, y: inside.y + inside.height - footer.count + index, width: inside.width - 2)
        }
    }

    private static func summary(_ preview: TeardownPreview) -> [[Span]] {
        var lines: [[Span]] = []
        if preview.steps.isEmpty { lines.append([Span("nothing to dispose", .textDim)]) }
        if !preview.initializing.isEmpty {
            lines.append([Span("waits for \(preview.initializing.count) still initializing", .stateInitializing)])
        }
        for (pool, count) in preview.leases.sorted(by: { $0.key < $1.key }) {
            lines.append([Span("active leases \(count): \(pool)", .healthDegraded)])
        }
        if preview.isSideBySide { lines.append([Span("same number: concurrent, at most \(preview.limit)", .textDim)]) }
        let inner = preview.scopes.count - 1
        lines.append([
            Span("expected   ", .textDim), Span("\(preview.expected), for \(preview.steps.count)"),
            Span(inner > 0 ? ", with \(inner) inner scope\(inner == 1 ? "" : "s")" : "", .textDim),
        ])
        return lines
    }

    /// Returns the last part of a command's name.
    private static func word(_ info: CommandInfo) -> String {
        info.command.rawValue.split(separator: ".").last.map(String.init) ?? ""
    }

    private static func actions(_ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let inside = painter.pane(rect, "Actions")
        let actions = state.keys.commands.filter { $0.group == .act && !$0.keys.isEmpty }
        let third = max(8, (inside.width - 2) / 3)
        for (index, info) in actions.enumerated() where index / 3 < inside.height {
            let x = inside.x + 1 + (index % 3) * third
            painter.line(
                [
                    Span("\(info.keys.first?.name ?? "") ", .title),
                    Span(Self.word(info), state.configuration.isReadonly ? .textDim : .text),
                ],
                x: x,
                y: inside.y + index / 3,
                width: third - 1
            )
        }
    }
}
