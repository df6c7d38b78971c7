/// A piece of a line: a text with its role.
struct Span: Hashable, Sendable {
    var text: String
    var role: Role

    init(_ text: String, _ role: Role = .text) {
        self.text = text
        self.role = role
    }
}

/// A canvas with a theme, on which the views draw.
struct Painter {
    var canvas: Canvas
    var targets = PointerTargets()
    let theme: Theme

    init(size: Size, theme: Theme, glyphs: GlyphSet) {
        self.canvas = Canvas(size: size, style: theme.style(.text), glyphs: glyphs)
        self.theme = theme
    }

    var glyphs: GlyphSet {
        self.canvas.glyphs
    }

    /// Draws `text`, clipped to `width` cells with an ellipsis, and returns the number of cells it occupies.
    @discardableResult
    mutating func text(_ text: String, x: Int, y: Int, width: Int, role: Role = .text, alignment: DisplayText.Alignment = .left) -> Int {
        guard width > 0 else { return 0 }
        let fitted =
            alignment == .left ? DisplayText.clip(text, width: width).text : DisplayText.fit(text, width: width, alignment: alignment)
        return self.canvas.draw(fitted, x: x, y: y, style: self.theme.style(role), limit: width)
    }

    /// Draws spans one after the other in `width` cells.
    mutating func line(_ spans: [Span], x: Int, y: Int, width: Int) {
        var used = 0
        for span in spans where used < width {
            used += self.text(span.text, x: x + used, y: y, width: width - used, role: span.role)
        }
    }

    /// Draws the frame of a pane and returns its interior.
    mutating func pane(_ rect: Rect, _ title: String, trailing: String = "", isFocused: Bool = false) -> Rect {
        self.canvas.drawBox(
            rect,
            title: title,
            trailing: trailing,
            border: self.theme.style(isFocused ? .borderFocus : .border),
            titleStyle: self.theme.style(.title),
            trailingStyle: self.theme.style(.textDim)
        )
    }

    /// Draws the frame of one of the view's panes, which can be clicked, and returns its interior.
    mutating func pane(_ rect: Rect, _ title: String, trailing: String = "", in state: DashboardState, as pane: String) -> Rect {
        if let index = state.view.panes.firstIndex(of: pane) { self.targets.add(rect, .pane(index)) }
        return self.pane(rect, title, trailing: trailing, isFocused: state.isFocused(pane))
    }

    /// Makes the row at `y` clickable, and highlights it if it is selected.
    mutating func mark(_ target: PointerTarget, isSelected: Bool, x: Int, y: Int, width: Int) {
        self.targets.add(Rect(x: x, y: y, width: width, height: 1), target)
        if isSelected { self.select(x: x, y: y, width: width) }
    }

    /// Highlights the row at `y` as selected.
    mutating func select(x: Int, y: Int, width: Int) {
        let selected = self.theme.style(.selected)
        self.canvas.restyle(Rect(x: x, y: y, width: width, height: 1)) { style in
            style.foreground = selected.foreground
            style.background = selected.background
            style.attributes.formUnion(selected.attributes)
        }
    }
}

/// A column of a table.
struct Column: Sendable {
    var title: String
    var width: Int
    var alignment = DisplayText.Alignment.left
    /// Whether the cells are source locations, which are clipped at the start.
    var holdsPlaces = false

    init(_ title: String, _ width: Int, _ alignment: DisplayText.Alignment = .left) {
        self.title = title
        self.width = width
        self.alignment = alignment
    }

    /// Creates a column of source locations.
    static func locations(_ title: String, _ width: Int) -> Column {
        var column = Column(title, width)
        column.holdsPlaces = true
        return column
    }
}

extension Painter {
    /// Draws a row of cells separated by blanks, clipped to `width`.
    mutating func row(_ cells: [Span], _ columns: [Column], x: Int, y: Int, width: Int) {
        var left = x
        for (cell, column) in zip(cells, columns) {
            let space = min(column.width, x + width - left)
            if space <= 0 { break }
            let text = column.holdsPlaces ? Format.location(cell.text, width: space) : cell.text
            self.text(text, x: left, y: y, width: space, role: cell.role, alignment: column.alignment)
            left += column.width + 1
        }
    }

    /// Draws the titles of `columns`.
    mutating func header(_ columns: [Column], x: Int, y: Int, width: Int) {
        self.row(
            columns.map { Span($0.title, .textDim) },
            columns.map { Column($0.title, $0.width, $0.alignment) },
            x: x,
            y: y,
            width: width
        )
    }
}

/// Returns the visible part of a list. It contains the selected row and does not depend on earlier scrolling.
func visibleRows(count: Int, height: Int, selected: Int?) -> Range<Int> {
    guard height > 0, count > 0 else { return 0..<0 }
    let wanted = (selected ?? 0) - height * 2 / 3
    let top = max(0, min(wanted, count - height))
    return top..<min(count, top + height)
}
