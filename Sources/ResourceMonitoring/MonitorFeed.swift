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
