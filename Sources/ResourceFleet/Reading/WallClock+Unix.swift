import ResourceContainer
import ResourceDashboard

extension WallClock {
    /// Returns an instant in seconds since 1970, by the last reading of the clock.
    package func unixSeconds(_ instant: TimeSource.Instant) -> Double {
        Double(self.originNanoseconds &+ instant.nanoseconds) / 1e9
    }
}
