import ResourceContainer

/// A pool of the overview.
struct OverviewPool: Identifiable, Sendable {
    struct ID: Hashable, Sendable {
        var resource: ResourceID?
        var name: String
    }

    var pool: PoolSample
    var id: ID { ID(resource: self.pool.resource, name: self.pool.name) }

    /// Returns the pools of a picture: those with waiters first, and otherwise in the order of the picture.
    static func all(in picture: Picture) -> [OverviewPool] {
        (picture.pools.filter { $0.waiting > 0 } + picture.pools.filter { $0.waiting <= 0 }).map { OverviewPool(pool: $0) }
    }

    /// Returns the pool as a line of text.
    func text(_ picture: Picture) -> String {
        let pool = self.pool
        let wait = pool.longestWait > .zero ? ", max wait \(Format.duration(pool.longestWait))" : ""
        return "\(picture.name(of: pool)): \(pool.leased) of \(pool.maximum) leased, \(pool.idle) idle, \(pool.waiting) waiting\(wait)"
    }
}

extension OverviewScreen {
    func drawPools(_ context: ScreenContext, _ painter: inout Painter, _ rect: Rect) {
        let title = self.title(.pools, count: context.picture.pools.count)
        let inside = self.frame(.pools, title, &painter, rect)
        if self.pools.count > 0 { painter.trailing(Gauge.legend(painter.glyphs), on: rect, beside: title) }
        self.drawRows(of: .pools, context, &painter, inside)
    }

    func poolTable(_ context: ScreenContext, _ glyphs: GlyphSet) -> Table {
        let columns = [
            TableColumn("POOL", "the pool", .content(minimum: 8)),
            TableColumn("USE", "the leased, idle and free items", .flexible(minimum: 6)),
            TableColumn("LEASED", "the number of leased items, and the maximum", alignment: .right),
            TableColumn("WAITING", "the number of acquisitions that wait", alignment: .right),
            TableColumn("MAX WAIT", "the longest time that an acquisition has waited", alignment: .right, priority: 1),
        ]
        return Table(columns, count: self.pools.count, empty: "no pool is ready") { index in
            let pool = self.pools.rows[index].pool
            let (gauge, load) = (Gauge(pool), Load(pool))
            return [
                .text(context.picture.name(of: pool)),
                .drawing(width: max(6, min(40, pool.maximum + 2)), text: { gauge.text }) { painter, rect in painter.draw(gauge, in: rect) },
                .text(gauge.text, pool.leased == 0 ? .textDim : load.role(normal: .text)),
                .text(
                    Format.count(pool.waiting),
                    pool.waiting == 0 ? .textDim : load == .exhausted ? load.role(normal: .text) : .healthDegraded
                ),
                .text(pool.longestWait > .zero ? Format.duration(pool.longestWait) : glyphs[.dash], .textDim),
            ]
        }
    }
}
