extension Canvas {
    /// Draws a border along the edge of `rect` and returns the rectangle inside it.
    ///
    /// The top edge shows `title` at the left and `trailing` at the right: `╭─ title ──── trailing ─╮`. If both do not fit, `trailing` is
    /// omitted, then `title` is clipped. The interior is left unchanged.
    ///
    /// - Parameters:
    ///   - rect: The rectangle, in cells.
    ///   - title: The text at the left of the top edge.
    ///   - trailing: The text at the right of the top edge.
    ///   - border: The style of the border.
    ///   - titleStyle: The style of the title; the border's style by default.
    ///   - trailingStyle: The style of the trailing text; the border's style by default.
    @discardableResult
    package mutating func drawBox(
        _ rect: Rect,
        title: String = "",
        trailing: String = "",
        border: Style,
        titleStyle: Style? = nil,
        trailingStyle: Style? = nil
    ) -> Rect {
        guard rect.width >= 2, rect.height >= 2 else { return rect.inset() }
        let right = rect.x + rect.width - 1
        let bottom = rect.y + rect.height - 1
        self.drawLine(x: rect.x, y: rect.y, width: rect.width, style: border)
        self.drawLine(x: rect.x, y: bottom, width: rect.width, style: border)
        for y in rect.inset().rows {
            self.draw(.vertical, x: rect.x, y: y, style: border)
            self.draw(.vertical, x: right, y: y, style: border)
        }
        self.draw(.topLeft, x: rect.x, y: rect.y, style: border)
        self.draw(.topRight, x: right, y: rect.y, style: border)
        self.draw(.bottomLeft, x: rect.x, y: bottom, style: border)
        self.draw(.bottomRight, x: right, y: bottom, style: border)
        self.drawTitles(rect, title: title, trailing: trailing, titleStyle ?? border, trailingStyle ?? border)
        return rect.inset()
    }

    /// Draws a horizontal run of `glyph`, clipped to the canvas.
    package mutating func drawLine(_ glyph: Glyph = .horizontal, x: Int, y: Int, width: Int, style: Style) {
        for column in Rect(x: x, y: y, width: width, height: 1).intersection(self.bounds).columns {
            self.draw(glyph, x: column, y: y, style: style)
        }
    }

    private mutating func drawTitles(_ rect: Rect, title: String, trailing: String, _ titleStyle: Style, _ trailingStyle: Style) {
        // Corner, line and blank on the left; the same on the right.
        let room = rect.width - 6
        guard room > 0 else { return }
        let clipped = DisplayText.clip(title, width: room, ellipsis: self.glyphs[.ellipsis])
        if !title.isEmpty {
            self.draw(" " + clipped.text + " ", x: rect.x + 2, y: rect.y, style: titleStyle)
        }
        let trailingWidth = DisplayText.width(of: trailing)
        let between = title.isEmpty ? 0 : clipped.width + 3
        if trailingWidth > 0, trailingWidth + between <= room {
            self.draw(" " + trailing + " ", x: rect.x + rect.width - 4 - trailingWidth, y: rect.y, style: trailingStyle)
        }
    }
}
