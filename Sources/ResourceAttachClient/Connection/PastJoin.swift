import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// The joining of the past that a server keeps to the updates that were handed out since the past was requested. A pure value.
///
/// The past ends at the last input before the request, and the first update after the request is a whole picture. A consumer that takes the
/// past and these updates in order has the same figures as one that had the past from the beginning.
struct PastJoin: Sendable {
    /// The last event of the past, and its time.
    let end: AttachedPast.End
    /// The past; nil until it is loaded.
    var past: [MonitorUpdate]?
    /// The updates since the request, oldest first.
    private(set) var updates: [MonitorUpdate] = []
    /// The gaps that were handed out since the request, oldest first.
    private var gaps: [TimeGap] = []

    /// The largest number of updates that wait for the past.
    private static let limit = 1_000
    /// The longest time between two inputs of a past without a gap.
    private static let longestStep = Duration.seconds(2)

    /// Creates a join without a past.
    init(_ end: AttachedPast.End) {
        self.end = end
    }

    /// Whether the past is not joined anymore, because more updates would have to be kept.
    var isOverdue: Bool { self.updates.count >= Self.limit }

    /// An update was handed out.
    mutating func note(_ update: MonitorUpdate) {
        self.updates.append(update)
    }

    /// Gaps were handed out.
    mutating func note(_ gaps: [TimeGap]) {
        self.gaps += gaps
    }

    /// The span between the past and its end that was not loaded; nil if everything was.
    var gap: TimeGap? {
        guard let last = self.past?.last, self.end.time - last.time > Self.longestStep else { return nil }
        return TimeGap(from: last.time, to: self.end.time, reason: "the past is loaded in part only")
    }

    /// The past and the updates since, which replace everything that a consumer has taken before `update`, and the gaps in them. Nil if the
    /// past is not loaded, or `update` is not an update that follows the whole picture.
    func joined(before update: MonitorUpdate) -> (updates: [MonitorUpdate], gaps: [TimeGap])? {
        guard let past, let last = past.last, self.updates.count > 1, let newest = self.updates.last,
            newest.time == update.time, newest.sequence == update.sequence
        else { return nil }
        var updates = Array(self.updates.dropLast())
        updates[0] = updates[0].following(last.sequence)
        return (past + updates, (self.gap.map { [$0] } ?? []) + self.gaps)
    }
}

extension MonitorUpdate {
    /// This whole picture for a consumer that has received everything up to the event with the number `sequence`: with later events only,
    /// and with the number of those that are not known.
    func following(_ sequence: UInt64) -> MonitorUpdate {
        var update = self
        update.events.removeAll { $0.sequence <= sequence }
        let passed = update.sequence.subtractingSaturated(sequence)
        update.missed = passed.subtractingSaturated(UInt64(update.events.count))
        return update
    }
}
