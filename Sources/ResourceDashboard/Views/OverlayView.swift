import ResourceContainer
import ResourceMonitoring

/// The drawing of overlays.
enum OverlayView {
    static func draw(_ overlay: Overlay, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        switch overlay {
        case .filter, .mark: break
        case .help(let help): Self.help(help, state, &painter, body)
        case .palette(let palette): Self.palette(palette, state, &painter, body)
        case .name(let field, let parent): Self.name(field, parent, state, &painter, body)
        case .picker(let picker): Self.picker(picker, state, &painter, body)
        case .close(let dialog): Self.close(dialog, state, &painter, body)
        case .preview(let scope, let name): Self.preview(scope, name, state, &painter, body)
        case .report(let report): Self.report(report, &painter, body)
        case .chooser(let chooser): Self.chooser(chooser, state, &painter, body)
        case .differences(let lens): Self.differences(lens, state, &painter, body)
        case .write(let field):
            let remark = "Enter writes it, Esc cancels; .svg and .ansi keep colors, .json has the data"
            Self.line(field, "Write the frame", "file", remark, &painter, body)
        case .overwrite(let dialog): Self.overwrite(dialog, &painter, body)
        case .themes(let picker): Self.themes(picker, state, &painter, body)
        case .quit(let dialog): Self.quit(dialog, state, &painter, body)
        }
    }

    /// Clears the middle of the screen, draws a frame there and returns its interior.
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
        painter.targets.add(painter.canvas.bounds, .cover)
        return painter.pane(rect, title, trailing: trailing, isFocused: true).inset(horizontally: 1)
    }

    // MARK: Help

    /// A line of the help: the name of a group, or a command by its index among the matches.
    private enum HelpLine {
        case group(String)
        case command(Int)
    }

    private static func help(_ help: HelpOverlay, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let matches = help.matches(state.keys)
        let isSearch = !help.query.text.isEmpty
        let lines: [HelpLine] =
            isSearch
            ? matches.indices.map { .command($0) }
            : CommandInfo.Group.allCases.flatMap { group in
                [.group(group.rawValue)] + matches.indices.filter { matches[$0].group == group }.map { .command($0) }
            }
        let columns = isSearch || body.width < 90 ? 1 : 2
        let perColumn = (lines.count + columns - 1) / columns
        let inside = Self.frame(
            &painter,
            body,
            width: 112,
            height: perColumn + 1,
            "Help: \(state.view.title) view",
            trailing: "type to search, Enter runs it, Esc closes"
        )
        painter.field(help.query, "/", x: inside.x, y: inside.y, width: max(0, inside.width - 44))
        let chosen = matches.indices.contains(help.selected) ? matches[help.selected].command.rawValue : ""
        painter.text(
            "\(chosen)  \(matches.count) of \(state.keys.commands.count) commands",
            x: inside.x,
            y: inside.y,
            width: inside.width,
            role: .textDim,
            alignment: .right
        )
        let place = lines.firstIndex { if case .command(help.selected) = $0 { true } else { false } } ?? 0
        let shown = visibleRows(count: perColumn, height: inside.height - 1, selected: place % max(1, perColumn))
        let width = inside.width / columns
        for column in 0..<columns {
            for (offset, row) in shown.enumerated() where lines.indices.contains(column * perColumn + row) {
                let (x, y) = (inside.x + column * width, inside.y + 1 + offset)
                switch lines[column * perColumn + row] {
                case .group(let name): painter.text(name, x: x, y: y, width: width - 1, role: .textDim)
                case .command(let index):
                    painter.row(
                        [Span(matches[index].label, .title), Span(matches[index].help)],
                        [Column("", 15), Column("", max(10, width - 17))],
                        x: x,
                        y: y,
                        width: width - 1
                    )
                    painter.mark(.choice(index), isSelected: index == help.selected, x: x, y: y, width: width - 1)
                }
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
        let remark = "Enter opens it, Esc cancels; the default name is scope"
        Self.line(field, "Open a scope in \(state.picture.scopeName(parent))", "name", remark, &painter, body)
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
        painter.field(picker.query, "/", x: inside.x, y: inside.y, width: inside.width)
        let columns = [
            Column("BINDING", max(12, inside.width - 48)), Column("LIFETIME", 16), Column("ACTIVE", 6, .right),
            Column.locations("BOUND AT", 22),
        ]
        painter.header(columns, x: inside.x, y: inside.y + 1, width: inside.width)
        let selected = picker.selected.flatMap { id in offered.firstIndex { $0.binding.id == id } } ?? 0
        let shown = visibleRows(count: offered.count, height: inside.height - 2, selected: selected)
        for (offset, index) in shown.enumerated() {
            let binding = offered[index].binding
            painter.row(
                [
                    Span(binding.label), Span(Self.words(binding.lifetime)), Span("\(binding.books.active)"),
                    Span("\(binding.location)", .textDim),
                ],
                columns,
                x: inside.x,
                y: inside.y + 2 + offset,
                width: inside.width
            )
            painter.mark(.choice(index), isSelected: index == selected, x: inside.x, y: inside.y + 2 + offset, width: inside.width)
        }
        if offered.isEmpty {
            painter.text("no matching binding", x: inside.x, y: inside.y + 2, width: inside.width, role: .textDim)
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
        let themes = state.themes
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
            painter.mark(.choice(index), isSelected: index == picker.selected, x: inside.x, y: inside.y + offset, width: inside.width)
        }
    }
}

extension Rect {
    fileprivate func inset(horizontally margin: Int) -> Rect {
        Rect(x: self.x + margin, y: self.y, width: self.width - 2 * margin, height: self.height)
    }
}
