/// The shape of a dialog: its title, the width that its content needs, its buttons and its keys.
///
/// The top edge depends on the height of the body alone, so that a dialog stays at its place while its content changes. A dialog grows to
/// what its content needs, within the body. Its buttons are in the last row.
struct DialogFrame: Sendable {
    /// A button with its label.
    struct Button: Sendable {
        var button: DialogButton
        var label: String

        init(_ button: DialogButton, _ label: String) {
            self.button = button
            self.label = label
        }

        var text: String { "[ \(self.label) ]" }
        var width: Int { DisplayText.width(of: self.text) }
    }

    var title: String
    /// The width at which nothing of the content is cut, in cells.
    var width: Int
    var buttons: [Button] = []
    /// The button that has the focus; nil if a list or a text field has it.
    var focused: DialogButton?
    /// The keys of the dialog, in a few words.
    var hint = ""
    /// Whether the screen below is dimmed.
    var dimsScreen = true

    /// The blanks between two buttons, and between the last button and the hint.
    private static let gaps = (buttons: 2, hint: 3)

    /// Returns the width of the content in a dialog over `body`.
    func contentWidth(in body: Rect) -> Int {
        let buttons = self.buttons.reduce(0) { $0 + $1.width + Self.gaps.buttons }
        let lastRow = buttons + DisplayText.width(of: self.hint) + 1
        return max(0, min(max(self.width, self.titleWidth, min(lastRow, 76)), body.width - 4))
    }

    /// The width of the content at which the title fits on the border. It has a mark, and blanks and border at both sides.
    private var titleWidth: Int {
        DisplayText.width(of: self.title) + 3
    }

    /// Returns the places of the parts of the dialog over `body`, if its content has `rows` rows.
    func place(rows: Int, in body: Rect) -> DialogPlace {
        let width = self.contentWidth(in: body)
        let top = max(0, (body.height - 4) / 8)
        let room = max(0, body.height - top - 2)

        let (buttons, end) = self.buttonColumns(width)
        let buttonRows = buttons.last.map { $0.row + 1 } ?? 0
        let title = self.titleWidth > width ? DisplayText.wrap(self.title, width: width) : []
        let heading = Array(title.prefix(max(0, min(3, room - buttonRows - 1))))
        let needed = min(rows, body.height) + heading.count
        let isBeside = buttonRows > 0 && end + Self.gaps.hint + DisplayText.width(of: self.hint) <= width
        var hint = isBeside ? [] : DisplayText.wrap(self.hint, width: width)
        // In a small window, the buttons and the start of the content are worth more than the names of the keys.
        if min(needed, 3) + hint.count + buttonRows > room { hint = [] }
        let below = hint.count + buttonRows
        let blank = below > 0 && needed + 1 + below <= room ? 1 : 0
        let inside = min(room, needed + blank + below)

        let outer = Rect(x: body.x + (body.width - width - 4) / 2, y: body.y + top, width: width + 4, height: inside + 2)
        let (x, bottom) = (outer.x + 2, outer.y + 1 + inside)
        let firstButton = bottom - buttonRows
        return DialogPlace(
            outer: outer,
            heading: heading,
            content: Rect(
                x: x,
                y: outer.y + 1 + heading.count,
                width: width,
                height: inside - heading.count - blank - below
            ),
            buttons: buttons.map { ($0.button, Rect(x: x + $0.x, y: firstButton + $0.row, width: $0.button.width, height: 1)) },
            hint: isBeside
                ? [(self.hint, x + end + Self.gaps.hint, bottom - 1)]
                : hint.enumerated().map { ($0.element, x, firstButton - hint.count + $0.offset) }
        )
    }

    /// Returns the buttons with their columns and rows, in as many rows as they need, and the end of the last one.
    private func buttonColumns(_ width: Int) -> (buttons: [(button: Button, x: Int, row: Int)], end: Int) {
        var (x, row) = (0, 0)
        var result: [(button: Button, x: Int, row: Int)] = []
        for button in self.buttons {
            if x > 0, x + button.width > width { (x, row) = (0, row + 1) }
            result.append((button, x, row))
            x += button.width + Self.gaps.buttons
        }
        return (result, max(0, x - Self.gaps.buttons))
    }
}

/// The places of the parts of a dialog.
struct DialogPlace {
    /// The frame.
    var outer: Rect
    /// The title as lines above the content; empty if the title fits on the frame.
    var heading: [String]
    /// The content.
    var content: Rect
    var buttons: [(button: DialogFrame.Button, rect: Rect)]
    /// The lines of the hint.
    var hint: [(text: String, x: Int, y: Int)]

    /// Returns the first visible line after a key, in a text of `count` lines that scrolls in the content.
    func top(after key: Key, from top: Int, of count: Int) -> Int {
        key.moved(from: top, count: count - self.content.height + 1, page: self.content.height) ?? top
    }
}

extension Painter {
    /// Dims the screen and draws the frame of a dialog with its buttons. The content is left blank.
    mutating func draw(_ frame: DialogFrame, at place: DialogPlace) {
        if frame.dimsScreen { self.dimScreen() }
        self.canvas.fill(place.outer, style: self.theme.style(.text))
        self.targets.add(self.canvas.bounds, .cover)
        _ = self.pane(place.outer, frame.title, isFocused: true)
        for (index, line) in place.heading.enumerated() {
            let y = place.content.y - place.heading.count + index
            self.text(line, x: place.content.x, y: y, width: place.content.width, role: .title)
        }
        for (button, rect) in place.buttons {
            let isFocused = button.button == frame.focused
            let width = min(rect.width, place.content.x + place.content.width - rect.x)
            self.text(button.text, x: rect.x, y: rect.y, width: width, role: isFocused ? .title : .text)
            self.mark(.button(button.button), isSelected: isFocused, x: rect.x, y: rect.y, width: max(0, width))
        }
        for line in place.hint {
            self.text(line.text, x: line.x, y: line.y, width: place.content.x + place.content.width - line.x, role: .textDim)
        }
    }

    /// Dims everything but the footer, which may have a notice that answers a key of the dialog.
    private mutating func dimScreen() {
        let dim = Style(
            foreground: self.theme.style(.border).foreground,
            background: self.theme.style(.text).background,
            attributes: self.theme.style(.border).attributes
        )
        let size = self.canvas.size
        self.canvas.restyle(Rect(x: 0, y: 0, width: size.width, height: size.height - 2)) { $0 = dim }
    }

    /// Draws the position in a list on the lower border of a dialog, if not all rows are visible.
    mutating func position(_ text: String, at place: DialogPlace) {
        let width = DisplayText.width(of: text) + 2
        guard place.outer.height > 1, width <= place.outer.width - 4 else { return }
        let (x, y) = (place.outer.x + place.outer.width - 2 - width, place.outer.y + place.outer.height - 1)
        self.text(" \(text) ", x: x, y: y, width: width, role: .textDim)
    }

    /// Draws the visible rows of a text that scrolls, and its position.
    mutating func scroll(_ count: Int, top: Int, at place: DialogPlace, line: (Int) -> [Span]) {
        let rect = place.content
        let first = max(0, min(top, count - rect.height))
        let shown = first..<max(first, min(count, first + rect.height))
        for (offset, index) in shown.enumerated() {
            self.line(line(index), x: rect.x, y: rect.y + offset, width: rect.width)
        }
        if shown.count < count, !shown.isEmpty {
            self.position("\(first + 1)\(self.glyphs[.dash])\(shown.upperBound) of \(count)", at: place)
        }
    }

    /// Draws a dialog whose content is a line of text.
    mutating func draw(_ frame: DialogFrame, _ line: TextLine, in body: Rect) {
        let place = frame.place(rows: 1, in: body)
        self.draw(frame, at: place)
        if place.content.height > 0 { self.draw(line, x: place.content.x, y: place.content.y, width: place.content.width) }
    }
}
