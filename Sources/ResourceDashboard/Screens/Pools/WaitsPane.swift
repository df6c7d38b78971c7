import ResourceContainer

/// A histogram of the times to acquire from a pool in the current minute and in the previous one, and the sums since the beginning.
struct WaitsPane {
    private let pool: PoolSample
    private let windows: WaitWindows

    init(_ pool: PoolSample, _ context: ScreenContext) {
        self.pool = pool
        self.windows = pool.resource.flatMap { context.picture.waits[$0] } ?? WaitWindows()
    }

    static func legend(_ glyphs: GlyphSet) -> [Span] {
        [Span("\(glyphs[.used]) this minute", .chart0), Span("  "), Span("\(glyphs[.pointer]) previous minute", .textDim)]
    }

    /// The binary logarithms of the upper bounds of the rows, in nanoseconds: from 1 ms to 17 s. All are bounds of the pool's buckets.
    private static let powers = 20...34
    /// The steps between the rows' bounds, finest first. Each divides the range.
    private static let steps = [1, 2, 7, 14]

    /// Returns the upper bounds of the rows but the last, as many as fit in `height` rows.
    static func bounds(height: Int) -> [Duration] {
        let range = Self.powers.upperBound - Self.powers.lowerBound
        let step = Self.steps.first { range / $0 + 2 <= height } ?? range
        return stride(from: Self.powers.lowerBound, through: Self.powers.upperBound, by: step).map { .nanoseconds(Int64(1) << Int64($0)) }
    }

    func draw(_ painter: inout Painter, _ rect: Rect) {
        let (current, previous) = (self.windows.current, self.windows.previous)
        guard rect.height > 0 else { return }
        guard current.total > 0 || previous.total > 0 else {
            let text = "no acquisitions in this minute and in the previous one"
            return painter.lines(painter.wrapped(text, .textDim, width: rect.width) + self.sums(painter.glyphs), in: rect)
        }
        let bounds = Self.bounds(height: rect.height - 1)
        let rows = self.histogram(current, previous, bounds, &painter, rect)
        let below = Rect(x: rect.x, y: rect.y + rows, width: rect.width, height: rect.height - rows)
        painter.lines(self.sums(painter.glyphs), in: below)
    }

    /// Draws the histogram with its header, and returns the number of rows that it takes.
    private func histogram(
        _ current: DurationBuckets,
        _ previous: DurationBuckets,
        _ bounds: [Duration],
        _ painter: inout Painter,
        _ rect: Rect
    ) -> Int {
        let (now, before) = (Self.counts(current, bounds), Self.counts(previous, bounds))
        let most = max(now.max() ?? 0, before.max() ?? 0)
        let (label, figures) = (7, 13)
        let width = max(0, rect.width - label - 1 - figures)
        let (bar, right) = (rect.x + label + 1, rect.x + label + 1 + width)
        func cells(_ count: Int) -> Int {
            count == 0 || width == 0 ? 0 : min(width, max(1, Canvas.level(Double(count), of: Double(most), steps: width)))
        }
        func row(_ y: Int, _ name: String, _ count: String, _ share: String, _ role: Role) {
            painter.text(name, x: rect.x, y: y, width: min(label, rect.width), role: .textDim, alignment: .right)
            painter.text(count, x: right, y: y, width: min(6, rect.width - label - 1), role: role, alignment: .right)
            painter.text(share, x: right + 7, y: y, width: min(6, rect.width - label - 8), role: role, alignment: .right)
        }
        row(rect.y, "WAITED", "COUNT", "SHARE", .textDim)
        let total = max(1, now.reduce(0, +))
        for (index, count) in now.enumerated().prefix(rect.height - 1) {
            let y = rect.y + 1 + index
            let name = index == bounds.count ? ">\(Format.duration(bounds[index - 1]))" : "<\(Format.duration(bounds[index]))"
            let share = "\(Format.decimal(Double(count) / Double(total) * 100, digits: 0))%"
            row(y, name, Format.brief(count), share, count > 0 ? .text : .textDim)
            painter.canvas.drawLine(.used, x: bar, y: y, width: cells(count), style: painter.theme.style(.chart0))
            let mark = cells(before[index])
            if mark > 0 { painter.text(painter.glyphs[.pointer], x: bar + mark - 1, y: y, width: 1, role: .textDim) }
        }
        return min(rect.height, now.count + 1)
    }

    /// Returns the number of waits below each bound and not below the one before it, and the number of the others.
    private static func counts(_ buckets: DurationBuckets, _ bounds: [Duration]) -> [Int] {
        let below = bounds.map { buckets.count(upTo: $0 - .nanoseconds(1)) } + [buckets.total]
        return below.indices.map { $0 == 0 ? below[0] : below[$0] - below[$0 - 1] }
    }

    /// Returns the figures since the beginning.
    private func sums(_ glyphs: GlyphSet) -> [[Span]] {
        let pool = self.pool
        let unknown = Span(glyphs[.dash], .textDim)
        return [
            Span.figures([
                ("acquired", pool.leases, .text), ("waited", pool.waited, .text), ("timed out", pool.timedOut, .stateFailed),
                ("refused", pool.refused, .stateFailed),
            ]),
            [
                Span("max wait ", .textDim), pool.waited > 0 ? Span.duration(pool.longestWait) : unknown,
                Span("  average wait ", .textDim), pool.waited > 0 ? Span.duration(pool.totalWait / pool.waited) : unknown,
            ],
        ]
    }
}

extension Span {
    /// Returns a duration, which is dim if it is zero.
    static func duration(_ duration: Duration) -> Span {
        Span(Format.duration(duration), duration > .zero ? .text : .textDim)
    }

    /// Returns counts with their labels: `waited 12  refused 0`. Zeros are dim.
    static func figures(_ counts: [(label: String, count: Int, role: Role)]) -> [Span] {
        counts.enumerated().flatMap { index, figure in
            [
                Span("\(index > 0 ? "  " : "")\(figure.label) ", .textDim),
                Span(Format.count(figure.count), figure.count == 0 ? .textDim : figure.role),
            ]
        }
    }
}
