import ResourceContainer
import ResourceMonitoring

/// A chart of the leases and waiters of a pool over time, and the durations of its leases and item creations.
struct UsePane {
    private let pool: PoolSample
    private let chart: Chart

    init(_ pool: PoolSample, _ context: ScreenContext) {
        let points = context.points(of: pool, context.span)
        let demand = points.reduce(0.0) { max($0, Double($1?.leased ?? 0) + Double($1?.waiting ?? 0)) }
        let series = points.map { $0.map { Double($0.leased) } }
        var chart = Chart(series, slots: context.span.rawValue, maximum: max(1, Double(pool.maximum), demand))
        chart.overlay = points.map { $0.map { Double($0.waiting) } }
        chart.limit = Double(pool.maximum)
        chart.span = context.span
        chart.ticks = Chart.ticks(context, context.span)
        self.pool = pool
        self.chart = chart
    }

    /// Returns the explanations of the chart, each sign in its color: with the ticks of its axis, and without.
    func legends(_ glyphs: GlyphSet) -> [[Span]] {
        let ticks = self.chart.legend(glyphs)
        let series = [
            Span("\(glyphs[.used]) leased", self.chart.role), Span("  "), Span("\(glyphs[.used]) waiting", .healthDegraded), Span("  "),
            Span("\(glyphs[.dashed]) max", .textDim),
        ]
        return (ticks.isEmpty ? [] : [series + [Span("  ")] + ticks]) + [series]
    }

    func draw(_ painter: inout Painter, _ rect: Rect) {
        let lines = self.lines
        let shown = max(0, min(lines.count, rect.height - 6))
        let plot = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - shown)
        painter.draw(self.chart, in: plot)
        painter.lines(
            Array(lines.prefix(shown)),
            in: Rect(x: rect.x, y: plot.y + plot.height, width: rect.width, height: shown)
        )
    }

    private var lines: [[Span]] {
        let pool = self.pool
        return [
            Self.summary("held   ", pool.holds, "lease", "leases"), Self.summary("created", pool.creations, "item", "items"),
            Span.figures([
                ("exhausted", pool.exhausted, .stateFailed), ("dropped", pool.dropped, .healthDegraded), ("lost", pool.lost, .stateFailed),
                ("failed", pool.failed, .stateFailed),
            ]),
        ]
    }

    private static func summary(_ name: String, _ buckets: DurationBuckets, _ one: String, _ many: String) -> [Span] {
        guard buckets.total > 0 else { return [Span("\(name) none yet", .textDim)] }
        let parts = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)].flatMap { label, part in
            [Span(" \(label) ", .textDim), Span.duration(buckets.quantile(part)), Span(" ")]
        }
        return [Span(name, .textDim)] + parts + [Span(" of \(Format.count(buckets.total)) \(buckets.total == 1 ? one : many)", .textDim)]
    }
}

extension ScreenContext {
    /// Returns the points of a pool's history within a span, oldest first; nil for a second in which the pool was not sampled.
    func points(of pool: PoolSample, _ span: ChartSpan) -> [PoolPoint?] {
        self.picture.history.suffix(span.rawValue).map { point -> PoolPoint? in
            self.gaps.cover(point) ? nil : point.pools.first { $0.resource == pool.resource }
        }
    }
}
