import ResourceContainer

/// Where to go in a recording.
public enum Seek: Hashable, Sendable {
    case to(TimeSource.Instant)
    /// By so many steps of what was recorded, back if negative.
    case by(Int)
    /// To the next moment with an error.
    case nextError
}

/// Plays a recording: the dashboard shows the moment that it stands at.
public protocol DashboardPlayer: Sendable {
    /// How far it reaches; more, while it grows.
    var extent: RecordedExtent { get }

    /// The moment that it stands at.
    func present() -> Picture

    /// The next picture, `rate` a second at the pace that was set; at the end waits until it
    /// has grown, for ever if it does not. Nil if the task was cancelled, or if somebody
    /// went elsewhere meanwhile.
    func next(rate: Int) async -> Picture?

    /// Goes elsewhere; nil if there is nothing to go to.
    func seek(_ seek: Seek) async -> Picture?

    /// Plays so many times as fast as it happened.
    func setSpeed(_ factor: Double)
}
