import ResourceContainer
import ResourceMonitoring

/// The number of active resources over the span of the charts, with the resources created and ended per second.
struct ActiveCourse: Sendable {
    /// The number of values in the whole span.
    let slots: Int
    let active: [Double?]
    let created: [Double?]
    let ended: [Double?]
    /// The least and the greatest number of active resources.
    let low: Int
    let high: Int

    init(_ context: ScreenContext) {
        let (picture, span, gaps) = (context.picture, context.span, context.gaps)
        if span == .minute {
            let samples = picture.samples(without: gaps)
            self.slots = Picture.sampleLimit
            self.active = samples.map { $0.map { Double($0.active) } }
            self.created = Self.growth(samples.map { $0?.created })
            self.ended = Self.growth(samples.map { $0?.ended })
        } else {
            let points = picture.history.suffix(span.rawValue).map { point -> HistoryPoint? in gaps.cover(point) ? nil : point }
            self.slots = span.rawValue
            self.active = points.map { $0.map { Double($0.active) } }
            self.created = points.map { $0.map { Double($0.counts.created) } }
            self.ended = points.map { $0.map { Double($0.counts.ended) } }
        }
        let known = self.active.compactMap { $0 }
        self.low = Int(clamping: Int64(saturating: known.min() ?? 0))
        self.high = Int(clamping: Int64(saturating: known.max() ?? 0))
    }

    /// Returns the increase per second of a count that is sampled four times a second; nil where a count is not known.
    private static func growth(_ counts: [Int?]) -> [Double?] {
        counts.indices.map { index in
            guard index >= 4, let count = counts[index], let earlier = counts[index - 4] else { return nil }
            return Double(count.subtractingSaturated(earlier))
        }
    }

    /// Draws the active resources as one row of blocks.
    func drawSparkline(_ painter: inout Painter, in rect: Rect) {
        guard rect.width > 1, rect.height > 0 else { return }
        self.drawLine(self.active, maximum: Double(max(1, self.high)), role: .chart0, &painter, rect)
    }

    /// Draws one of the series as one row of blocks. The time before its first value is blank.
    fileprivate func drawLine(_ values: [Double?], maximum: Double, role: Role, _ painter: inout Painter, _ rect: Rect) {
        painter.canvas.drawSparkline(
            Array(ChartSpan.stretched(values, slots: self.slots, to: rect.width).drop { $0 == nil }),
            maximum: maximum,
            x: rect.x,
            y: rect.y,
            width: rect.width,
            style: painter.theme.style(role)
        )
    }
}

/// A chart of the active resources, on tall screens.
extension OverviewScreen {
    func drawActive(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let course = ActiveCourse(context)
        var chart = Chart(course.active, slots: course.slots, maximum: Double(max(1, course.high)))
        chart.span = context.span
        chart.ticks = Chart.ticks(context, context.span)
        let inside = self.frame(.active, Pane.active.title, &painter, rect).padded()
        let (low, now) = (Format.count(course.low), Format.count(context.picture.totals.books.active))
        let figures = Span("\(context.span.label)  min \(low)  now \(now)  max \(Format.count(course.high))", .textDim)
        painter.trailing([figures], on: rect, beside: Pane.active.title)
        let legend = chart.legend(painter.glyphs)
        // The longer text replaces the figures if it fits.
        if !legend.isEmpty { painter.trailing(legend + [Span("   "), figures], on: rect, beside: Pane.active.title) }
        let parts = inside.rows([.flexible(1), .fixed(inside.height >= 8 ? 2 : 0)])
        if let plot = parts[0] { painter.draw(chart, in: plot) }
        guard let rows = parts[1] else { return }
        let most = max(1, (course.created + course.ended).reduce(0) { max($0, $1 ?? 0) })
        for (row, (label, values, role)) in [("created/s", course.created, Role.chart1), ("ended/s", course.ended, .chart2)].enumerated()
        where row < rows.height {
            let columns = Rect(x: rows.x, y: rows.y + row, width: rows.width, height: 1).columns([.fixed(10), .flexible(1)])
            guard let name = columns[0], let line = columns[1] else { continue }
            painter.text(label, x: name.x, y: name.y, width: name.width, role: .textDim)
            course.drawLine(values, maximum: most, role: role, &painter, line)
        }
    }
}
