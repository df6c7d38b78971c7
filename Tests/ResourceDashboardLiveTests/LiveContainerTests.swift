import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import Testing

@testable import ResourceDashboardLive

@Suite("Live container in the dashboard")
struct LiveContainerTests {
    private final class Part: Resource {}

    @Test("A scope opened by a key appears on the screen, closes by keys, and leaves balanced books.", .timeLimit(.minutes(1)))
    func openAndClose() async throws {
        let container = Container("shop")
        try container.bind(Part.self, lifetime: .singleton) { Part() }
        _ = try await container.get(Part.self)
        let terminal = FakeTerminal()
        let configuration = DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: terminal.size, view: .scopes)
        let loop = DashboardLoop(
            terminal: terminal,
            source: LiveSource(container),
            state: DashboardState(configuration: configuration),
            rate: 30
        )
        // The loop runs in a task while the test acts as the user at the keyboard.
        let run = Task {
            var loop = loop
            return await loop.run()
        }
        await terminal.frame { $0.contains("· Part#1 ") }
        terminal.type("o")
        await terminal.frame { $0.contains("· manual-1 ") }
        #expect(container.snapshot().scopes.map(\.name).contains("manual-1"))
        terminal.type("x")
        await terminal.frame { $0.contains("Close scope manual-1?") }
        terminal.type("y")
        await terminal.frame { $0.contains("Scopes 1 open  1 closed ") }
        #expect(!container.snapshot().scopes.map(\.name).contains("manual-1"))
        // The signal quits in any state. A key could go to the report of the close, which may arrive before or after it.
        terminal.send(.signal(15))
        let outcome = await run.value
        #expect(outcome.reason == .signal(15))
        #expect(container.snapshot().books.isBalanced)
        #expect(container.snapshot().books.active == 1)
        _ = try await container.close()
    }

    @Test("The folded updates of a monitor's stream equal the monitor's report.")
    func stream() async throws {
        let container = Container("shop")
        try container.bind(Part.self) { Part() }
        let monitor = ResourceMonitor(container)
        var updates = monitor.updates(rate: 30).makeAsyncIterator()
        var state = DashboardState(
            configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: Size(width: 120, height: 36))
        )
        let rounds = 5
        for round in 1...rounds {
            try await container.withScope("request-\(round)") { _ = try await $0.get(Part.self) }
            monitor.expedite()
            let last = container.snapshot().sequence
            while let update = await updates.next() {
                _ = state.update(.monitor(update))
                if update.sequence >= last { break }
            }
            let (model, report) = (state.viewModel(), monitor.report())
            #expect(model.books.created == report.overall.resourcesCreated)
            #expect(model.books.disposed == report.overall.resourcesDisposed)
            #expect(model.books.active == report.overall.activeResources)
            #expect(model.books.disposed == round)
            #expect(model.sequence == report.sequence)
        }
        _ = try await container.close()
    }
}
