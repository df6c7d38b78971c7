/// The smallest screen that is drawn.
private let least = Size(width: 40, height: 10)

extension DashboardState {
    /// Returns the whole screen at the state's size. Pure: the same state gives the same canvas.
    public func render() -> Canvas {
        self.drawn().canvas
    }

    /// Draws the screen and records the pointer targets.
    func drawn() -> Painter {
        var painter = Painter(size: self.size, theme: self.theme, glyphs: self.glyphs)
        guard !self.isTooSmall else {
            let (size, need) = ("resmon: \(self.size.width)x\(self.size.height),", "needs \(least.width)x\(least.height)")
            if size.count + 1 + need.count <= self.size.width {
                painter.text("\(size) \(need)", x: 0, y: 0, width: self.size.width)
            } else {
                // On two rows, or the essential part on one row.
                let rows = self.size.height > 1 ? [size, need] : [need]
                for (y, row) in rows.enumerated() { painter.text(row, x: 0, y: y, width: self.size.width) }
            }
            return painter
        }
        StatusBar.draw(self, &painter, y: 0)
        TabBar.draw(self, &painter, y: 1)
        let caption = self.captionLines
        let body = Rect(x: 0, y: 2, width: self.size.width, height: self.size.height - 4 - caption.count)
        for (index, line) in caption.enumerated() {
            painter.text(line, x: 1, y: body.height + 2 + index, width: self.size.width - 2, role: .title)
        }
        switch self.view {
        case .overview: OverviewView.draw(self, &painter, body)
        case .scopes: ScopesView.draw(self, &painter, body)
        case .resources where self.detail != nil: DetailView.draw(self, &painter, body)
        case .resources: ResourcesView.draw(self, &painter, body)
        case .pools: PoolsView.draw(self, &painter, body)
        case .health: HealthView.draw(self, &painter, body)
        case .events where self.groupsErrors: ErrorsView.draw(self, &painter, body)
        case .events: EventsView.draw(self, &painter, body)
        case .findings: FindingsView.draw(self, &painter, body)
        case .graph: GraphView.draw(self, &painter, body)
        }
        Footer.draw(self, &painter, y: self.size.height - 2)
        if let overlay = self.overlay { OverlayView.draw(overlay, self, &painter, body) }
        return painter
    }

    /// Whether the window is too small to draw.
    var isTooSmall: Bool {
        self.size.width < least.width || self.size.height < least.height
    }

    /// The lines of the current caption, if there is room for it.
    private var captionLines: [String] {
        guard let caption = self.picture.caption, self.size.height >= 16 else { return [] }
        return Array(DisplayText.wrap(caption.text, width: self.size.width - 2).prefix(3))
    }

    /// Whether there is room for a right column.
    var isWide: Bool {
        self.size.width >= 100 && self.size.height >= 24
    }

    /// Whether there is room for one pane only.
    var isSmall: Bool {
        self.size.width < 60 || self.size.height < 12
    }

    func isFocused(_ pane: String) -> Bool {
        self.view.panes[self.focus[self.view] ?? 0] == pane
    }
}
