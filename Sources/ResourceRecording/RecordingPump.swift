import ResourceContainer
import ResourceMonitoring

/// A container as the lines of a recording, one turn at a time.
///
/// It subscribes to the container and is for one consumer. The lines are those that a ``Recorder`` would write at the same times, apart from
/// the lines of attached streams. It costs nothing between turns.
package struct RecordingPump: Sendable {
    private let container: Container
    private let header: RecordingHeader
    private(set) var tap: MonitorTap
    private var stream = RecordingStream()

    /// Subscribes to a container. The header's container name is set to the container's.
    ///
    /// - Parameter shared: A snapshot that was taken for another consumer. The recording begins with it if the events after it are still kept.
    package init(_ container: Container, header: RecordingHeader, continuing shared: ContainerSnapshot? = nil) {
        self.container = container
        self.tap = MonitorTap(container, continuing: shared)
        var header = header
        header.container = self.tap.snapshot.container
        self.header = header
    }

    /// The snapshot in the lines of the last turn; nil if there was none.
    private var turnSnapshot: ContainerSnapshot?

    /// Removes and returns the snapshot in the lines of ``begin()`` or of the last turn; nil if there was none.
    package mutating func takeSnapshot() -> ContainerSnapshot? {
        self.turnSnapshot.take()
    }

    /// Whether an event or activity has happened since the last turn. O(1).
    package var hasNews: Bool { self.tap.hasNews }

    /// Whether the next turn takes samples, for which the caller samples the pools. O(1).
    package var isDue: Bool { self.tap.isDue }

    /// Whether the next turn reports missed events and takes a snapshot. O(1).
    package var wouldMiss: Bool { self.tap.wouldMiss }

    /// The header line and the line of the snapshot that the first turn follows. Call it once.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func begin() throws -> [UInt8] {
        let snapshot = self.tap.snapshot
        let header = try self.stream.header(self.header, at: snapshot.time)
        let picture = try self.stream.picture(snapshot) ?? []
        self.tap.releaseSnapshot()
        self.turnSnapshot = snapshot
        return header + picture
    }

    /// The line of everything that has happened since the last turn, and the line of a snapshot if one is due.
    ///
    /// A due snapshot samples the pools, which may be application code, so the caller holds no lock.
    ///
    /// - Parameters:
    ///   - pools: The samples of the pools, if ``isDue``; nil takes no samples.
    ///   - shared: A snapshot that was taken for another consumer, with which the recording continues after missed events.
    ///   - mayTakeSnapshot: Whether a due snapshot is taken in this turn. If not, it is taken in a later one. After missed events, a turn
    ///     takes a snapshot in any case.
    /// - Complexity: O(events); in addition O(container) if a snapshot is taken.
    /// - Throws: An error if a figure cannot be written.
    package mutating func turn(
        pools: [PoolSample]?,
        continuing shared: ContainerSnapshot? = nil,
        mayTakeSnapshot: Bool = true
    ) throws -> [UInt8] {
        let input = self.tap.next(pools: pools, continuing: shared)
        self.turnSnapshot = input.batch.snapshot
        let lines = try self.stream.input(input)
        guard mayTakeSnapshot, self.stream.isPictureDue else { return lines }
        let snapshot = self.container.snapshot()
        self.turnSnapshot = snapshot
        return lines + (try self.stream.picture(snapshot) ?? [])
    }

    /// The end line.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func end(_ body: RecordingEnd = RecordingEnd()) throws -> [UInt8] {
        try self.stream.end(body)
    }

    // MARK: Attached streams

    /// The line of a sign of life.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func beat(_ beat: AttachBeat, at time: TimeSource.Instant) throws -> [UInt8] {
        try self.stream.beat(beat, at: time)
    }

    /// The line of an answer to a request.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func answer(_ answer: AttachAnswer, at time: TimeSource.Instant) throws -> [UInt8] {
        try self.stream.answer(answer, at: time)
    }

    /// The line of the figures of a monitor.
    ///
    /// - Throws: An error if a figure is not a finite number.
    package mutating func report(_ report: MonitorReport, at time: TimeSource.Instant) throws -> [UInt8] {
        try self.stream.report(report, at: time)
    }
}
