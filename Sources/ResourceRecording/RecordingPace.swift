import ResourceContainer
import ResourceMonitoring

/// When a recorder writes: at most one line for each step of the 250 ms grid while something happens, and one line a second otherwise.
///
/// It is a pure value, shared by everything that writes lines as they happen, so that their lines are the same.
package struct RecordingPace: Sendable {
    /// The longest time between two lines.
    private static let idle = Duration.seconds(1)

    /// Creates a pace.
    package init() {}

    /// The time at which the next line is due.
    ///
    /// - Parameters:
    ///   - last: The time of the last line.
    ///   - hasNews: Whether an event or activity has happened since then.
    package func due(after last: TimeSource.Instant, hasNews: Bool) -> TimeSource.Instant {
        hasNews ? MonitorTap.nextStep(after: last) : last + Self.idle
    }
}
