import CursesTerminal
import ResourceContainer
import ResourceDashboard

/// A terminal that delivers events sent by the test and lets the test wait for frames.
final class FakeTerminal: DashboardTerminal {
    private struct State: Sendable {
        var events: [TerminalEvent] = []
        var wake: Promise<Void> = Promise()
        var frames: [Canvas] = []
        var frameDrawn: Promise<Void> = Promise()
        var log: [String] = []
    }

    private let state = Lock(State())
    let size = Size(width: 120, height: 36)
    let colorDepth = ColorDepth.indexed256

    /// The calls to the terminal other than drawing, in order.
    var log: [String] { self.state.withLock { $0.log } }
    /// The text of the last frame, with its rows separated by newlines.
    var screen: String {
        let canvas = self.state.withLock { $0.frames.last }
        return canvas.map(TextRenderer.render) ?? ""
    }
    var frameCount: Int { self.state.withLock { $0.frames.count } }

    func send(_ events: TerminalEvent...) {
        let wake = self.state.withLock { state in
            state.events += events
            return state.wake
        }
        wake.fulfill(())
    }

    func type(_ keys: String) {
        for key in keys { self.send(.input(.key(Key(key)))) }
    }

    /// Returns when the last frame satisfies `isExpected`.
    func frame(where isExpected: (String) -> Bool) async {
        while true {
            let (canvas, next) = self.state.withLock { ($0.frames.last, $0.frameDrawn) }
            if let canvas, isExpected(TextRenderer.render(canvas)) { return }
            guard await next.wait() != nil else { return }
        }
    }

    /// Returns when at least `count` frames have been drawn.
    func frames(atLeast count: Int) async {
        while true {
            let (drawn, next) = self.state.withLock { ($0.frames.count, $0.frameDrawn) }
            if drawn >= count { return }
            guard await next.wait() != nil else { return }
        }
    }

    func nextEvents() async -> [TerminalEvent] {
        while true {
            let (events, wake) = self.state.withLock { state in
                let events = state.events
                state.events = []
                if events.isEmpty, state.wake.value != nil { state.wake = Promise() }
                return (events, state.wake)
            }
            if !events.isEmpty { return events }
            guard await wake.wait() != nil else { return [] }
        }
    }

    func draw(_ canvas: Canvas) async -> Duration {
        let drawn = self.state.withLock { state in
            state.frames.append(canvas)
            defer { state.frameDrawn = Promise() }
            return state.frameDrawn
        }
        drawn.fulfill(())
        return .zero
    }

    func redraw() async { self.note("redraw") }
    func setMouse(_ enabled: Bool) async { self.note("mouse \(enabled)") }
    func copy(_ text: String) async { self.note("copy \(text)") }
    func suspend() async { self.note("suspend") }
    func close() async { self.note("close") }
    func release() async { self.note("release") }

    private func note(_ text: String) {
        self.state.withLock { $0.log.append(text) }
    }
}
