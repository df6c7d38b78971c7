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
        var hasPast = false
        var isPastWanted = false
    }

    let origin = "made up"
    let control: (any DashboardControl)?
    let process: ProcessID?
    private let container: String
    private let directory: Lock<FakeDirectory?> = Lock(nil)
    private let state = Lock(State())
    /// Fulfilled when `run()` begins.
    let began = Promise<Void>()
    let ended = Promise<Void>()

    init(container: String = "app", process: ProcessID? = nil, control: (any DashboardControl)? = nil) {
        self.container = container
        self.process = process
        self.control = control
    }

    var processes: (any ProcessDirectory)? { self.directory.withLock { $0 } }

    /// Makes the source one of those of a directory.
    func join(_ directory: FakeDirectory) {
        self.directory.withLock { $0 = directory }
    }

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

    /// An update with the root scope.
    private var picture: MonitorUpdate {
        let begin = TimeSource.Instant(nanoseconds: 0)
        var update = MonitorUpdate(sequence: 1, time: begin, isReset: true, container: self.container, totals: MonitorTotals())
        let location = CodeLocation(file: "App/Main.swift", line: 7)
        update.scopes = [
            ScopeRow(scope: ScopeSnapshot(id: .root, name: self.container, parent: nil, location: location, openedAt: begin))
        ]
        return update
    }

    /// Makes the source keep a past.
    func keepPast() {
        self.state.withLock { $0.hasPast = true }
    }

    /// Whether the source keeps a past that was not taken.
    var hasPast: Bool { self.state.withLock { $0.hasPast } }

    /// Whether the past was requested.
    var isPastWanted: Bool { self.state.withLock { $0.isPastWanted } }

    func loadPast() {
        self.state.withLock { $0.isPastWanted = true }
    }

    func takePast(before update: MonitorUpdate) -> [MonitorUpdate] {
        let isTaken = self.state.withLock { state in
            defer { if state.isPastWanted { state.hasPast = false } }
            return state.hasPast && state.isPastWanted
        }
        guard isTaken else { return [] }
        var past = update
        past.time = TimeSource.Instant(nanoseconds: update.time.nanoseconds - 60_000_000_000)
        return [past]
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
                if isReady { return self.picture }
                guard await wake.wait() != nil else { return nil }
            }
        }
    }
}
