import ResourceContainer
import Testing

@testable import ResourceMonitoring

@Suite("Rates and history on the sampling grid")
struct ActivityTests {
    private func moment(_ milliseconds: Int64) -> TimeSource.Instant {
        TimeSource.Instant(nanoseconds: milliseconds * 1_000_000)
    }

    private func happen(_ activity: inout Activity, at milliseconds: Int64) {
        activity.advance(to: self.moment(milliseconds))
        activity.count { $0.events += 1 }
    }

    @Test("An event at a grid point counts for the step that begins there.")
    func edges() {
        var activity = Activity(startingAt: self.moment(0))
        self.happen(&activity, at: 249)
        #expect(activity.rates == WindowedRates())
        self.happen(&activity, at: 250)
        #expect(activity.rates.oneSecond.events == 4)
        #expect(activity.rates.sixtySeconds.events == 4)
        activity.advance(to: self.moment(1000))
        #expect(activity.rates.oneSecond.events == 2)
        #expect(activity.rates.tenSeconds.events == 2)
        activity.advance(to: self.moment(1250))
        #expect(activity.rates.oneSecond.events == 1)
        #expect(activity.rates.tenSeconds.events == 2 / 1.25)
        activity.advance(to: self.moment(1500))
        #expect(activity.rates.oneSecond.events == 0)
        #expect(activity.points(after: nil).map(\.counts.events) == [2])
    }

    @Test("A pause yields seconds without events that keep the gauges, up to the history limit.")
    func pause() {
        var activity = Activity(startingAt: self.moment(500))
        self.happen(&activity, at: 700)
        activity.gauges.active = 3
        activity.advance(to: self.moment(5200))
        #expect(activity.points(after: nil).map(\.second) == [0, 1, 2, 3, 4])
        #expect(activity.points(after: nil).map(\.counts.events) == [1, 0, 0, 0, 0])
        #expect(activity.points(after: nil).allSatisfy { $0.active == 3 })
        #expect(activity.points(after: 2).map(\.second) == [3, 4])
        #expect(activity.points(after: 4).isEmpty)
        #expect(activity.points(after: 99).isEmpty)
        activity.advance(to: self.moment(86_400_000 * 365))
        let points = activity.points(after: 4)
        #expect(points.count == MonitorHistory.limit)
        #expect(points.allSatisfy { $0.active == 3 && $0.counts.events == 0 })
        let year: Int64 = 86_400 * 365
        #expect(points.last?.second == year - 1)
        #expect(points.first?.second == year - Int64(MonitorHistory.limit))
        self.happen(&activity, at: 86_400_000 * 365 + 100)
        activity.advance(to: self.moment(86_400_000 * 365 + 250))
        #expect(activity.rates.oneSecond.events == 1)
    }

    @Test("Instants before zero are handled like any others.")
    func negative() {
        var activity = Activity(startingAt: self.moment(-1900))
        self.happen(&activity, at: -1300)
        activity.advance(to: self.moment(100))
        #expect(activity.points(after: nil).map(\.second) == [-2, -1])
        #expect(activity.points(after: nil).map(\.counts.events) == [1, 0])
    }
}
