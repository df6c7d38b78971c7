import ResourceContainer
import ResourceDashboard
import Testing

@testable import ResourceDashboardLive

@Suite("The clock of the world")
struct LocalTimeTests {
    /// A world in which the hour changes at Unix time 5,000, and now is `now`.
    private func world(_ now: Int64) -> LocalTime {
        LocalTime(now: { now * 1_000_000_000 }, offset: { $0 < 5_000 ? 3600 : 7200 })
    }

    private func time(_ seconds: Int64) -> TimeSource {
        TimeSource(now: { TimeSource.Instant(nanoseconds: seconds * 1_000_000_000) }) { _, _ in TimeSource.Deadline {} }
    }

    @Test("an hour that changed long before the next look changed at its second all the same")
    func foundLater() {
        var expected = WallClock(originNanoseconds: 4_000_000_000_000, offsetSeconds: 3600)
        _ = expected.read(
            originNanoseconds: 4_000_000_000_000,
            offsetSeconds: 7200,
            at: TimeSource.Instant(nanoseconds: 1_000_000_000_000)
        )
        var clock = WallClock(self.world(4_100), time: self.time(100))
        let isSame = clock.look(self.world(4_200), time: self.time(200), last: TimeSource.Instant(nanoseconds: 100_000_000_000))
        let changes = clock.look(self.world(9_000), time: self.time(5_000), last: TimeSource.Instant(nanoseconds: 200_000_000_000))
        #expect(!isSame)
        #expect(changes)
        #expect(clock == expected)
    }

    @Test("a clock that was set is taken from the look on")
    func set() {
        var clock = WallClock(self.world(4_100), time: self.time(100))
        let changes = clock.look(self.world(4_900), time: self.time(200), last: TimeSource.Instant(nanoseconds: 199_000_000_000))
        #expect(changes)
        #expect(clock.originNanoseconds == 4_700_000_000_000)
    }

    @Test("a name with the time of day in it sorts by time")
    func stamp() {
        let stamp = LocalTime.stamp(1_767_268_800_123_000_000)
        #expect(stamp.count == "20260101-120000-123".count)
        #expect(stamp.hasSuffix("-123"))
        #expect(stamp < LocalTime.stamp(1_767_268_800_124_000_000))
    }
}
