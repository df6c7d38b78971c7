extension Size {
    /// The smallest screen that is drawn.
    private static let least = Size(width: 40, height: 10)

    /// Whether a screen of this size is too small to draw.
    package var isTooSmall: Bool {
        self.width < Self.least.width || self.height < Self.least.height
    }

    /// The size and the smallest one, as the two parts of a sentence.
    fileprivate var need: (size: String, least: String) {
        ("resmon: \(self.width)x\(self.height),", "needs \(Self.least.width)x\(Self.least.height)")
    }
}

extension DashboardState {
    /// Returns the whole screen at the state's size. Pure: the same state gives the same canvas.
    public func render() -> Canvas {
        self.drawn().canvas
    }

    /// Draws the screen and records the pointer targets.
    func drawn() -> Painter {
        var painter = Painter(size: self.size, theme: self.theme, glyphs: self.glyphs)
        guard !self.isTooSmall else {
            painter.drawTooSmall()
            return painter
        }
        StatusBar.draw(self, &painter, y: 0)
        TabBar.draw(self, &painter, y: 1)
        let body = self.body
        self.filterRow?.draw(&painter, y: 2)
        for (index, line) in self.linesBelow.enumerated() {
            painter.text(line.text, x: 1, y: body.y + body.height + index, width: self.size.width - 2, role: line.role)
        }
        self.screen.draw(self.context, &painter, body)
        if self.isStale, self.screen.showsPicture { painter.dim(body) }
        if self.showsTimeBar { TimeBar.draw(self, &painter, y: self.size.height - 3) }
        Footer.draw(self, &painter, y: self.size.height - 2)
        self.overlay?.dialog.draw(self, &painter, body)
        return painter
    }

    /// The rectangle between the tabs and the footer that the screen draws in.
    var body: Rect {
        let top = 2 + (self.filterRow?.height ?? 0)
        let bottom = 2 + self.linesBelow.count + (self.showsTimeBar ? 1 : 0)
        return Rect(x: 0, y: top, width: self.size.width, height: self.size.height - top - bottom)
    }

    /// The row of the filter: while one types, and while a filter is set.
    var filterRow: FilterRow? {
        guard let list = self.list, self.isTypingFilter || !list.filter.isEmpty else { return nil }
        return FilterRow(list, isTyping: self.isTypingFilter, size: self.size)
    }

    /// Whether the time bar has a row: in the past, and in a recording, if there is room.
    var showsTimeBar: Bool {
        (self.isPast || self.recorded != nil) && self.size.height >= 16
    }

    /// Whether the window is too small to draw.
    var isTooSmall: Bool {
        self.size.isTooSmall
    }

    /// The lines below the view, if there is room for them: why the picture is not current, and the current caption.
    private var linesBelow: [Span] {
        guard self.size.height >= 16 else { return [] }
        func lines(_ text: String?, _ role: Role) -> [Span] {
            DisplayText.wrap(text ?? "", width: self.size.width - 2).prefix(3).map { Span($0, role) }
        }
        return lines(self.lastSeen, .healthDegraded) + lines(self.picture.caption?.text, .title)
    }
}

extension Painter {
    /// Draws, on a screen that is too small, which size is needed.
    package mutating func drawTooSmall() {
        let screen = self.canvas.size
        let (size, need) = screen.need
        if size.count + 1 + need.count <= screen.width {
            self.text("\(size) \(need)", x: 0, y: 0, width: screen.width)
        } else {
            // On two rows, or the essential part on one row.
            let rows = screen.height > 1 ? [size, need] : [need]
            for (y, row) in rows.enumerated() { self.text(row, x: 0, y: y, width: screen.width) }
        }
    }

    /// Dims the text in `rect`, because it is not current. The selection stays visible.
    package mutating func dim(_ rect: Rect) {
        let dim = self.theme.style(.textDim)
        self.canvas.restyle(rect) { style in
            style.foreground = dim.foreground
            style.attributes.formUnion(dim.attributes)
        }
    }
}
