extension PaletteDialog {
    /// The places of the palette's parts: its frame, and the rows below the field.
    struct Place {
        var frame: DialogFrame
        var dialog: DialogPlace
        var list: Rect
    }

    /// Returns the places over `body`. They depend on nothing else, so that the palette stays where it is while one types.
    func place(_ body: Rect) -> Place {
        var frame = DialogFrame(title: "Command", width: 96)
        frame.hint = "Enter runs or goes there, Tab completes, Up recalls, Esc closes"
        let dialog = frame.place(rows: max(12, body.height * 2 / 3), in: body)
        let content = dialog.content
        return Place(
            frame: frame,
            dialog: dialog,
            list: Rect(x: content.x, y: content.y + 1, width: content.width, height: content.height - 1)
        )
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let place = self.place(body)
        painter.draw(place.frame, at: place.dialog)
        let content = place.dialog.content
        guard content.height > 0 else { return }
        let full = "a command, or the name of a scope, resource, type, pool or finding"
        let hint = DisplayText.width(of: full) + 4 <= content.width ? full : "a command, or the name of an item"
        let line = TextLine(label: ":", field: self.text, hint: hint)
        painter.draw(line, x: content.x, y: content.y, width: content.width)
        var list = place.list
        if let message = self.message(state) {
            let lines = Array(painter.wrapped(message, .healthDegraded, width: list.width).prefix(list.height))
            painter.lines(lines, in: list)
            list = Rect(x: list.x, y: list.y + lines.count, width: list.width, height: list.height - lines.count)
        }
        guard self.count > 0 else { return }
        painter.choices(self.table(state, width: list.width, painter.glyphs), selected: self.selected, in: list)
        painter.position("\(self.selected + 1) of \(self.count)", at: place.dialog)
    }

    private func table(_ state: DashboardState, width: Int, _ glyphs: GlyphSet) -> Table {
        // The first column has the same width whichever rows are visible.
        let widest = (self.commands.map { Self.words($0) } + self.names.map(\.name)).reduce(20) { max($0, DisplayText.width(of: $1)) }
        let columns = [
            TableColumn("", "", .fixed(min(widest, max(20, width / 2)))), TableColumn("", "", .flexible(minimum: 12), priority: 1),
            TableColumn("", "", .content(), priority: 2), TableColumn("", "", .fixed(10), priority: 3),
        ]
        return Table(columns, count: self.count, empty: "") { index in
            index < self.commands.count ? Self.cells(self.commands[index]) : Self.cells(self.names[index - self.commands.count], state)
        }
    }

    private static func cells(_ offer: Offer) -> [TableCell] {
        let isDim = offer.obstacle != nil
        let remark = offer.obstacle ?? offer.view.map { "in \($0.title)" } ?? ""
        return [
            .text(Self.words(offer), isDim ? .textDim : .text), .text(offer.info.help, isDim ? .textDim : .text), .text(remark, .textDim),
            .text(offer.info.keys.isEmpty ? "" : offer.info.label, .textDim),
        ]
    }

    private static func cells(_ name: FoundName, _ state: DashboardState) -> [TableCell] {
        let role: Role = name.endedAt == nil ? .text : .textDim
        return [.text(name.name, role), .text(state.words(about: name), .textDim), .text(name.kind.word, .textDim), .text("")]
    }

    /// The name of a command with its argument: `load 50`, or `load <percent>` while none is typed.
    private static func words(_ offer: Offer) -> String {
        let argument = offer.argument.isEmpty ? offer.info.argument.map { "<\($0)>" } ?? "" : offer.argument
        return argument.isEmpty ? offer.info.command.words : "\(offer.info.command.words) \(argument)"
    }
}
