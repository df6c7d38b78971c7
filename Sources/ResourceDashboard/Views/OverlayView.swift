import ResourceContainer
import ResourceMonitoring

/// What stands over a view.
enum OverlayView {
    static func draw(_ overlay: Overlay, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        switch overlay {
        case .filter: break
        case .help(let help): Self.help(help, state, &painter, body)
        case .name(let field, let parent): Self.name(field, parent, state, &painter, body)
        case .picker(let picker): Self.picker(picker, state, &painter, body)
        case .close(let dialog): Self.close(dialog, state, &painter, body)
        case .report(let report): Self.report(report, &painter, body)
        case .themes(let picker): Self.themes(picker, state, &painter, body)
        case .quit(let dialog): Self.quit(dialog, state, &painter, body)
        }
    }

    /// Clears the middle of the screen and frames it; returns what is inside.
    static func frame(
        _ painter: inout Painter,
        _ body: Rect,
        width: Int,
        height: Int,
        _ title: String,
        trailing: String = ""
    ) -> Rect {
        let size = Size(width: min(body.width, width), height: min(body.height, height + 2))
        let rect = Rect(
            x: body.x + (body.width - size.width) / 2,
            y: body.y + (body.height - size.height) / 2,
            width: size.width,
            height: size.height
        )
        painter.canvas.fill(rect, style: painter.theme.style(.text))
        return painter.pane(rect, title, trailing: trailing, isFocused: true).inset(horizontally: 1)
    }

    // MARK: Help

    private static func help(_ help: HelpOverlay, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let matches = help.matches
        let rows = help.query.text.isEmpty && body.width >= 100 ? (matches.count + 1) / 2 : matches.count
        let inside = Self.frame(
            &painter,
            body,
            width: 104,
            height: rows + 2,
            "Help: \(state.view.title) view",
            trailing: "type to search, Enter runs it, Esc closes"
        )
        painter.line(
            [Span("/ ", .title), Span(help.query.text), Span(painter.glyphs[.cursor], .title)],
            x: inside.x,
            y: inside.y,
            width: inside.width - 24
        )
        painter.text(
            "\(matches.count) of \(CommandInfo.all.count) commands",
            x: inside.x,
            y: inside.y,
            width: inside.width,
            role: .textDim,
            alignment: .right
        )
        painter.line(
            [Span("/ ", .title), Span(help.query.text), Span(painter.glyphs[.cursor], .title)],
            x: inside.x,
            y: inside.y,
            width: max(0, inside.width - 24)
        )
        let height = inside.height - 1
        let columns = inside.width >= 90 && matches.count > height ? 2 : 1
        let perColumn = columns == 2 ? max(height, (matches.count + 1) / 2) : matches.count
        let shown = columns == 2 ? 0..<min(perColumn, height) : visibleRows(count: matches.count, height: height, selected: help.selected)
        let width = inside.width / columns
        for column in 0..<columns {
            for (offset, row) in shown.enumerated() {
                let index = column * perColumn + row
                guard matches.indices.contains(index) else { continue }
                let info = matches[index]
                let x = inside.x + column * width
                painter.row(
                    [Span(info.label, .title), Span(info.help), Span(info.command.rawValue, .textDim)],
                    [Column("", 9), Column("", max(10, width - 32)), Column("", 20)],
                    x: x,
                    y: inside.y + 1 + offset,
                    width: width - 1
                )
                if index == help.selected { painter.select(x: x, y: inside.y + 1 + offset, width: width - 1) }
            }
        }
    }

    // MARK: Names and bindings

    private static func name(
        _ field: TextField,
        _ parent: ScopeID,
        _ state: DashboardState,
        _ painter: inout Painter,
        _ body: Rect
    ) {
        let inside = Self.frame(&painter, body, width: 60, height: 3, "Open a scope in \(state.picture.scopeName(parent))")
        painter.line(
            [Span("name ", .textDim), Span(field.text), Span(painter.glyphs[.cursor], .title)],
            x: inside.x,
            y: inside.y,
            width: inside.width
        )
        painter.text(
            "Enter opens it, Esc cancels; without a name it is called scope",
            x: inside.x,
            y: inside.y + 2,
            width: inside.width,
            role: .textDim
        )
    }

    private static func picker(_ picker: BindingPicker, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let offered = state.offered(picker)
        let inside = Self.frame(
            &painter,
            body,
            width: 84,
            height: offered.count + 3,
            "Get a resource in \(state.picture.scopeName(picker.scope))",
            trailing: "Enter gets it, Esc cancels"
        )
        painter.line(
            [Span("/ ", .title), Span(picker.query.text), Span(painter.glyphs[.cursor], .title)],
            x: inside.x,
            y: inside.y,
            width: inside.width
        )
        let columns = [
            Column("BINDING", max(12, inside.width - 48)), Column("LIVES", 16), Column("ACTIVE", 6, .right), Column("BOUND AT", 22),
        ]
        painter.header(columns, x: inside.x, y: inside.y + 1, width: inside.width)
        let selected = picker.selected.flatMap { id in offered.firstIndex { $0.binding.id == id } } ?? 0
        let shown = visibleRows(count: offered.count, height: inside.height - 2, selected: selected)
        for (offset, index) in shown.enumerated() {
            let binding = offered[index].binding
            painter.row(
                [
                    Span(binding.label), Span(Self.words(binding.lifetime)), Span("\(binding.books.active)"),
                    Span("\(binding.place)", .textDim),
                ],
                columns,
                x: inside.x,
                y: inside.y + 2 + offset,
                width: inside.width
            )
            if index == selected { painter.select(x: inside.x, y: inside.y + 2 + offset, width: inside.width) }
        }
        if offered.isEmpty {
            painter.text("no binding has this in its name", x: inside.x, y: inside.y + 2, width: inside.width, role: .textDim)
        }
    }

    private static func words(_ lifetime: Lifetime) -> String {
        switch lifetime {
        case .singleton: "singleton"
        case .scoped: "scoped"
        case .tagged(let tag): "scoped to \(tag)"
        case .transient: "transient"
        }
    }

    // MARK: Themes

    private static func themes(_ picker: ThemePicker, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let themes = state.configuration.themes
        let inside = Self.frame(&painter, body, width: 56, height: themes.count + 1, "Theme", trailing: "Enter keeps, Esc reverts")
        let shown = visibleRows(count: themes.count, height: inside.height, selected: picker.selected)
        for (offset, index) in shown.enumerated() {
            painter.row(
                [Span(themes[index].name), Span(themes[index].variant.rawValue, .textDim)],
                [Column("", max(10, inside.width - 10)), Column("", 8)],
                x: inside.x,
                y: inside.y + offset,
                width: inside.width
            )
            if index == picker.selected { painter.select(x: inside.x, y: inside.y + offset, width: inside.width) }
        }
    }
}

extension Rect {
    fileprivate func inset(horizontally margin: Int) -> Rect {
        Rect(x: self.x + margin, y: self.y, width: self.width - 2 * margin, height: self.height)
    }
}
