/// A piece of a line: a text with its role.
package struct Span: Hashable, Sendable {
    package var text: String
    package var role: Role
    /// Whether the text is the label of a binding or a resource, whose type is cut before its name.
    package var isLabel = false

    package init(_ text: String, _ role: Role = .text) {
        self.text = text
        self.role = role
    }

    /// The label of a binding or a resource.
    package init(label: String, _ role: Role = .text) {
        self.init(label, role)
        self.isLabel = true
    }

    /// Returns the text in at most `width` cells, and its width.
    package func clipped(to width: Int) -> (text: String, width: Int) {
        self.isLabel ? DisplayText.clip(label: self.text, width: width) : DisplayText.clip(self.text, width: width)
    }

    /// Returns the span in a dim role if it is an unknown value, which is shown as a dash alone.
    package func dimmingUnknown(_ glyphs: GlyphSet) -> Span {
        self.text == glyphs[.dash] ? Span(self.text, .textDim) : self
    }
}

/// A canvas with a theme, on which the views draw.
package struct Painter {
    package var canvas: Canvas
    package var targets = PointerTargets()
    package let theme: Theme

    package init(size: Size, theme: Theme, glyphs: GlyphSet) {
        self.canvas = Canvas(size: size, style: theme.style(.text), glyphs: glyphs)
        self.theme = theme
    }

    package var glyphs: GlyphSet {
        self.canvas.glyphs
    }

    /// Draws `text`, clipped to `width` cells with an ellipsis, and returns the number of cells it occupies.
    @discardableResult
    package mutating func text(_ text: String, x: Int, y: Int, width: Int, role: Role = .text, alignment: DisplayText.Alignment = .left)
        -> Int
    {
        self.span(Span(text, role), x: x, y: y, width: width, alignment: alignment)
    }

    /// Draws `span`, clipped to `width` cells with an ellipsis, and returns the number of cells it occupies.
    @discardableResult
    package mutating func span(_ span: Span, x: Int, y: Int, width: Int, alignment: DisplayText.Alignment = .left) -> Int {
        guard width > 0 else { return 0 }
        let fitted = span.clipped(to: width)
        let before = alignment.blanks(before: fitted.width, in: width)
        return before + self.canvas.draw(fitted.text, x: x + before, y: y, style: self.theme.style(span.role), limit: width - before)
    }

    /// Draws spans one after the other in `width` cells.
    package mutating func line(_ spans: [Span], x: Int, y: Int, width: Int) {
        var used = 0
        for span in spans where used < width {
            used += self.span(span, x: x + used, y: y, width: width - used)
        }
    }

    /// Returns `text` wrapped to `width` cells, as lines in one role.
    package func wrapped(_ text: String, _ role: Role, width: Int) -> [[Span]] {
        DisplayText.wrap(text, width: max(1, width)).map { [Span($0, role)] }
    }

    /// Draws lines of spans from the top of `rect`, as many as fit. Unknown values are dim.
    package mutating func lines(_ lines: [[Span]], in rect: Rect) {
        let glyphs = self.glyphs
        for (index, line) in lines.prefix(rect.height).enumerated() {
            self.line(line.map { $0.dimmingUnknown(glyphs) }, x: rect.x, y: rect.y + index, width: rect.width)
        }
    }

    /// Draws the frame of a pane and returns its interior. The title of the focused pane is marked, that of any other is dim.
    package mutating func pane(_ rect: Rect, _ title: String, trailing: String = "", isFocused: Bool = false) -> Rect {
        self.canvas.drawBox(
            rect,
            title: isFocused ? "\(self.glyphs[.selection])\(title)" : title,
            trailing: trailing,
            border: self.theme.style(isFocused ? .borderFocus : .border),
            titleStyle: self.theme.style(isFocused ? .title : .textDim),
            trailingStyle: self.theme.style(.textDim)
        )
    }

    /// Makes the row at `y` clickable, and highlights it if it is selected.
    package mutating func mark(_ target: PointerTarget, isSelected: Bool, x: Int, y: Int, width: Int) {
        self.targets.add(Rect(x: x, y: y, width: width, height: 1), target)
        if isSelected { self.select(x: x, y: y, width: width) }
    }

    /// Highlights the row at `y` as selected.
    package mutating func select(x: Int, y: Int, width: Int) {
        let selected = self.theme.style(.selected)
        self.canvas.restyle(Rect(x: x, y: y, width: width, height: 1)) { style in
            style.foreground = selected.foreground
            style.background = selected.background
            style.attributes.formUnion(selected.attributes)
        }
    }
}
