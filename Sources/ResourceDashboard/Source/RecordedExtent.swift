import ResourceContainer

/// The time span of a recording, and the part of it that can be shown.
public struct RecordedExtent: Hashable, Sendable {
    /// The first and the last moment that can be shown.
    public var span: ClosedRange<TimeSource.Instant>
    /// The time of the last line, whether it can be shown or not.
    public var end: TimeSource.Instant
    /// The number of lines that could not be used.
    public var damagedLines: Int
    /// Whether the recording has not ended. Lines that are appended to the file are shown as they arrive.
    public var mayGrow: Bool

    /// Creates an extent. `end` is never before the end of `span`.
    public init(span: ClosedRange<TimeSource.Instant>, end: TimeSource.Instant? = nil, damagedLines: Int = 0, mayGrow: Bool = false) {
        self.span = span
        self.end = max(span.upperBound, end ?? span.upperBound)
        self.damagedLines = damagedLines
        self.mayGrow = mayGrow
    }
}
