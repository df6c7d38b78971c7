import ResourceContainer

/// One consumer's reading position in a monitor.
///
/// Each update contains the changes since the feed's previous update. A feed is for one consumer at a time.
public final class MonitorFeed: Sendable {
    private let monitor: ResourceMonitor
    private let position = Lock(Position())

    /// A consumer's reading position.
    struct Position: Sendable {
        /// The last change delivered; nil before the first update.
        var change: UInt64?
        /// The sequence number of the last event delivered.
        var sequence: UInt64 = 0
        /// The monitor's counts of missed and of taken events at that time.
        var missed: UInt64 = 0
        var taken: UInt64 = 0
        /// The last second of history delivered.
        var second: Int64?
    }

    init(_ monitor: ResourceMonitor) {
        self.monitor = monitor
    }

    /// Returns an update with everything that changed since the previous one. Does not wait.
    ///
    /// - Complexity: O(changes); O(container) for the first update and after missed events.
    public func next() -> MonitorUpdate {
        // Outside the lock: sampling pools may run application code. A feed has one consumer, so no update is lost.
        var position = self.position.withLock { $0 }
        let update = self.monitor.update(&position)
        self.position.withLock { [position] in $0 = position }
        return update
    }

    /// Whether the monitor has changes that this consumer has not received.
    var isBehind: Bool {
        self.monitor.isAhead(of: self.position.withLock { $0 })
    }
}

extension MonitorCore {
    /// The update that moves a consumer from `position` to the present.
    func update(from position: inout MonitorFeed.Position, at time: TimeSource.Instant) -> MonitorUpdate {
        let ledger = self.ledger
        let oldest = max(ledger.resetAt, ledger.scopes.forgotten, ledger.resources.forgotten)
        let seen = position.change.flatMap { $0 >= oldest ? $0 : nil }
        let events = ledger.recentEvents.filter { $0.sequence > position.sequence }
        // Two causes of missed events: the monitor did not receive them, or it no longer keeps them.
        let lost = self.missed.subtractingSaturated(position.missed)
        let dropped = ledger.taken.subtractingSaturated(position.taken).subtractingSaturated(UInt64(events.count))
        var update = MonitorUpdate(
            sequence: ledger.sequence,
            time: time,
            isReset: seen == nil,
            missed: position.change == nil ? 0 : lost.addingSaturated(dropped),
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
        update.history = ledger.activity.points(after: seen == nil ? nil : position.second)
        update.events = Array(events)
        position.change = ledger.change
        position.sequence = ledger.sequence
        position.missed = self.missed
        position.taken = ledger.taken
        position.second = ledger.activity.points.last?.second ?? position.second
        return update
    }
}

extension MonitorLedger.ScopeFigures {
    /// The row with current statistics.
    var updated: ScopeRow {
        var row = self.row
        row.lifetimes = self.lifetimes.summary
        return row
    }
}

extension MonitorLedger.BindingFigures {
    /// The row with current statistics.
    var updated: BindingRow {
        var row = self.row
        row.lifetimes = self.lifetimes.summary
        row.initialize = self.initialize.summary
        row.dispose = self.dispose.summary
        return row
    }
}
