import ResourceContainer

/// How far a recording reaches, and what of it can be shown.
public struct RecordedExtent: Hashable, Sendable {
    /// From the first moment that can be shown to the last.
    public var span: ClosedRange<TimeSource.Instant>
    /// When its last line is of, whether that can be shown or not.
    public var end: TimeSource.Instant
    /// How many lines could not be used.
    public var lostLines: Int
    /// Whether it was not ended: what is added to the file is shown as it comes.
    public var mayGrow: Bool

    public init(span: ClosedRange<TimeSource.Instant>, end: TimeSource.Instant? = nil, lostLines: Int = 0, mayGrow: Bool = false) {
        self.span = span
        self.end = max(span.upperBound, end ?? span.upperBound)
        self.lostLines = lostLines
        self.mayGrow = mayGrow
    }
}
