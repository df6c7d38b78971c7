extension HelpDialog {
    /// The least width of a column of text.
    private static let columnWidth = 52

    private static func frame(_ body: Rect) -> DialogFrame {
        var frame = DialogFrame(title: "Help", width: min(3 * (Self.columnWidth + 2), body.width - 8))
        frame.hint = "type to search, Enter runs a command or sorts by a column, Esc closes"
        return frame
    }

    /// Returns the place of the dialog over `body`. It depends on nothing else, so that the help stays where it is while one types.
    private static func place(_ body: Rect) -> DialogPlace {
        Self.frame(body).place(rows: body.height, in: body)
    }

    /// Returns the lines of the entries: with headings unless they are found by a search.
    func sheet(_ entries: [Entry], _ body: Rect, _ state: DashboardState? = nil) -> HelpSheet {
        let content = Self.place(body).content
        let count = max(1, min(3, content.width / Self.columnWidth))
        let width = (content.width - 2 * (count - 1)) / count
        // The field and the message are above the columns.
        let above = 1 + max(1, self.messageLines(entries, content.width).lines.count)
        let columns = (0..<count).map { column in
            Rect(x: content.x + column * (width + 2), y: content.y + above, width: width, height: content.height - above)
        }
        let label = Self.labelWidth(entries, width)
        var lines: [HelpSheet.Line] = []
        var heading = ""
        for (index, entry) in entries.enumerated() {
            if self.query.text.isEmpty, entry.heading != heading {
                heading = entry.heading
                lines.append(HelpSheet.Line(entry: nil, label: heading, text: ""))
            }
            let isDim = entry.command.flatMap { state?.obstacle(to: $0) } != nil
            for (row, text) in DisplayText.wrap(entry.text, width: max(1, width - label - 2)).enumerated() {
                lines.append(HelpSheet.Line(entry: index, label: row == 0 ? entry.label : "", text: text, isDim: isDim))
            }
        }
        return HelpSheet(lines: lines, columns: columns)
    }

    /// Returns the width of the column of keys and titles.
    private static func labelWidth(_ entries: [Entry], _ width: Int) -> Int {
        min(max(1, width / 2), entries.reduce(14) { max($0, DisplayText.width(of: $1.label)) })
    }

    func draw(_ state: DashboardState, _ painter: inout Painter, _ body: Rect) {
        let (frame, place) = (Self.frame(body), Self.place(body))
        painter.draw(frame, at: place)
        let content = place.content
        let entries = self.entries(state)
        guard content.height > 0 else { return }
        let line = TextLine(label: "/", field: self.query, hint: "type to search")
        painter.draw(line, x: content.x, y: content.y, width: content.width)
        let message = self.messageLines(entries, content.width)
        for (row, text) in message.lines.prefix(content.height - 1).enumerated() {
            painter.text(text, x: content.x, y: content.y + 1 + row, width: content.width, role: message.role)
        }
        let sheet = self.sheet(entries, body, state)
        let page = sheet.page(selected: self.selected)
        let label = Self.labelWidth(entries, sheet.columns[0].width)
        for (offset, index) in page.enumerated() {
            let rect = sheet.columns[min(offset / sheet.columns[0].height, sheet.columns.count - 1)]
            self.draw(sheet.lines[index], label: label, x: rect.x, y: rect.y + offset % rect.height, width: rect.width, &painter)
        }
        if !entries.isEmpty { painter.position("\(self.selected + 1) of \(entries.count)", at: place) }
    }

    private func draw(_ line: HelpSheet.Line, label: Int, x: Int, y: Int, width: Int, _ painter: inout Painter) {
        guard let entry = line.entry else {
            painter.text(line.label, x: x, y: y, width: width, role: .title)
            return
        }
        painter.text(line.label, x: x + 1, y: y, width: min(label, width - 1))
        painter.text(line.text, x: x + label + 2, y: y, width: width - label - 2, role: .textDim)
        painter.mark(.choice(entry), isSelected: entry == self.selected, x: x, y: y, width: width)
    }

    /// Returns the lines below the field: why the selected command was refused, or what Enter does.
    private func messageLines(_ entries: [Entry], _ width: Int) -> (lines: [String], role: Role) {
        let (text, role) = self.message(entries)
        return (DisplayText.wrap(text, width: width), role)
    }

    private func message(_ entries: [Entry]) -> (text: String, role: Role) {
        if let refusal { return (refusal, .healthDegraded) }
        guard entries.indices.contains(self.selected) else { return ("nothing matches '\(self.query.text)'", .healthDegraded) }
        switch entries[self.selected] {
        case .column(let column, _, _, _):
            return (column.sort == nil ? "rows are not sorted by \(column.title)" : "Enter sorts by \(column.title)", .textDim)
        case .command(let info): return ("Enter runs \(info.command.rawValue)", .textDim)
        }
    }
}

extension HelpDialog.Entry {
    fileprivate var command: CommandInfo? {
        if case .command(let info) = self { info } else { nil }
    }

    /// The heading of the section with the entry.
    fileprivate var heading: String {
        switch self {
        case .column: "Columns of this view"
        case .command(let info): info.group.rawValue.prefix(1) + info.group.rawValue.dropFirst().lowercased()
        }
    }

    /// The keys of a command, or the title of a column.
    fileprivate var label: String {
        switch self {
        case .column(let column, _, _, _): column.title
        case .command(let info): info.label
        }
    }

    fileprivate var text: String {
        switch self {
        case .column(let column, _, let order, let isHidden):
            let sorted = order.map { $0 == .ascending ? " (sorted)" : " (sorted, descending)" } ?? ""
            return column.help + sorted + (isHidden ? " (hidden)" : "")
        case .command(let info):
            return info.help + (info.alias.map { " (:\($0))" } ?? "")
        }
    }
}
