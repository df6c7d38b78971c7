import Testing

@testable import ResourceContainer

@Suite("Saturation at the ends of the time scale")
struct TimeSourceTests {
    private static let longest = Duration.seconds(Int64.max) + .seconds(Int64.max)
    private static let shortest = Duration.seconds(Int64.min) + .seconds(Int64.min)

    @Test("Conversion to whole nanoseconds saturates for durations out of range and is exact at the limits.")
    func wholeNanoseconds() {
        #expect(Self.longest.wholeNanoseconds == .max)
        #expect(Self.shortest.wholeNanoseconds == .min)
        #expect(Duration.nanoseconds(Int64.max).wholeNanoseconds == .max)
        #expect(Duration.nanoseconds(Int64.min).wholeNanoseconds == .min)
        #expect(Duration.nanoseconds(Int64.max - 1).wholeNanoseconds == .max - 1)
        #expect(Duration.nanoseconds(Int64.min + 1).wholeNanoseconds == .min + 1)
        #expect((Duration.nanoseconds(7) / 2).wholeNanoseconds == 3)
        #expect((Duration.nanoseconds(-7) / 2).wholeNanoseconds == -3)
    }

    @Test("Sums and differences of instants saturate.")
    func instants() {
        let (first, last) = (TimeSource.Instant(nanoseconds: .min), TimeSource.Instant(nanoseconds: .max))
        #expect(TimeSource.Instant(nanoseconds: 5) + Self.longest == last)
        #expect(TimeSource.Instant(nanoseconds: -5) + Self.shortest == first)
        #expect(last + .nanoseconds(1) == last)
        #expect(last - first == .nanoseconds(Int64.max))
        #expect(first - last == .nanoseconds(Int64.min))
        #expect(TimeSource.Instant(nanoseconds: 7) - TimeSource.Instant(nanoseconds: 9) == .nanoseconds(-2))
    }

    @Test("Multiples of durations by integers and by fractions saturate.")
    func multiples() {
        #expect(Duration.seconds(5).saturating(times: 3 as Int64) == .seconds(15))
        #expect(Self.longest.saturating(times: 3 as Int64) == .nanoseconds(Int64.max))
        #expect(Self.longest.saturating(times: -3 as Int64) == .nanoseconds(Int64.min))
        #expect(Self.shortest.saturating(times: -3 as Int64) == .nanoseconds(Int64.max))
        #expect(Duration.seconds(5).saturating(times: 1.5) == .milliseconds(7500))
        #expect(Duration.nanoseconds(Int64.max).saturating(times: 1.0) == .nanoseconds(Int64.max))
        #expect(Self.longest.saturating(times: Double.infinity) == .nanoseconds(Int64.max))
        #expect(Self.shortest.saturating(times: 1e300) == .nanoseconds(Int64.min))
        #expect(Duration.zero.saturating(times: Double.nan) == .zero)
    }
}
