import ResourceContainer

/// A holder of an item of the selected pool.
struct HolderRow: Identifiable, Sendable {
    /// The lease: a slot has one lease at a time.
    struct ID: Hashable, Sendable {
        var pool: ResourceID
        var slot: Int
        var since: TimeSource.Instant
    }

    var id: ID
    var holder: PoolSample.Holder

    static func rows(of row: PoolsScreen.Row) -> [HolderRow] {
        row.pool.holders.map { HolderRow(id: ID(pool: row.id, slot: $0.slot, since: $0.since), holder: $0) }
    }

    static let columns = [
        TableColumn("ITEM", "the slot of the item in its pool"),
        TableColumn("HELD", "the time since the item was leased", alignment: .right),
        TableColumn("ACQUIRED", "the time of day when the item was leased", priority: 1, appearsFrom: 64),
        TableColumn("SCOPE", "the scope that acquired the lease", .content(minimum: 6)),
        TableColumn("LEASED AT", "the source location that acquired the lease", .flexible(minimum: 12)),
    ]

    func cells(_ context: ScreenContext, _ glyphs: GlyphSet) -> [TableCell] {
        let scope = self.holder.scope.map { context.picture.scopeName($0) }
        return [
            .text("#\(self.holder.slot)", .textDim), .text(Format.duration(self.held(at: context.picture.time))),
            .text(context.clock.preciseTime(self.holder.since), .textDim), .text(scope ?? glyphs[.dash], scope == nil ? .textDim : .text),
            .location({ "\(self.holder.location)" }, .textDim),
        ]
    }

    /// Returns the holder as text.
    func text(_ context: ScreenContext) -> String {
        let scope = self.holder.scope.map { "in \(context.picture.scopeName($0))" } ?? "outside of any scope"
        return "leased for \(Format.duration(self.held(at: context.picture.time))) \(scope) at \(self.holder.location)"
    }

    func held(at time: TimeSource.Instant) -> Duration {
        max(.zero, time - self.holder.since)
    }
}

extension Filter {
    /// Whether a holder passes.
    func passes(_ row: HolderRow, _ moment: PoolMoment) -> Bool {
        let scope = row.holder.scope.map { moment.name($0) }
        return self.passes(text: "\(scope ?? "") \(row.holder.location)") { field in
            switch field {
            case .scope, .name: .texts([scope ?? ""])
            case .life: .number(row.held(at: moment.time).inSeconds)
            case .id: .texts(["\(row.holder.slot)", "#\(row.holder.slot)"])
            case .type, .state, .err, .health, .tag, .uses, .level, .what, .outcome: nil
            }
        }
    }
}
