import ResourceContainer
import ResourceDashboard
import ResourceMonitoring

/// A source that delivers an update when the test calls `update()`, and counts the requests.
final class FakeSource: DashboardSource {
    private struct State: Sendable {
        var asked = 0
        var ready = 0
        var wake: Promise<Void> = Promise()
        var askedAgain: Promise<Void> = Promise()
    }

    let origin = "made up"
    let control: (any DashboardControl)? = nil
    private let state = Lock(State())
    /// Fulfilled when `run()` begins.
    let began = Promise<Void>()
    let ended = Promise<Void>()

    /// The number of requested updates.
    var asked: Int { self.state.withLock { $0.asked } }

    /// Delivers an update to the pending request, or to the next one.
    func update() {
        let wake = self.state.withLock { state in
            state.ready += 1
            defer { state.wake = Promise() }
            return state.wake
        }
        wake.fulfill(())
    }

    /// Returns after `count` requests.
    func asked(_ count: Int) async {
        while true {
            let (asked, next) = self.state.withLock { ($0.asked, $0.askedAgain) }
            if asked >= count { return }
            guard await next.wait() != nil else { return }
        }
    }

    func expedite() {}

    func run() async {
        self.began.fulfill(())
        // The promise is never fulfilled: the wait ends with the task.
        _ = await Promise<Void>().wait()
        self.ended.fulfill(())
    }

    func updates(rate: Int) -> AsyncStream<MonitorUpdate> {
        AsyncStream {
            let next = self.state.withLock { state in
                state.asked += 1
                defer { state.askedAgain = Promise() }
                return state.askedAgain
            }
            next.fulfill(())
            while true {
                let (isReady, wake) = self.state.withLock { state in
                    let isReady = state.ready > 0
                    if isReady { state.ready -= 1 }
                    return (isReady, state.wake)
                }
                if isReady {
                    return MonitorUpdate(
                        sequence: 1,
                        time: TimeSource.Instant(nanoseconds: 0),
                        isReset: true,
                        container: "app",
                        totals: MonitorTotals()
                    )
                }
                guard await wake.wait() != nil else { return nil }
            }
        }
    }
}
