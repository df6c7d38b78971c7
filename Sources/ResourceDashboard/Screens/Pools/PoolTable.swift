import ResourceContainer
import ResourceMonitoring

/// The table of pools.
enum PoolTable {
    /// The span of the column SHAPE.
    private static let shapeSpan = ChartSpan.minute

    static func columns() -> [TableColumn] {
        func column(
            _ column: PoolColumn,
            _ help: String,
            _ width: TableColumn.Width = .content(),
            alignment: DisplayText.Alignment = .right,
            priority: Int = 0
        ) -> TableColumn {
            TableColumn(column.title, help, width, alignment: alignment, priority: priority, sort: column.rawValue)
        }
        return [
            column(.name, "the name of the pool", .content(minimum: 8), alignment: .left),
            column(
                .use,
                "leased, idle and free items; sorted by leases and waiters as a share of the maximum",
                .flexible(minimum: 8),
                alignment: .left
            ),
            column(.leased, "the number of leased items"),
            column(.idle, "the number of idle items", priority: 8),
            column(.minimum, "the number of items that the pool maintains", priority: 9),
            column(.maximum, "the maximum number of items", priority: 5),
            column(.waiting, "the number of waiters"),
            column(.longestWait, "the longest time that an acquisition has waited", priority: 2),
            column(.p50, "the time to acquire that 50 of 100 acquisitions do not exceed", priority: 7),
            column(.p95, "the time to acquire that 95 of 100 acquisitions do not exceed", priority: 1),
            column(.p99, "the time to acquire that 99 of 100 acquisitions do not exceed", priority: 6),
            column(.timedOut, "the number of acquisitions that timed out", priority: 3),
            column(.leaked, "the number of leases that are held too long, or by a closed scope", priority: 4),
            TableColumn("SHAPE", "the leased items over the last minute, the newest at the right", priority: 10, appearsFrom: 136),
        ]
    }

    static func cells(_ pool: PoolSample, _ context: ScreenContext, _ glyphs: GlyphSet) -> [TableCell] {
        let gauge = Gauge(pool)
        func count(_ value: Int, _ role: Role = .text) -> TableCell { .text(Format.brief(value), value > 0 ? role : .textDim) }
        func wait(_ value: Duration) -> TableCell {
            guard pool.waits.total > 0 else { return .text(glyphs[.dash], .textDim) }
            return .text(Format.duration(value), value > .zero ? .text : .textDim)
        }
        return [
            .text(context.picture.name(of: pool)),
            .drawing(width: 12, text: { gauge.text }) { painter, rect in painter.draw(gauge, in: rect) },
            count(pool.leased, gauge.load.role(normal: .text)), count(pool.idle), .text(Format.brief(pool.minimum), .textDim),
            .text(Format.brief(pool.maximum), .textDim), count(pool.waiting, gauge.load == .exhausted ? .stateFailed : .healthDegraded),
            wait(pool.longestWait), wait(pool.waitQuantile(0.5)), wait(pool.waitQuantile(0.95)), wait(pool.waitQuantile(0.99)),
            count(pool.timedOut, .stateFailed), count(pool.leaked, .stateFailed),
            .drawing(width: 30, text: { "" }) { painter, rect in Self.shape(pool, context, &painter, rect) },
        ]
    }

    private static func shape(_ pool: PoolSample, _ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let points = context.points(of: pool, Self.shapeSpan)
        func stretched(_ value: (PoolPoint) -> Int) -> [Double?] {
            ChartSpan.stretched(points.map { $0.map { Double(value($0)) } }, slots: Self.shapeSpan.rawValue, to: rect.width)
        }
        painter.sparkline(stretched(\.leased), waiting: stretched(\.waiting), limit: Double(pool.maximum), in: rect)
    }
}
