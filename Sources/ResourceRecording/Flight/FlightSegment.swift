import ResourceContainer

/// A part of the lines that a flight recorder keeps: a snapshot, and the inputs after it.
///
/// The lines after a snapshot are written in full, so a recording can begin with any segment.
struct FlightSegment: Sendable {
    /// The number of the segment since the recorder was created.
    let number: UInt64
    /// The time of the snapshot.
    let beginning: TimeSource.Instant
    /// The length of the snapshot's line, in bytes.
    let pictureLength: Int
    /// The length of the inputs' lines, in bytes.
    private(set) var inputLength = 0
    /// The snapshot and the inputs, in order.
    private(set) var lines: [FlightLine]
    /// The approximate memory of all lines, in bytes.
    private(set) var weight: Int

    /// Creates a segment that begins with `picture`, the line of a snapshot.
    init(number: UInt64, picture: FlightLine) {
        self.number = number
        self.beginning = picture.time
        self.pictureLength = picture.length
        self.lines = [picture]
        self.weight = picture.weight
    }

    /// Adds the line of an input.
    mutating func append(_ input: FlightLine) {
        self.inputLength += input.length
        self.lines.append(input)
        self.weight += input.weight
    }
}
