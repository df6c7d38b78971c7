import ResourceContainer
import ResourceMonitoring

/// The decision when a flight recorder saves by itself. A pure value without a lock, a clock, or a file.
///
/// Findings are computed by a `MonitorReplay` that takes the recorder's own inputs. That is cheaper than another `ResourceMonitor`, which
/// would read and sample the container a second time.
struct FlightWatch: Sendable {
    /// An act of the recorder besides recording.
    enum Act: Sendable, Hashable {
        /// Save everything that is kept.
        case save(FlightReason)
        /// Drop old files.
        case dropOld
    }

    private let saving: FlightSaving
    private var replay: MonitorReplay?
    /// The number of the newest finding that caused a save.
    private var newestFinding: UInt64 = 0
    /// The reason for which a save is due.
    private var pending: FlightReason?
    /// The earliest time of the next save that is not for a close.
    private var nextSave: TimeSource.Instant
    private var nextInterval: TimeSource.Instant?
    private var nextDrop: TimeSource.Instant
    private var isClosing = false
    private var isClosed = false
    /// Whether errors occurred while the container was closing.
    private var hasFailed = false

    /// The shortest time between saves that are not for a close.
    private static let pause = Duration.seconds(60)
    private static let dropInterval = Duration.seconds(3_600)

    init(_ saving: FlightSaving, from snapshot: ContainerSnapshot, rules: FindingRules) {
        self.saving = saving
        self.replay = saving.needsFindings ? MonitorReplay(snapshot, rules: rules) : nil
        self.nextSave = snapshot.time
        self.nextInterval = saving.every.map { snapshot.time + max($0, Self.pause) }
        self.nextDrop = snapshot.time
    }

    /// Takes the input that the recorder has read.
    ///
    /// - Complexity: O(events); with chosen findings also O(active finding subjects).
    mutating func take(_ input: MonitorInput) {
        if self.saving.atFailedClose { self.takeClose(input.batch) }
        self.takeFindings(input)
    }

    /// The act that is due at `time`, if any. Each is returned once.
    mutating func due(at time: TimeSource.Instant) -> Act? {
        if let next = self.nextInterval, let every = self.saving.every, time >= next {
            let step = max(every, Self.pause)
            self.nextInterval = next + step > time ? next + step : time + step
            self.note(.interval)
        }
        if let reason = self.pending, reason == .failedClose || time >= self.nextSave {
            self.pending = nil
            self.nextSave = time + Self.pause
            return .save(reason)
        }
        guard time >= self.nextDrop else { return nil }
        self.nextDrop = time + Self.dropInterval
        return .dropOld
    }

    /// The act that remains when the recorder stops, if any.
    mutating func last() -> Act? {
        self.pending.take().map { .save($0) }
    }

    private mutating func note(_ reason: FlightReason) {
        if self.pending.map({ $0.rank < reason.rank }) ?? true { self.pending = reason }
    }

    // MARK: Findings

    private mutating func takeFindings(_ input: MonitorInput) {
        guard self.replay != nil else { return }
        self.replay?.take(input)
        let new = self.replay?.findings.filter { $0.id > self.newestFinding && self.saving.includes($0) } ?? []
        guard let first = new.min(by: { $0.id < $1.id }) else { return }
        self.newestFinding = new.reduce(self.newestFinding) { max($0, $1.id) }
        self.note(.finding(first.kind))
    }

    // MARK: The close

    private mutating func takeClose(_ batch: EventBatch) {
        if let snapshot = batch.snapshot { self.takeClose(snapshot) }
        for event in batch.events {
            switch event.kind {
            case .scopeClosing where event.scope == .root: self.isClosing = true
            case .disposeThrew, .abandoned: self.hasFailed = self.hasFailed || self.isClosing
            case .scopeClosed where event.scope == .root: self.closed()
            default: break
            }
        }
    }

    /// Continues after missed events. If the container was closing, the errors in its books count as errors of the close.
    private mutating func takeClose(_ snapshot: ContainerSnapshot) {
        let root = snapshot.scopes.first { $0.id == .root }
        if self.isClosed || root?.state == .open { return }
        self.isClosing = true
        if snapshot.books.errors > 0 || snapshot.books.abandoned > 0 { self.hasFailed = true }
        if root == nil { self.closed() }
    }

    private mutating func closed() {
        if self.hasFailed { self.note(.failedClose) }
        (self.isClosing, self.isClosed, self.hasFailed) = (false, true, false)
    }
}
