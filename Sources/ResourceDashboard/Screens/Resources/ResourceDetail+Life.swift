import ResourceContainer
import ResourceMonitoring

/// The life of the resource on a time axis: phases, last use, health results, errors and the scope.
extension ResourceDetail {
    /// The width of the labels at the left of the axis.
    private static let label = 9
    /// The lines above the axis.
    private static let titles = ["phase", "last use", "health", "errors", "scope"]

    var lifeLine: LifeLine {
        LifeLine(self.row, events: self.events, scope: self.scope, now: self.picture.time, span: self.context.span)
    }

    /// The title of the pane, and the time that its axis covers.
    func lifeTitle(_ glyphs: GlyphSet) -> (title: String, trailing: String) {
        let (line, clock, keys) = (self.lifeLine, self.context.clock, self.context.keys)
        let whole = line.begin > line.created ? " of \(Format.duration(line.end - line.created))" : ""
        return (
            "Life \(clock.time(line.begin)) \(glyphs[.right]) \(clock.time(line.end))",
            "\(Format.duration(line.length))\(whole)   \(keys.key(.zoomIn)) \(keys.key(.zoomOut)) zoom"
        )
    }

    func drawLife(_ painter: inout Painter, in rect: Rect) {
        let width = rect.width - Self.label
        guard width > 8, rect.height > 0 else { return }
        let line = self.lifeLine
        let plot = Rect(x: rect.x + Self.label, y: rect.y, width: width, height: rect.height)
        let step = Self.step(plot)
        for (index, title) in Self.titles.enumerated() where index * step < rect.height {
            painter.text(title, x: rect.x, y: rect.y + index * step, width: Self.label - 1, role: .textDim)
        }
        self.drawPhases(line, &painter, plot)
        if let used = self.row.lastUsedAt { Self.sign(.alarm, .chart0, at: used, 1, line, &painter, plot) }
        for (time, status) in self.healthResults { Self.sign(Mark(status), at: time, 2, line, &painter, plot) }
        for event in self.events.reversed() {
            if let mark = Self.trouble(event) { Self.sign(mark, at: event.time, 3, line, &painter, plot) }
        }
        self.drawScope(line, &painter, plot)
        let axis = Self.titles.count * step
        if rect.height > axis + 1 { Self.drawAxis(line, &painter, Rect(x: plot.x, y: plot.y + axis, width: width, height: 2)) }
        if rect.height > axis + 2 { self.drawLegend(line, &painter, x: plot.x, y: plot.y + axis + 2, width: width) }
    }

    /// The number of rows from one line to the next.
    private static func step(_ plot: Rect) -> Int {
        plot.height >= 2 * self.titles.count + 3 ? 2 : 1
    }

    private func drawPhases(_ line: LifeLine, _ painter: inout Painter, _ plot: Rect) {
        let cells = line.cells(width: plot.width)
        for (phase, columns) in cells.phases {
            let style = painter.theme.style(phase.role)
            painter.canvas.drawLine(phase.glyph, x: plot.x + columns.lowerBound, y: plot.y, width: columns.count, style: style)
        }
        if let mark = cells.mark {
            let end = Mark(self.row)
            painter.canvas.draw(end.glyph, x: plot.x + mark, y: plot.y, style: painter.theme.style(end.role))
        }
    }

    /// The kept results of health checks, oldest first. Those of a resource that has ended are in its events.
    private var healthResults: [(time: TimeSource.Instant, status: HealthStatus)] {
        var results: [(time: TimeSource.Instant, status: HealthStatus)] = []
        for line in self.events.reversed() {
            if case .healthChanged(_, let result) = line.event?.kind { results.append((line.time, result.status)) }
        }
        for result in self.picture.healthRow(of: self.id)?.history ?? [] { results.append((result.time, result.status)) }
        return results
    }

    /// Returns the mark of an error or of a warning that is not a result of a health check.
    private static func trouble(_ line: EventLine) -> Mark? {
        if case .healthChanged = line.event?.kind { return nil }
        return line.level == .info ? nil : Mark(line.level)
    }

    private func drawScope(_ line: LifeLine, _ painter: inout Painter, _ plot: Rect) {
        let row = 4 * Self.step(plot)
        guard plot.height > row, let scope = self.scope else { return }
        let (opened, closed) = (scope.scope.openedAt, scope.closedAt)
        if let from = line.column(of: max(opened, line.begin), width: plot.width),
            let to = line.column(of: min(closed ?? line.end, line.end), width: plot.width), from <= to
        {
            painter.canvas.drawLine(x: plot.x + from, y: plot.y + row, width: to - from + 1, style: painter.theme.style(.border))
        }
        Self.sign(.unfolded, .text, at: opened, 4, line, &painter, plot)
        if let closed { Self.sign(.times, .text, at: closed, 4, line, &painter, plot) }
    }

    private static func sign(
        _ glyph: Glyph,
        _ role: Role,
        at time: TimeSource.Instant,
        _ row: Int,
        _ line: LifeLine,
        _ painter: inout Painter,
        _ plot: Rect
    ) {
        let offset = row * Self.step(plot)
        guard offset < plot.height, let column = line.column(of: time, width: plot.width) else { return }
        painter.canvas.draw(glyph, x: plot.x + column, y: plot.y + offset, style: painter.theme.style(role))
    }

    private static func sign(
        _ mark: Mark,
        at time: TimeSource.Instant,
        _ row: Int,
        _ line: LifeLine,
        _ painter: inout Painter,
        _ plot: Rect
    ) {
        Self.sign(mark.glyph, mark.role, at: time, row, line, &painter, plot)
    }

    /// Draws the axis with as many labels as fit without touching each other.
    private static func drawAxis(_ line: LifeLine, _ painter: inout Painter, _ rect: Rect) {
        let style = painter.theme.style(.border)
        painter.canvas.drawLine(x: rect.x, y: rect.y, width: rect.width, style: style)
        let count = max(1, min(8, rect.width / 12))
        let last = line.label(at: 1)
        let lastX = rect.x + rect.width - DisplayText.width(of: last)
        for tick in 0...count {
            let x = rect.x + (rect.width - 1) * tick / count
            painter.canvas.draw(.teeDown, x: x, y: rect.y, style: style)
            let text = tick == count ? last : line.label(at: Double(tick) / Double(count))
            let width = DisplayText.width(of: text)
            guard tick == count || x + width < lastX else { continue }
            painter.text(text, x: tick == count ? lastX : x, y: rect.y + 1, width: width, role: .textDim)
        }
    }

    /// Draws the explanation of the signs, each in its color. Signs that do not fit are omitted.
    private func drawLegend(_ line: LifeLine, _ painter: inout Painter, x left: Int, y: Int, width room: Int) {
        let glyphs = painter.glyphs
        var entries = line.parts.map { Span("\(glyphs[$0.phase.glyph]) \($0.phase.word)", $0.phase.role) }
        if self.row.lastUsedAt != nil { entries.append(Span("\(glyphs[.alarm]) last use", .chart0)) }
        if self.events.contains(where: { $0.level == .error }) { entries.append(Span("\(glyphs[.failure]) error", .stateFailed)) }
        if self.events.contains(where: { Self.trouble($0)?.glyph == .warning }) {
            entries.append(Span("\(glyphs[.warning]) warning", .healthDegraded))
        }
        if self.scope != nil { entries.append(Span("\(glyphs[.unfolded]) \(glyphs[.times]) scope opened, closed")) }
        let widths = entries.map { DisplayText.width(of: $0.text) }
        let gap = widths.reduce(3 * (entries.count - 1), +) <= room ? 3 : 2
        var x = left
        for (entry, width) in zip(entries, widths) {
            guard x + width <= left + room else { break }
            painter.text(entry.text, x: x, y: y, width: width, role: entry.role)
            x += width + gap
        }
    }
}
