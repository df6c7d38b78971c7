import ResourceContainer

/// A position in a recording to move to.
public enum Seek: Hashable, Sendable {
    /// The moment at an instant.
    case to(TimeSource.Instant)
    /// The moment a number of recorded steps after the current one, or before it if negative.
    case by(Int)
    /// The next moment with an error.
    case nextError
}

/// A player of a recording. The dashboard shows the player's current moment.
public protocol DashboardPlayer: Sendable {
    /// The recorded time span. It grows while the recording is being written.
    var extent: RecordedExtent { get }

    /// Returns the picture at the current moment.
    func present() -> Picture

    /// Advances and returns the next picture, at the set speed and at most `rate` times a second.
    ///
    /// At the end of the recording, the call waits until the recording grows, indefinitely if it does not. It returns nil if the task is
    /// canceled or the position is changed by ``seek(_:)`` during the call.
    func next(rate: Int) async -> Picture?

    /// Moves to another position and returns its picture; nil if there is no such position.
    func seek(_ seek: Seek) async -> Picture?

    /// Sets the playback speed as a factor of real time.
    func setSpeed(_ factor: Double)
}
