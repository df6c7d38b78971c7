import ResourceContainer

/// List overlays: the palette, choosers, and the differences between two marks.
extension OverlayView {
    static func palette(_ palette: Palette, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let matches = palette.matches(state.keys)
        let inside = Self.frame(
            &painter,
            body,
            width: 84,
            height: min(matches.count, 16) + 1,
            "Command",
            trailing: "Enter runs, Tab completes, \(painter.glyphs[.up]) recalls, Esc closes"
        )
        painter.field(palette.field, ":", x: inside.x, y: inside.y, width: inside.width)
        let shown = visibleRows(count: matches.count, height: inside.height - 1, selected: palette.selected)
        for (offset, index) in shown.enumerated() {
            let (info, argument) = (matches[index].info, matches[index].argument)
            let y = inside.y + 1 + offset
            let wanted = argument.isEmpty ? info.argument.map { " <\($0)>" } ?? "" : " \(argument)"
            let works = info.views?.contains(state.view) ?? true
            painter.row(
                [
                    Span(info.command.rawValue.replacing(".", with: " ") + wanted, works ? .title : .textDim),
                    Span(info.help, works ? .text : .textDim), Span(info.keys.isEmpty ? "" : info.label, .textDim),
                ],
                [Column("", 30), Column("", max(10, inside.width - 42)), Column("", 10)],
                x: inside.x,
                y: y,
                width: inside.width
            )
            painter.mark(.choice(index), isSelected: index == palette.selected, x: inside.x, y: y, width: inside.width)
        }
        if matches.isEmpty { painter.text("no matching command", x: inside.x, y: inside.y + 1, width: inside.width, role: .textDim) }
    }

    static func chooser(_ chooser: Chooser, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let options = state.options(of: chooser)
        let title =
            switch chooser.purpose {
            case .fault(let binding, _): "Inject a fault into \(state.picture.bindings[binding]?.binding.label ?? "?")"
            case .scenario: "Scenario"
            case .columns: "Columns"
            }
        let isColumns = chooser.purpose == .columns
        let inside = Self.frame(
            &painter,
            body,
            width: isColumns ? 40 : 110,
            height: options.count,
            title,
            trailing: isColumns ? "Enter, Esc" : "Enter selects, Esc cancels"
        )
        let name = isColumns ? 12 : min(44, (options.map(\.title.count).max() ?? 0) + 2)
        for (offset, index) in visibleRows(count: options.count, height: inside.height, selected: chooser.selected).enumerated() {
            painter.row(
                [Span(options[index].title), Span(options[index].remark, .textDim)],
                [Column("", name), Column("", max(4, inside.width - name - 1))],
                x: inside.x,
                y: inside.y + offset,
                width: inside.width
            )
            painter.mark(.choice(index), isSelected: index == chooser.selected, x: inside.x, y: inside.y + offset, width: inside.width)
        }
    }

    /// Draws the resources created between two moments that are still alive, by type and by the source location of their binding.
    static func differences(_ lens: DifferencesOverlay, _ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let picture = state.picture
        let clock = state.configuration.clock
        let differences = Differences(from: lens.from, to: lens.to, in: picture)
        let end = lens.to.map { "\($0.letter) \(clock.time($0.time))" } ?? "now"
        let inside = Self.frame(
            &painter,
            body,
            width: 112,
            height: body.height - 4,
            "\(lens.from.letter) \(clock.time(lens.from.time)) \(painter.glyphs[.right]) \(end)",
            trailing: "Enter shows the oldest, Esc closes"
        )
        painter.line(
            [
                Span("\(Format.count(differences.count)) still alive", .title),
                Span(" of \(Format.count(differences.created)) created in between, at \(clock.time(picture.time))"),
            ],
            x: inside.x,
            y: inside.y,
            width: inside.width
        )
        guard inside.height > 4 else { return }
        if differences.groups.isEmpty {
            painter.text("nothing is still alive", x: inside.x, y: inside.y + 2, width: inside.width, role: .stateReady)
            return
        }
        let list = max(1, min(differences.groups.count, (inside.height - 4) / 2))
        let columns = [Column("N", 6, .right), Column("TYPE", max(12, inside.width / 3)), Column.locations("BOUND AT", inside.width / 2)]
        painter.header(columns, x: inside.x, y: inside.y + 1, width: inside.width)
        for (offset, index) in visibleRows(count: differences.groups.count, height: list, selected: lens.selected).enumerated() {
            let group = differences.groups[index]
            let y = inside.y + 2 + offset
            painter.row(
                [
                    Span(Format.count(group.resources.count), .title), Span(group.label),
                    Span(group.location.map { "\($0)" } ?? "", .textDim),
                ],
                columns,
                x: inside.x,
                y: y,
                width: inside.width
            )
            painter.mark(.choice(index), isSelected: index == lens.selected, x: inside.x, y: y, width: inside.width)
        }
        guard differences.groups.indices.contains(lens.selected) else { return }
        Self.survivors(
            differences.groups[lens.selected],
            state,
            &painter,
            Rect(x: inside.x, y: inside.y + 3 + list, width: inside.width, height: inside.height - 3 - list)
        )
    }

    private static func survivors(_ group: Differences.Group, _ state: DashboardState, _ painter: inout Painter, _ rect: Rect) {
        let picture = state.picture
        let columns = [
            Column("RESOURCE", max(14, rect.width / 4)), Column("AGE", 7, .right), Column("STATE", 13),
            Column("SCOPE", max(10, rect.width / 5)),
            Column("SCOPE OPENED AT", rect.width / 2),
        ]
        painter.header(columns, x: rect.x, y: rect.y, width: rect.width)
        let room = max(0, rect.height - 1)
        let fits = group.resources.count <= room
        for (offset, id) in group.resources.prefix(fits ? room : max(0, room - 1)).enumerated() {
            guard let row = picture.resources[id] else { continue }
            let scope = picture.scopes[row.resource.scope]?.scope
            let place = Column.locations("", max(0, rect.width - columns.dropLast().reduce(0) { $0 + $1.width + 1 }))
            painter.row(
                [
                    Span(picture.label(of: id)), Span(Format.age(picture.time - row.resource.createdAt)),
                    Mark(row).span(painter.glyphs), Span(scope?.name ?? picture.scopeName(row.resource.scope)),
                    Span(scope.map { "\($0.location)" } ?? "", .textDim),
                ],
                columns.dropLast() + [place],
                x: rect.x,
                y: rect.y + 1 + offset,
                width: rect.width
            )
        }
        if !fits, room > 0 {
            painter.text(
                "\(painter.glyphs[.ellipsis]) \(Format.count(group.resources.count - room + 1)) more",
                x: rect.x,
                y: rect.y + room,
                width: rect.width,
                role: .textDim
            )
        }
    }

    /// Draws an overlay with one text field.
    static func line(_ field: TextField, _ title: String, _ label: String, _ remark: String, _ painter: inout Painter, _ body: Rect) {
        let inside = Self.frame(&painter, body, width: 70, height: 3, title)
        painter.field(field, label, x: inside.x, y: inside.y, width: inside.width)
        painter.text(remark, x: inside.x, y: inside.y + 2, width: inside.width, role: .textDim)
    }
}

extension Painter {
    /// Draws a text field. The text around the cursor is always visible.
    mutating func field(_ field: TextField, _ label: String, x: Int, y: Int, width: Int) {
        let used = self.text("\(label) ", x: x, y: y, width: width, role: .title)
        let (before, behind) = field.parts
        let room = width - used - 1
        let hidden = max(0, DisplayText.width(of: before) - max(1, room - min(8, DisplayText.width(of: behind))))
        var dropped = 0
        let shown = before.drop { character in
            defer { dropped += DisplayText.width(of: String(character)) }
            return dropped < hidden
        }
        self.line([Span(String(shown)), Span(self.glyphs[.cursor], .title), Span(behind)], x: x + used, y: y, width: width - used)
    }
}
