import ResourceContainer
import ResourceDashboard
import ResourceSimulation
import Testing

@testable import ResourceFleet

@Suite("The loop of the screen of a fleet")
struct FleetLoopTests {
    /// A source whose answers the test chooses, with the times of its requests.
    private final class Source: FleetSource {
        let label = "test"
        private let answer: @Sendable (Int) async throws(FleetFault) -> FleetTable
        private let kept = Lock<[Double]>([])

        init(_ answer: @escaping @Sendable (Int) async throws(FleetFault) -> FleetTable) {
            self.answer = answer
        }

        var asked: [Double] { self.kept.withLock { $0 } }

        func table(at time: Double) async throws(FleetFault) -> FleetTable {
            let number = self.kept.withLock { asked in
                asked.append(time)
                return asked.count
            }
            return try await self.answer(number)
        }

        func shapes(at time: Double) async throws(FleetFault) -> FleetShapes {
            FleetSample.shapes
        }
    }

    /// Runs a loop in simulated time: `steps` sends keys to its terminal.
    private static func run(
        _ source: Source,
        _ steps: @escaping @Sendable (SimulatedTerminal, TimeSource) async throws -> Void
    ) throws -> FleetOutcome {
        let simulation = Simulation(seed: 1)
        let time = simulation.environment.time
        return try simulation.run {
            let terminal = SimulatedTerminal()
            return try await withThrowingTaskGroup(of: FleetOutcome?.self) { group in
                group.addTask {
                    var loop = FleetLoop(FleetSample.state(), source: source, time: time, clock: { FleetSample.clock })
                    return await loop.run(on: terminal)
                }
                group.addTask {
                    try await steps(terminal, time)
                    return nil
                }
                var outcome: FleetOutcome?
                while let result = try await group.next() { outcome = result ?? outcome }
                return try #require(outcome)
            }
        }
    }

    @Test("A table is read at the start and every five seconds, for the time of day; q ends the loop.")
    func refresh() throws {
        let source = Source { _ in FleetSample.table }
        let outcome = try Self.run(source) { terminal, time in
            try await time.sleep(for: .milliseconds(12_500))
            terminal.type("q")
        }
        #expect(outcome == .quit)
        #expect(source.asked == [0, 5, 10].map { FleetSample.start + $0 })
    }

    @Test("While a source does not answer, no other table is requested, and the screen takes keys.")
    func slow() throws {
        let source = Source { _ async throws(FleetFault) in
            let never = Promise<Void>()
            _ = await never.wait()
            throw FleetFault("canceled")
        }
        let outcome = try Self.run(source) { terminal, time in
            try await time.sleep(for: .seconds(60))
            terminal.type("/web")
            try await time.sleep(for: .seconds(1))
            #expect(terminal.screen.contains("/web"))
            #expect(terminal.screen.contains("0 processes"))
            terminal.send(.signal(15))
        }
        #expect(outcome == .signal(15))
        #expect(source.asked.count == 1)
    }

    @Test("After a fault, the last table stays with its age, and the next one is read in time.")
    func fault() throws {
        let source = Source { number async throws(FleetFault) in
            if number == 2 { throw FleetFault("status 503, unavailable") }
            return FleetSample.table
        }
        _ = try Self.run(source) { terminal, time in
            try await time.sleep(for: .milliseconds(8500))
            #expect(terminal.screen.contains("no table since 12:00:05: status 503, unavailable"))
            #expect(terminal.screen.contains("data 0:12 old"))
            #expect(terminal.screen.contains("web1:4711"))
            try await time.sleep(for: .seconds(3))
            #expect(!terminal.screen.contains("no table"))
            terminal.type("q")
        }
        #expect(source.asked.count == 3)
    }

    @Test("Enter leaves the terminal with the command of the selected process.")
    func open() throws {
        let source = Source { _ in FleetSample.table }
        let outcome = try Self.run(source) { terminal, time in
            try await time.sleep(for: .seconds(1))
            terminal.send(.input(.key(Key(.enter))))
        }
        #expect(outcome == .open(FleetSample.key("web1:4711", "shop"), command: ["ssh", "web1", "resmon", "dial", "shop"]))
    }

    @Test("A paused screen reads no table until R is pressed.")
    func paused() throws {
        let source = Source { _ in FleetSample.table }
        _ = try Self.run(source) { terminal, time in
            try await time.sleep(for: .seconds(1))
            terminal.type(" ")
            try await time.sleep(for: .seconds(30))
            #expect(source.asked.count == 1)
            terminal.type("R")
            try await time.sleep(for: .seconds(1))
            #expect(source.asked.count == 2)
            terminal.send(.hangUp)
        }
    }
}

/// A terminal in memory that delivers the events of a test and keeps the last frame.
private final class SimulatedTerminal: DashboardTerminal {
    private struct State: Sendable {
        var events: [TerminalEvent] = []
        var wake = Promise<Void>()
        var frame = ""
    }

    private let state = Lock(State())
    let size = Size(width: 120, height: 36)
    let colorDepth = ColorDepth.indexed256

    var screen: String { self.state.withLock { $0.frame } }

    func send(_ event: TerminalEvent) {
        let wake = self.state.withLock { state in
            state.events.append(event)
            return state.wake
        }
        wake.fulfill(())
    }

    func type(_ keys: String) {
        for key in keys { self.send(.input(.key(Key(key)))) }
    }

    func nextEvents() async -> [TerminalEvent] {
        while true {
            let (events, wake) = self.state.withLock { state in
                defer {
                    state.events = []
                    if state.wake.value != nil { state.wake = Promise() }
                }
                return (state.events, state.wake)
            }
            if !events.isEmpty { return events }
            // A promise that was fulfilled before is replaced by now.
            if wake.value == nil, await wake.wait() == nil { return [] }
        }
    }

    func draw(_ canvas: Canvas) async -> Duration {
        let text = TextRenderer.render(canvas)
        self.state.withLock { $0.frame = text }
        return .zero
    }

    func redraw() async {}
    func setMouse(_ enabled: Bool) async {}
    func copy(_ text: String) async {}
    func suspend() async {}
    func close() async {}
    func release() async {}
}
