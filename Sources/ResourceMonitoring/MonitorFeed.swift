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
        /// How many events its monitor had lost then, and how many it had taken.
        var missed: UInt64 = 0
        var taken: UInt64 = 0
        /// The last second of history it was told of.
        var second: Int64?
    }

    init(_ monitor: ResourceMonitor) {
        self.monitor = monitor
    }

    /// The update of this moment, made at once. O(what changed), or O(everything) for the first one and after a gap.
    public func next() -> MonitorUpdate {
        // Not under the lock: the monitor asks the pools, of which some may be a user's own. There is one consumer.
        var place = self.place.withLock { $0 }
        let update = self.monitor.update(&place)
        self.place.withLock { [place] in $0 = place }
        return update
    }

    /// Whether the monitor already knows something this consumer was not told.
    var isBehind: Bool {
        self.monitor.isAhead(of: self.place.withLock { $0 })
    }
}

extension MonitorCore {
    /// The update that brings a consumer from `place` to now.
    func update(from place: inout MonitorFeed.Place, at time: TimeSource.Instant) -> MonitorUpdate {
        let ledger = self.ledger
        let oldest = max(ledger.resetAt, ledger.scopes.forgotten, ledger.resources.forgotten)
        let seen = place.change.flatMap { $0 >= oldest ? $0 : nil }
        let events = ledger.recentEvents.filter { $0.sequence > place.sequence }
        // What this consumer does not get has two causes: the monitor lost it, or took it and keeps the line no longer.
        let lost = self.missed.subtractingSaturated(place.missed)
        let dropped = ledger.taken.subtractingSaturated(place.taken).subtractingSaturated(UInt64(events.count))
        var update = MonitorUpdate(
            sequence: ledger.sequence,
            time: time,
            isReset: seen == nil,
            missed: place.change == nil ? 0 : lost.addingSaturated(dropped),
            container: ledger.container,
            totals: ledger.totals
        )
        update.sampledAt = self.sampledAt
        update.pools = self.pools
        update.health = self.health
        update.findings = self.findings.table.active
        update.withdrawnFindings = self.findings.table.withdrawn
        update.suppressedFindings = self.findings.table.suppressed
        if let seen {
            update.bindings = ledger.bindings.filter { $0.change > seen }.map(\.updated)
            update.scopes = ledger.scopes.changed(after: seen).map(\.updated)
            update.resources = ledger.resources.changed(after: seen)
        } else {
            update.bindings = ledger.bindings.map(\.updated)
            update.scopes = ledger.scopes.rows.filter { $0.row.scope.state != .closed }.map(\.updated).sorted { $0.scope.id < $1.scope.id }
            update.resources = ledger.resources.rows.filter(\.resource.state.isActive).sorted { $0.resource.id < $1.resource.id }
        }
        update.history = ledger.activity.points(after: seen == nil ? nil : place.second)
        update.events = Array(events)
        place.change = ledger.change
        place.sequence = ledger.sequence
        place.missed = self.missed
        place.taken = ledger.taken
        place.second = ledger.activity.points.last?.second ?? place.second
        return update
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
