/// A sign of life of a server, about once a second: how late the process runs tasks, how far back its past reaches and, in the mode `summary`,
/// its figures.
public struct AttachBeat: Sendable, Hashable, Codable {
    /// The delay in nanoseconds with which an empty task last ran; nil before the first one ran, and while one is late.
    public var lagNanoseconds: Int64?
    /// The time in nanoseconds for which an empty task has waited to run; nil if none waits.
    public var waitingNanoseconds: Int64?
    /// The length of the past that the flight recorder keeps at this moment, in nanoseconds; nil without a flight recorder.
    public var pastNanoseconds: Int64?
    /// The figures of the container, in the mode `summary`.
    public var summary: AttachSummary?

    /// Creates a beat.
    public init(
        lagNanoseconds: Int64? = nil,
        waitingNanoseconds: Int64? = nil,
        pastNanoseconds: Int64? = nil,
        summary: AttachSummary? = nil
    ) {
        self.lagNanoseconds = lagNanoseconds
        self.waitingNanoseconds = waitingNanoseconds
        self.pastNanoseconds = pastNanoseconds
        self.summary = summary
    }
}
