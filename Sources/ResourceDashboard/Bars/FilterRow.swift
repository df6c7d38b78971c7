/// The row of the filter: its text, the number of matching rows, and the error or the fields that may be named. An error that does not fit
/// beside the text is in the rows below it.
package struct FilterRow {
    /// The list whose filter is shown.
    private let list: any ListStatus
    /// Whether the user edits the text.
    private let isTyping: Bool
    /// The size of the screen, in cells.
    private let size: Size

    /// Creates the row.
    ///
    /// - Parameters:
    ///   - list: The list whose filter is shown.
    ///   - isTyping: Whether the user edits the text.
    ///   - size: The size of the screen, in cells.
    package init(_ list: any ListStatus, isTyping: Bool, size: Size) {
        self.list = list
        self.isTyping = isTyping
        self.size = size
    }

    /// The least room for the text beside an error, in cells.
    private static let leastText = 12
    /// The least height of a screen in which an error may take more rows.
    private static let leastHeight = 16

    /// Returns the number of rows: one, and those of an error that does not fit beside the text.
    package var height: Int {
        1 + self.linesBelow.count
    }

    /// Returns the lines of an error that does not fit beside the text.
    private var linesBelow: [String] {
        let field = self.list.filter
        guard let fault = field.fault, self.size.height >= Self.leastHeight else { return [] }
        let width = self.size.width - 2
        let beside = width - min(Self.length(field, isTyping: self.isTyping), Self.leastText) - 2
        guard DisplayText.width(of: fault.reason) > beside else { return [] }
        return Array(DisplayText.wrap(fault.description, width: width).prefix(3))
    }

    /// Returns the width of the text with its label and the cursor.
    private static func length(_ field: FilterField, isTyping: Bool) -> Int {
        DisplayText.width(of: field.text.text) + (isTyping ? 2 : 1)
    }

    /// Draws the row and the lines below it. It can be clicked while the user does not edit the text.
    package func draw(_ painter: inout Painter, y: Int) {
        let row = Rect(x: 1, y: y, width: painter.canvas.size.width - 2, height: 1)
        let (list, field, isTyping) = (self.list, self.list.filter, self.isTyping)
        let below = self.linesBelow
        let all = Rect(x: row.x, y: y, width: row.width, height: 1 + below.count)
        if !isTyping { painter.targets.add(all, .command(.filter)) }
        painter.lines(below.map { [Span($0, .stateFailed)] }, in: Rect(x: row.x, y: y + 1, width: row.width, height: below.count))
        let count = "\(Format.count(list.matches)) of \(Format.count(list.total))"
        let length = Self.length(field, isTyping: isTyping)
        let hasNone = list.matches == 0 && list.total > 0
        let noteRoom = row.width - length - count.count - 4
        let note = below.isEmpty ? Self.note(field, list.fields, matchesNothing: hasNone, width: noteRoom) : ""
        let noteWidth = DisplayText.width(of: note)
        // An error in full is worth more than the count.
        let hasCount = field.fault == nil || length + noteWidth + count.count + 4 <= row.width
        let room = row.width - (hasCount ? count.count + 2 : 0)
        let textWidth = field.fault == nil ? room : max(min(length, Self.leastText), room - noteWidth - 2)
        let line = TextLine(label: "/", field: field.text, isActive: isTyping)
        let used = painter.draw(line, x: row.x, y: y, width: min(length, textWidth))
        if let fault = field.fault, length <= textWidth { Self.underline(fault, field.text, isTyping, &painter, x: row.x + 1, y: y) }
        let noteRole: Role = field.fault == nil ? .textDim : .stateFailed
        painter.text(note, x: row.x + used + 2, y: y, width: room - used - 2, role: noteRole)
        guard hasCount else { return }
        let countRole: Role = hasNone ? .healthDegraded : .textDim
        painter.text(count, x: row.x + row.width - count.count, y: y, width: count.count, role: countRole)
    }

    /// Returns the text beside the filter. It is shorter if it does not fit in `width` cells.
    private static func note(_ field: FilterField, _ fields: [Filter.Field], matchesNothing: Bool, width: Int) -> String {
        if let fault = field.fault {
            // The position is also underlined.
            return DisplayText.width(of: fault.description) <= width ? fault.description : fault.reason
        }
        if let expected = field.expected { return expected }
        guard field.isEmpty else { return matchesNothing ? field.filter.hint?.text(width: width) ?? "" : "" }
        let names = fields.map(\.rawValue).joined(separator: " ")
        let full = "a word, or a field with : = != < > and a value: \(names)"
        return DisplayText.width(of: full) <= width ? full : "fields: \(names)"
    }

    /// Underlines the text from an error to the end of its term.
    private static func underline(_ fault: Filter.Fault, _ field: TextField, _ isTyping: Bool, _ painter: inout Painter, x: Int, y: Int) {
        let (text, before) = (field.text, field.parts.before.count)
        func column(_ position: Int) -> Int {
            x + DisplayText.width(of: text.prefix(position)) + (isTyping && position >= before ? 1 : 0)
        }
        let end = text.dropFirst(fault.position).prefix { $0 != " " }.count + fault.position
        let start = column(fault.position)
        painter.canvas.restyle(Rect(x: start, y: y, width: max(1, column(end) - start), height: 1)) { $0.attributes.insert(.underline) }
    }
}
