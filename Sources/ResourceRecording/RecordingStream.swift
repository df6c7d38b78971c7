import ResourceContainer
import ResourceMonitoring

/// The lines of one recording as bytes: their numbers and times, and when a snapshot is due.
///
/// It is a pure value without a file, a clock, or a container. The same values in the same order give the same bytes.
package struct RecordingStream: Sendable {
    private var encoder = RecordingEncoder()
    /// The time of the last line that belongs to the recording: a header, a snapshot, or an input.
    package private(set) var time = TimeSource.Instant(nanoseconds: 0)
    /// The latest time of a line, including the lines of attached streams.
    private var latest = TimeSource.Instant(nanoseconds: 0)
    /// The numbers of bytes since the last snapshot, and of it.
    private var sincePicture = 0
    private var pictureLength = 0
    private var pictureTime = TimeSource.Instant(nanoseconds: 0)
    private var beginning = TimeSource.Instant(nanoseconds: 0)
    /// The number of the last event that was written.
    private var sequence: UInt64 = 0

    /// A snapshot is due after this multiple of the previous snapshot's length, but at least `pictureLeast` bytes. After a damaged line,
    /// the recording can be shown again from the next snapshot.
    private static let pictureFactor = 4
    private static let pictureLeast = 16 << 10
    /// A snapshot is also due after an eighth of the recorded time, within these limits, if it is small compared to the lines since.
    private static let pictureIntervals = Duration.milliseconds(2500)...Duration.seconds(60)
    private static let smallPicture = 64 << 10

    /// Creates a stream without lines.
    package init() {}

    /// The first line. `time` is the time of the first snapshot.
    ///
    /// - Throws: An error if a threshold of the header's rules is not a finite number.
    package mutating func header(_ header: RecordingHeader, at time: TimeSource.Instant) throws -> [UInt8] {
        let line = try self.encoder.line(header, at: time)
        (self.time, self.latest, self.pictureTime, self.beginning) = (time, time, time, time)
        return line
    }

    /// The line of a snapshot, from which reading can begin or resume; nil if the snapshot is older than the last input.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func picture(_ snapshot: ContainerSnapshot) throws -> [UInt8]? {
        guard snapshot.sequence >= self.sequence else { return nil }
        let time = max(self.latest, snapshot.time)
        let line = try self.encoder.line(snapshot, at: time)
        (self.time, self.latest, self.pictureTime) = (time, time, time)
        self.pictureLength = line.count
        self.sincePicture = 0
        return line
    }

    /// The line of the next input.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func input(_ input: MonitorInput) throws -> [UInt8] {
        let line = try self.encoder.line(input)
        self.time = input.time
        self.latest = max(self.latest, input.time)
        self.sequence = max(self.sequence, input.batch.events.last?.sequence ?? input.batch.snapshot?.sequence ?? 0)
        self.sincePicture += line.count
        return line
    }

    /// The last line, which marks the recording as complete. Its time is ``time``.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func end(_ body: RecordingEnd = RecordingEnd()) throws -> [UInt8] {
        let line = try self.encoder.end(body, at: self.time)
        return line
    }

    /// Whether a snapshot is due, from which reading can resume after damage.
    package var isPictureDue: Bool {
        if self.sincePicture > max(Self.pictureLeast, self.pictureLength * Self.pictureFactor) { return true }
        let (least, most) = (Self.pictureIntervals.lowerBound, Self.pictureIntervals.upperBound)
        let passed = self.time - self.pictureTime
        guard self.pictureLength <= max(Self.smallPicture, self.sincePicture) else { return passed > most }
        return passed > min(most, max(least, (self.time - self.beginning) / 8))
    }

    // MARK: Attached streams

    // These lines change neither `time` nor when a snapshot is due, so that the other lines are those of a recording.

    /// The line of a sign of life.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func beat(_ beat: AttachBeat, at time: TimeSource.Instant) throws -> [UInt8] {
        self.latest = max(self.latest, time)
        let line = try self.encoder.line(beat, at: self.latest)
        return line
    }

    /// The line of an answer to a request.
    ///
    /// - Throws: An error if a figure cannot be written.
    package mutating func answer(_ answer: AttachAnswer, at time: TimeSource.Instant) throws -> [UInt8] {
        self.latest = max(self.latest, time)
        let line = try self.encoder.line(answer, at: self.latest)
        return line
    }

    /// The line of the figures of a monitor.
    ///
    /// - Throws: An error if a figure is not a finite number.
    package mutating func report(_ report: MonitorReport, at time: TimeSource.Instant) throws -> [UInt8] {
        self.latest = max(self.latest, time)
        let line = try self.encoder.line(report, at: self.latest)
        return line
    }
}
