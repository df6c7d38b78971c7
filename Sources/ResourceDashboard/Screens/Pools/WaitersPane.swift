import ResourceContainer

/// A waiter for an item of the selected pool.
struct WaiterRow: Identifiable, Sendable {
    /// The acquisition. Equal ones, which started at the same instant at the same source location, are numbered.
    struct ID: Hashable, Sendable {
        var pool: ResourceID
        var waiter: PoolSample.Waiter
        var number: Int
    }

    var id: ID
    /// The position in the queue, from 1.
    var position: Int
    var waiter: PoolSample.Waiter { self.id.waiter }

    static func rows(of row: PoolsScreen.Row) -> [WaiterRow] {
        var equal: [PoolSample.Waiter: Int] = [:]
        return row.pool.waiters.enumerated().map { index, waiter in
            let number = equal[waiter, default: 0]
            equal[waiter] = number + 1
            return WaiterRow(id: ID(pool: row.id, waiter: waiter, number: number), position: index + 1)
        }
    }

    static let columns = [
        TableColumn("#", "the position in the queue", alignment: .right, priority: 3),
        TableColumn("WAITED", "the time since the acquisition started", alignment: .right),
        TableColumn("LEFT", "the time until the acquisition times out", alignment: .right, priority: 2),
        TableColumn("SCOPE", "the requesting scope", .content(minimum: 6)),
        TableColumn("AT", "the source location of the acquisition", .flexible(minimum: 8)),
    ]

    func cells(_ context: ScreenContext, _ glyphs: GlyphSet) -> [TableCell] {
        let time = context.picture.time
        let scope = self.waiter.scope.map { context.picture.scopeName($0) }
        return [
            .text("\(self.position)", .textDim), .text(Format.duration(self.waited(at: time)), .healthDegraded),
            .text(Format.duration(max(.zero, self.waiter.deadline - time)), .textDim),
            .text(scope ?? glyphs[.dash], scope == nil ? .textDim : .text), .location({ "\(self.waiter.location)" }, .textDim),
        ]
    }

    /// Returns the waiter as text.
    func text(_ context: ScreenContext) -> String {
        let time = context.picture.time
        let scope = self.waiter.scope.map { "in \(context.picture.scopeName($0))" } ?? "outside of any scope"
        let left = Format.duration(max(.zero, self.waiter.deadline - time))
        return "waits \(scope) for \(Format.duration(self.waited(at: time))), \(left) left, requested at \(self.waiter.location)"
    }

    func waited(at time: TimeSource.Instant) -> Duration {
        max(.zero, time - self.waiter.since)
    }
}

extension Filter {
    /// Whether a waiter passes.
    func passes(_ row: WaiterRow, _ moment: PoolMoment) -> Bool {
        let scope = row.waiter.scope.map { moment.name($0) }
        return self.passes(text: "\(scope ?? "") \(row.waiter.location)") { field in
            switch field {
            case .scope, .name: .texts([scope ?? ""])
            case .life: .number(row.waited(at: moment.time).inSeconds)
            case .type, .state, .err, .health, .tag, .id, .uses, .level, .what, .outcome: nil
            }
        }
    }
}
