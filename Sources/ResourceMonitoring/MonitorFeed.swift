import ResourceContainer

/// One consumer's place in what a monitor knows: each update carries what changed since the one before.
public final class MonitorFeed: Sendable {
    private let monitor: ResourceMonitor
    private let place = Lock(Place())

    /// How far a consumer has read.
    struct Place: Sendable {
        /// The last change it was told of; nil before the first update.
        var change: UInt64?
        /// The last event it was told of.
        var sequence: UInt64 = 0
        /// The last time its monitor lost events.
        var missed: UInt64 = 0
    }

    init(_ monitor: ResourceMonitor) {
        self.monitor = monitor
    }

    /// The update of this moment, made at once. O(what changed), or O(everything) for the first one and after a gap.
    public func next() -> MonitorUpdate {
        self.place.withLock { self.monitor.update(&$0) }
    }

    /// Whether the monitor already knows something this consumer was not told.
    var isBehind: Bool {
        self.place.withLock { self.monitor.isAhead(of: $0) }
    }
}

extension MonitorLedger {
    /// The update that brings a consumer from `place` to now.
    mutating func update(from place: inout MonitorFeed.Place, missed: UInt64, pools: [PoolSample], at time: TimeSource.Instant)
        -> MonitorUpdate
    {
        let firstLogged = self.change - UInt64(self.changes.count)
        let isReset = place.change.map { $0 < firstLogged } ?? true
        var update = MonitorUpdate(
            sequence: self.sequence,
            time: time,
            isReset: isReset,
            missed: place.change == nil ? 0 : missed - place.missed,
            container: self.container,
            totals: self.totals(at: time)
        )
        update.pools = pools
        if isReset {
            update.bindings = self.bindings.map(\.row.updated)
            update.scopes = self.scopes.values.map(\.row.updated).filter { $0.scope.state != .closed }.sorted { $0.scope.id < $1.scope.id }
            update.resources = self.resources.values.map(\.row).filter(\.resource.state.isActive).sorted { $0.resource.id < $1.resource.id }
        } else if let seen = place.change {
            self.collect(into: &update, after: seen, firstLogged: firstLogged)
        }
        update.events = self.recentEvents.filter { $0.sequence > place.sequence }
        place = MonitorFeed.Place(change: self.change, sequence: self.sequence, missed: missed)
        return update
    }

    /// Adds the rows changed after change `seen`, each once, in the order of their last change.
    private func collect(into update: inout MonitorUpdate, after seen: UInt64, firstLogged: UInt64) {
        for (offset, id) in self.changes.dropFirst(Int(seen - firstLogged)).enumerated() {
            let number = seen + 1 + UInt64(offset)
            switch id {
            case .binding(let id):
                if self.bindings[id.rawValue].change == number { update.bindings.append(self.bindings[id.rawValue].row.updated) }
            case .scope(let id):
                if let entry = self.scopes[id], entry.change == number { update.scopes.append(entry.row.updated) }
            case .resource(let id):
                if let entry = self.resources[id], entry.change == number { update.resources.append(entry.row) }
            }
        }
    }
}

extension MonitorLedger.ScopeFigures {
    /// The row with its statistics of now.
    var updated: ScopeRow {
        var row = self.row
        row.lifetimes = self.lifetimes.summary
        return row
    }
}

extension MonitorLedger.BindingFigures {
    /// The row with its statistics of now.
    var updated: BindingRow {
        var row = self.row
        row.lifetimes = self.lifetimes.summary
        row.initialise = self.initialise.summary
        row.dispose = self.dispose.summary
        return row
    }
}
