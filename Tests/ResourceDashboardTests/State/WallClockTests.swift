import ResourceContainer
import Testing

@testable import ResourceDashboard

@Suite("Wall clock")
struct WallClockTests {
    private func instant(_ seconds: Int64) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: seconds * 1_000_000_000)
    }

    /// 2026-03-29T00:59:56Z, four seconds before the UTC offset changes in Berlin.
    private static let beforeChange: Int64 = 1_774_745_996_000_000_000

    @Test("After a change of the UTC offset, later times use the new offset and earlier times the old one.")
    func hourChanges() {
        var clock = WallClock(originNanoseconds: Self.beforeChange, offsetSeconds: 3600)
        let isAdjusted = clock.read(originNanoseconds: Self.beforeChange, offsetSeconds: 3600, at: self.instant(2))
        let other = clock.read(originNanoseconds: Self.beforeChange, offsetSeconds: 7200, at: self.instant(4))
        #expect(!isAdjusted)
        #expect(other)
        #expect(clock.time(self.instant(3)) == "01:59:59")
        #expect(clock.time(self.instant(9)) == "03:00:05")
        #expect(clock.preciseTime(self.instant(9)) == "03:00:05.000")
        #expect(clock.offsetSeconds == 7200)
    }

    @Test("The clock is corrected after the machine slept, and ignores small adjustments.")
    func slept() {
        var clock = WallClock(originNanoseconds: 0)
        let adjusted = clock.read(originNanoseconds: 400_000_000, offsetSeconds: 0, at: self.instant(10))
        let slept = clock.read(originNanoseconds: 3_600_000_000_000, offsetSeconds: 0, at: self.instant(20))
        #expect(!adjusted)
        #expect(slept)
        #expect(clock.time(self.instant(19)) == "00:00:19")
        #expect(clock.time(self.instant(21)) == "01:00:21")
        #expect(clock.originNanoseconds == 3_600_000_000_000)
    }

    @Test("Times before 1970 and invalid offsets are shown as a time of day.")
    func extremes() {
        for origin in [Int64.min, -1, Int64.max] {
            for offset in [Int64.min, Int64.max, -86_400] {
                let clock = WallClock(originNanoseconds: origin, offsetSeconds: offset)
                for nanoseconds in [Int64.min, 0, Int64.max] {
                    #expect(clock.preciseTime(TimeSource.Instant(nanoseconds: nanoseconds)).count == 12)
                }
            }
        }
        #expect(WallClock(originNanoseconds: -1_000_000_000).time(self.instant(0)) == "23:59:59")
        var clock = WallClock(originNanoseconds: .min)
        let changed = clock.read(originNanoseconds: .max, offsetSeconds: 0, at: self.instant(0))
        #expect(changed)
    }

    @Test("A clock that changes repeatedly keeps a bounded number of readings.")
    func bounded() {
        var clock = WallClock(originNanoseconds: 0)
        for hour: Int64 in 1...200 { _ = clock.read(originNanoseconds: 0, offsetSeconds: hour * 3600, at: self.instant(hour)) }
        #expect(clock.time(self.instant(200)) == "08:03:20")
        #expect(clock.readingCount == WallClock.limit)
    }
}
