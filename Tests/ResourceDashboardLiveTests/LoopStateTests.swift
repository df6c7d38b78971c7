import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import Testing

@testable import ResourceDashboardLive

@Suite("State of the dashboard loop")
struct LoopStateTests {
    /// A picture without data.
    private let picture = DashboardState(
        configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 80, height: 24))
    ).picture

    private func update(_ sequence: UInt64) -> MonitorUpdate {
        MonitorUpdate(
            sequence: sequence,
            time: TimeSource.Instant(nanoseconds: 0),
            isReset: true,
            container: "app",
            totals: MonitorTotals()
        )
    }

    /// A state with a request in progress.
    private func requested() -> LoopState {
        var state = LoopState()
        _ = state.beginRequest(isPaused: false)
        return state
    }

    /// A state with an update that has arrived and is not shown yet.
    private func holding(_ sequence: UInt64) -> LoopState {
        var state = self.requested()
        state.receive(update: self.update(sequence))
        return state
    }

    /// Begins a request, delivers an update, and returns the sequence number of the update that is shown.
    private func showNext(_ sequence: UInt64, isPaused: Bool, in state: inout LoopState) -> UInt64? {
        if state.beginRequest(isPaused: isPaused) { state.receive(update: self.update(sequence)) }
        return state.takeUpdate(isPaused: isPaused)?.sequence
    }

    // MARK: Requests

    @Test("One request is made until the source answers it.")
    func requestsOnce() {
        var state = LoopState()
        let first = state.beginRequest(isPaused: false)
        let second = state.beginRequest(isPaused: false)
        #expect(first)
        #expect(!second)
    }

    @Test("The next request is made after the update was shown.")
    func requestsAfterShowing() {
        var state = self.holding(1)
        let beforeShowing = state.beginRequest(isPaused: false)
        let shown = state.takeUpdate(isPaused: false)?.sequence
        let afterShowing = state.beginRequest(isPaused: false)
        #expect(!beforeShowing)
        #expect(shown == 1)
        #expect(afterShowing)
    }

    @Test("An update is shown once.")
    func showsOnce() {
        var state = self.holding(1)
        let first = state.takeUpdate(isPaused: false)?.sequence
        let second = state.takeUpdate(isPaused: false)?.sequence
        #expect(first == 1)
        #expect(second == nil)
    }

    // MARK: Pausing and stepping

    @Test("A paused dashboard makes no request.")
    func pausedMakesNoRequest() {
        var state = LoopState()
        let isRequested = state.beginRequest(isPaused: true)
        #expect(!isRequested)
    }

    @Test("An update that arrives during a pause is shown when the dashboard resumes.")
    func pauseHoldsUpdate() {
        var state = self.holding(1)
        let whilePaused = state.takeUpdate(isPaused: true)?.sequence
        let afterResuming = state.takeUpdate(isPaused: false)?.sequence
        #expect(whilePaused == nil)
        #expect(afterResuming == 1)
    }

    @Test("A step shows one update although the dashboard is paused.")
    func stepShowsOneUpdate() {
        var state = LoopState()
        state.step()
        let first = self.showNext(1, isPaused: true, in: &state)
        let second = self.showNext(2, isPaused: true, in: &state)
        #expect(first == 1)
        #expect(second == nil)
    }

    @Test("A step shows an update that the pause holds, without a new request.")
    func stepShowsHeldUpdate() {
        var state = self.holding(1)
        state.step()
        let isRequested = state.beginRequest(isPaused: true)
        let shown = state.takeUpdate(isPaused: true)?.sequence
        let isRequestedLater = state.beginRequest(isPaused: true)
        #expect(!isRequested)
        #expect(shown == 1)
        #expect(!isRequestedLater)
    }

    @Test("Two steps before the next update show one update.")
    func stepsAreNotCounted() {
        var state = LoopState()
        state.step()
        state.step()
        let first = self.showNext(1, isPaused: true, in: &state)
        let second = self.showNext(2, isPaused: true, in: &state)
        #expect(first == 1)
        #expect(second == nil)
    }

    // MARK: Ends

    @Test("No request follows the end of the source, and the loop continues.")
    func sourceEnds() {
        var state = self.requested()
        state.receive(update: nil)
        let shown = state.takeUpdate(isPaused: false)?.sequence
        let isRequested = state.beginRequest(isPaused: false)
        #expect(shown == nil)
        #expect(!isRequested)
        #expect(state.reason == nil)
    }

    @Test("A running loop has no reason for its end, and an ended loop keeps the first one.")
    func firstReason() {
        var state = LoopState()
        #expect(state.reason == nil)
        state.end(.signal(15))
        state.end(.quit)
        #expect(state.reason == .signal(15))
    }

    @Test("An ended loop makes no request, shows nothing, and stays ended when an update arrives.")
    func ended() {
        var state = self.requested()
        state.end(.hangUp)
        state.receive(update: self.update(1))
        let shown = state.takeUpdate(isPaused: false)?.sequence
        let isRequested = state.beginRequest(isPaused: false)
        #expect(shown == nil)
        #expect(!isRequested)
        #expect(state.reason == .hangUp)
    }

    // MARK: Recordings

    @Test("A requested picture is shown, and the next request follows.")
    func showsPicture() {
        var state = self.requested()
        let shown = state.receive(picture: self.picture, isPaused: false)
        let isRequested = state.beginRequest(isPaused: false)
        #expect(shown != nil)
        #expect(isRequested)
    }

    @Test("A picture that was requested before a seek is discarded, and the one requested after it is shown.")
    func seekDiscardsPicture() {
        var state = self.requested()
        state.seek()
        let isRequestedEarly = state.beginRequest(isPaused: false)
        let outdated = state.receive(picture: self.picture, isPaused: false)
        let isRequested = state.beginRequest(isPaused: false)
        let next = state.receive(picture: self.picture, isPaused: false)
        #expect(!isRequestedEarly)
        #expect(outdated == nil)
        #expect(isRequested)
        #expect(next != nil)
    }

    @Test("A seek without a request in progress discards nothing.")
    func seekWhileIdle() {
        var state = LoopState()
        state.seek()
        let isRequested = state.beginRequest(isPaused: false)
        let shown = state.receive(picture: self.picture, isPaused: false)
        #expect(isRequested)
        #expect(shown != nil)
    }

    @Test("A picture that arrives during a pause is discarded, and playing requests the next one.")
    func pauseDiscardsPicture() {
        var state = self.requested()
        let shown = state.receive(picture: self.picture, isPaused: true)
        let isRequestedWhilePaused = state.beginRequest(isPaused: true)
        let isRequested = state.beginRequest(isPaused: false)
        #expect(shown == nil)
        #expect(!isRequestedWhilePaused)
        #expect(isRequested)
    }
}
