import ResourceContainer
import ResourceDashboard
import Testing

@testable import ResourceDashboardLive

@Suite("Local time")
struct LocalTimeTests {
    /// A local time whose UTC offset changes at Unix time 5,000 s. The current time is `now` in seconds.
    private func world(_ now: Int64) -> LocalTime {
        LocalTime(now: { now * 1_000_000_000 }, offset: { $0 < 5_000 ? 3600 : 7200 })
    }

    private func time(_ seconds: Int64) -> TimeSource {
        TimeSource(now: { TimeSource.Instant(nanoseconds: seconds * 1_000_000_000) }) { _, _ in TimeSource.Deadline {} }
    }

    @Test("An offset change found late is dated to the second at which it happened.")
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

    @Test("A clock that was set applies from the reading that detects it.")
    func clockIsSet() {
        var clock = WallClock(self.world(4_100), time: self.time(100))
        let changes = clock.look(self.world(4_900), time: self.time(200), last: TimeSource.Instant(nanoseconds: 199_000_000_000))
        #expect(changes)
        #expect(clock.originNanoseconds == 4_700_000_000_000)
    }

    @Test("File name stamps sort by time.")
    func stamp() {
        let stamp = LocalTime.stamp(1_767_268_800_123_000_000)
        #expect(stamp.count == "20260101-120000-123".count)
        #expect(stamp.hasSuffix("-123"))
        #expect(stamp < LocalTime.stamp(1_767_268_800_124_000_000))
    }
}
