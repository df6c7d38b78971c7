import ResourceContainer
import ResourceMonitoring

/// A chart of one figure over time, the newest at the right: an area with the values of a second series above it, a line at the limit,
/// and a time axis with ticks.
///
/// The area is graded by load: its part above 80 % of the limit is a warning, and columns at the limit with a value of the second series
/// are a failure. Without a limit, the area has one color.
struct Chart: Sendable {
    /// A sign on the time axis.
    struct Tick: Hashable, Sendable {
        /// The position: 0 at the left edge, 1 at the right. A tick outside of this range is not drawn.
        var share: Double
        var glyph: Glyph
        var role: Role
        /// The meaning of the glyph, for the legend.
        var word: String
    }

    /// The figures, the newest last. A nil value is unknown.
    var series: [Double?]
    /// The number of figures in the whole span. The chart begins with blanks if there are fewer.
    var slots: Int
    /// The value at the top of the scale.
    var maximum: Double
    /// The value with a dotted line, above which the figure cannot rise; nil if there is none.
    var limit: Double?
    /// The values that are stacked above the area, such as waiters above leases. They have the times of the last figures.
    var overlay: [Double?] = []
    /// The signs on the time axis. Later ones cover earlier ones.
    var ticks: [Tick] = []
    /// The label at the top of the scale.
    var top: String
    /// The label at the bottom of the scale.
    var bottom = "0"
    /// The time span of the axis; nil for a chart without an axis.
    var span: ChartSpan?
    /// The role of the area where the load is normal.
    var role = Role.chart0

    init(_ series: [Double?], slots: Int, maximum: Double) {
        self.series = series
        self.slots = slots
        self.maximum = maximum
        self.top = Format.brief(Int(clamping: Int64(saturating: maximum)))
    }

    /// The label of the line at the limit; nil without a limit.
    var limitLabel: String? {
        self.limit.map { "max \(Format.brief(Int(clamping: Int64(saturating: $0))))" }
    }

    /// Returns the explanation of the ticks, each in the color of its sign.
    func legend(_ glyphs: GlyphSet) -> [Span] {
        var seen: Set<Glyph> = []
        let kinds = self.ticks.filter { (0...1).contains($0.share) && seen.insert($0.glyph).inserted }
        return kinds.flatMap { [Span("\(glyphs[$0.glyph]) \($0.word)", $0.role), Span("  ")] }.dropLast()
    }
}

extension Chart {
    /// Returns the errors, the beginnings of findings and the marks within a span, as ticks. O(points + findings + marks).
    static func ticks(_ context: ScreenContext, _ span: ChartSpan) -> [Tick] {
        let picture = context.picture
        let points = picture.history.suffix(span.rawValue)
        let (length, origin) = (Double(span.rawValue), TimeSource.Instant(nanoseconds: 0))
        // The axis ends where the series of the charts end: after the last whole second.
        let end = points.last.map { Double($0.second) + 1 } ?? (picture.time - origin).inSeconds
        var ticks: [Tick] = []
        func add(_ second: Double, _ glyph: Glyph, _ role: Role, _ word: String) {
            let age = max(0, end - second)
            // A mark may be later than a past picture.
            guard age <= length, second < end + 1 else { return }
            ticks.append(Tick(share: 1 - age / length, glyph: glyph, role: role, word: word))
        }
        for gap in context.gaps {
            // The signs are closer together than the columns of a chart, so that the gap is one line.
            let (from, to) = ((gap.from - origin).inSeconds, min((gap.to - origin).inSeconds, end))
            for second in stride(from: max(from, end - length), through: to, by: length / 512) {
                add(second, .free, .healthDegraded, "no data")
            }
        }
        for point in points where point.counts.errors > 0 { add(Double(point.second) + 0.5, .failure, .stateFailed, "error") }
        for finding in (picture.findings + picture.withdrawnFindings).sorted(by: { $0.severity < $1.severity }) {
            add((finding.since - origin).inSeconds, finding.severity.glyph, finding.severity.role, "finding")
        }
        for mark in context.marks { add((mark.time - origin).inSeconds, .dotted, .text, "mark") }
        return ticks
    }
}

extension Painter {
    /// Draws a chart. Its axis takes two rows of five or more, and one of three or four; its labels go first if it is narrow.
    mutating func draw(_ chart: Chart, in rect: Rect) {
        guard rect.width > 0, rect.height > 0 else { return }
        let labels = [chart.top, chart.bottom, chart.limitLabel ?? ""]
        let wanted = labels.reduce(0) { max($0, DisplayText.width(of: $1)) } + 1
        let left = wanted + 8 <= rect.width ? wanted : 0
        let axis = chart.span == nil || rect.height < 3 ? 0 : rect.height < 5 ? 1 : 2
        let plot = Rect(x: rect.x + left, y: rect.y, width: rect.width - left, height: rect.height - axis)
        self.area(chart, in: plot)
        let limitRow = self.limitLine(chart, in: plot)
        if left > 0 { self.scale(chart, limitRow: limitRow, width: left - 1, x: rect.x, plot) }
        guard let span = chart.span, axis > 0 else { return }
        let below = Rect(x: plot.x, y: plot.y + plot.height, width: plot.width, height: axis)
        self.axis(span, chart.ticks, in: below)
    }

    /// Draws figures as one row of blocks that are graded by load, the newest at the right of `rect`. Nothing is drawn without a figure.
    ///
    /// - Parameters:
    ///   - values: The figures, the newest last.
    ///   - waiting: The waiters at the times of the last figures.
    ///   - limit: The value that fills a cell.
    ///   - rect: The rectangle, of which the first row is used.
    ///   - role: The role where the load is normal.
    mutating func sparkline(_ values: [Double?], waiting: [Double?] = [], limit: Double, in rect: Rect, role: Role = .gaugeUsed) {
        guard rect.width > 0, rect.height > 0 else { return }
        let shown = values.suffix(rect.width)
        self.canvas.drawSparkline(Array(shown), maximum: limit, x: rect.x, y: rect.y, width: rect.width, style: self.theme.style(role))
        let queued = Chart.aligned(waiting, with: values).suffix(rect.width)
        for (column, (value, waiters)) in zip((rect.width - shown.count)..., zip(shown, queued)) {
            guard let value else {
                self.restyle(x: rect.x + column, y: rect.y, .textDim)
                continue
            }
            let load = Load(used: value, limit: limit, waiting: waiters ?? 0)
            // A figure of zero is no trouble, and a line of zeros is quiet.
            let graded: Role = value > 0 ? load.role(normal: role) : .textDim
            if graded != role { self.restyle(x: rect.x + column, y: rect.y, graded) }
        }
    }

    private mutating func restyle(x: Int, y: Int, _ role: Role) {
        let style = self.theme.style(role)
        self.canvas.restyle(Rect(x: x, y: y, width: 1, height: 1)) { $0 = style }
    }

    // MARK: Area

    private mutating func area(_ chart: Chart, in plot: Rect) {
        let samples = self.glyphs.samplesPerCell
        let count = plot.width * samples
        let lower = ChartSpan.stretched(chart.series, slots: chart.slots, to: count)
        let upper = ChartSpan.stretched(Chart.aligned(chart.overlay, with: chart.series), slots: chart.slots, to: count)
        guard lower.count == count, upper.count == count, count > 0 else { return }
        let sums: [Double?] = zip(lower, upper).map { $0 == nil && $1 == nil ? nil : ($0 ?? 0) + ($1 ?? 0) }
        self.canvas.drawArea(sums, in: plot, maximum: chart.maximum, style: self.theme.style(chart.role))
        let perCell = samples == 2 ? 4 : 8
        let steps = plot.height * perCell
        func level(_ value: Double) -> Int { Canvas.level(value, of: chart.maximum, steps: steps) }
        let high = chart.limit.map { level($0 * Load.highShare) } ?? steps
        for column in 0..<plot.width {
            let cell = column * samples..<(column + 1) * samples
            let (value, waiting) = (Chart.greatest(lower[cell]), Chart.greatest(upper[cell]))
            let load = chart.limit.map { Load(used: value, limit: $0, waiting: waiting) } ?? .normal
            let (used, filled) = (level(value), level(Chart.greatest(sums[cell])))
            guard load != .normal || filled > used else { continue }
            for row in 0..<plot.height {
                let floor = (plot.height - 1 - row) * perCell
                let ceiling = floor + perCell
                guard filled > floor else { continue }
                // A cell has one color. Waiters are shown even if they share it with leases, except that leases keep the lowest row.
                let isWaiting = used < min(filled, ceiling) && (floor > 0 || used == 0 || plot.height == 1)
                let isGraded = load == .exhausted || (load == .high && ceiling > high)
                let role: Role = isWaiting ? .healthDegraded : isGraded ? load.role(normal: chart.role) : chart.role
                if role != chart.role { self.restyle(x: plot.x + column, y: plot.y + row, role) }
            }
        }
    }

    /// Draws the line at the limit in the blank cells of its row, and returns the row; nil without a limit.
    private mutating func limitLine(_ chart: Chart, in plot: Rect) -> Int? {
        guard let limit = chart.limit, limit > 0, limit <= chart.maximum, plot.height > 0 else { return nil }
        let perCell = self.glyphs.samplesPerCell == 2 ? 4 : 8
        let level = Canvas.level(limit, of: chart.maximum, steps: plot.height * perCell)
        let y = plot.y + plot.height - 1 - max(0, level - 1) / perCell
        let style = self.theme.style(.textDim)
        let row = Rect(x: plot.x, y: y, width: plot.width, height: 1).intersection(self.canvas.bounds)
        guard row.height > 0 else { return nil }
        for x in row.columns where self.canvas.cells[y * self.canvas.size.width + x].text == " " {
            self.canvas.draw(.dashed, x: x, y: y, style: style)
        }
        return y
    }

    /// Draws the labels of the scale at the left of the plot.
    private mutating func scale(_ chart: Chart, limitRow: Int?, width: Int, x: Int, _ plot: Rect) {
        func label(_ text: String, _ y: Int) {
            self.text(text, x: x, y: y, width: width, role: .textDim, alignment: .right)
        }
        let bottom = plot.y + plot.height - 1
        if plot.height > 1, bottom != limitRow { label(chart.bottom, bottom) }
        if plot.y != limitRow { label(chart.top, plot.y) }
        if let limitRow, let text = chart.limitLabel { label(text, limitRow) }
    }

    // MARK: Time axis

    /// Draws the axis: a line with the ticks, and labels below it; or in one row the labels, with the ticks between them.
    private mutating func axis(_ span: ChartSpan, _ ticks: [Chart.Tick], in rect: Rect) {
        let last = max(0, rect.width - 1)
        func column(_ share: Double) -> Int { Int((share * Double(last)).rounded()) }
        let line = rect.y
        let labels = line + rect.height - 1
        if rect.height > 1 { self.canvas.drawLine(x: rect.x, y: line, width: rect.width, style: self.theme.style(.border)) }
        var drawn: [(x: Int, text: String)] = []
        for (share, text) in span.axis {
            let (center, width) = (column(share), DisplayText.width(of: text))
            let x = min(max(0, center - width / 2), max(0, rect.width - width))
            guard width <= rect.width, drawn.allSatisfy({ x + width + 2 <= $0.x || $0.x + DisplayText.width(of: $0.text) + 2 <= x })
            else { continue }
            drawn.append((x, text))
            if rect.height > 1 { self.canvas.draw(.teeDown, x: rect.x + center, y: line, style: self.theme.style(.border)) }
        }
        for tick in ticks where (0...1).contains(tick.share) {
            self.canvas.draw(tick.glyph, x: rect.x + column(tick.share), y: line, style: self.theme.style(tick.role))
        }
        for label in drawn {
            self.text(label.text, x: rect.x + label.x, y: labels, width: rect.width - label.x, role: .textDim)
        }
    }
}

extension Chart {
    /// Returns `values` with nil values before them, or without their first ones, so that there are as many as figures.
    fileprivate static func aligned(_ values: [Double?], with figures: [Double?]) -> [Double?] {
        Array(repeating: nil, count: max(0, figures.count - values.count)) + values.suffix(figures.count)
    }

    fileprivate static func greatest(_ values: ArraySlice<Double?>) -> Double {
        values.reduce(0) { greatest, value in max(greatest, value ?? 0) }
    }
}

extension ChartSpan {
    /// The labels of the time axis with their positions, from 0 at the left to 1 at the right. The most important come first.
    fileprivate var axis: [(share: Double, text: String)] {
        let step: Int
        switch self {
        case .minute: step = 15
        case .twoMinutes: step = 30
        case .fiveMinutes: step = 60
        case .tenMinutes: step = 120
        }
        let half = self.rawValue / 2
        let ages = [0, self.rawValue] + (half.isMultiple(of: step) ? [half] : []) + stride(from: step, to: self.rawValue, by: step)
        return ages.map { age in
            (1 - Double(age) / Double(self.rawValue), age == 0 ? "now" : self.text(age))
        }
    }

    /// Returns an age on the axis: `-45s`, or `-5m` where the whole span is longer than a minute.
    private func text(_ age: Int) -> String {
        self == .minute || !age.isMultiple(of: 60) ? "-\(age)s" : "-\(age / 60)m"
    }
}
