import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceSimulation
import Testing

@testable import ResourceDashboardLive

@Suite("Quitting while attached to several processes", .timeLimit(.minutes(1)))
struct ProcessQuittingTests {
    private let terminal = FakeTerminal()
    private let time = ManualTime()

    /// Runs a loop over processes with the names and controls.
    private func start(_ controls: [(name: String, control: RecordedControl)], acts: Bool = true) -> Task<DashboardOutcome, Never> {
        let rows = controls.map { name, _ in
            ProcessRow(
                id: ProcessID(name),
                pid: 1,
                name: name,
                host: "",
                status: .live(lag: nil),
                mayAct: acts,
                actsWithConsent: acts,
                refusal: acts ? nil : "look only"
            )
        }
        let sources = controls.map { FakeSource(container: $0.name, process: ProcessID($0.name), control: $0.control) }
        let directory = FakeDirectory(rows, sources)
        let state = DashboardState(
            configuration: DashboardConfiguration(
                clock: WallClock(originNanoseconds: 0),
                size: self.terminal.size,
                processes: directory.rows(),
                process: rows[0].id
            )
        )
        let loop = DashboardLoop(terminal: self.terminal, source: sources[0], state: state, rate: 4, time: self.time.source)
        return Task {
            var loop = loop
            return await loop.run()
        }
    }

    @Test("Leases are released in all processes at once, and one that does not answer takes no longer than the budget.")
    func hanging() async {
        let (shop, mail) = (RecordedControl(answers: false), RecordedControl(answers: false))
        let run = self.start([("shop", shop), ("mail", mail)])
        self.terminal.type("I")
        _ = await shop.checked.wait()
        self.terminal.type(")I")
        _ = await mail.checked.wait()
        self.terminal.send(.signal(15))
        // Both wait for an answer before any time has passed.
        _ = await shop.releasing.wait()
        _ = await mail.releasing.wait()
        self.time.pass(DashboardLoop.closingBudget)
        let outcome = await run.value
        for control in [shop, mail] { control.answer.fulfill(()) }
        #expect(outcome.released.isEmpty)
        #expect(
            outcome.problems == [
                "the leases in mail were not released within 5.0 seconds", "the leases in shop were not released within 5.0 seconds",
            ]
        )
    }

    @Test("The outcome has the lines of all processes, and a process on which the user did not act is not asked.")
    func answering() async {
        let (shop, mail, idle) = (RecordedControl(), RecordedControl(), RecordedControl())
        let run = self.start([("shop", shop), ("mail", mail), ("idle", idle)])
        self.terminal.type("I")
        _ = await shop.checked.wait()
        self.terminal.type(")I")
        _ = await mail.checked.wait()
        self.terminal.send(.signal(15))
        let outcome = await run.value
        #expect(outcome.released == ["released one", "released one"])
        #expect(outcome.problems.isEmpty)
        #expect(idle.releasing.value == nil)
    }

    @Test("Suppressing a finding needs no consent and is no act, so nothing is released afterward.")
    func allowing() async {
        let shop = RecordedControl()
        let run = self.start([("shop", shop)], acts: false)
        await self.terminal.frame { $0.contains("LIVE") }
        self.terminal.type(":finding allow leak")
        self.terminal.send(.input(.key(Key(.enter))))
        _ = await shop.allowed.wait()
        self.terminal.send(.signal(15))
        _ = await run.value
        #expect(shop.allowed.value == "leak")
        #expect(shop.releasing.value == nil)
    }

    @Test("A release that does not end is reported with the process, and without one for a container of this program.")
    func released() async {
        // Every deadline fires at once.
        let time = TimeSource(now: { TimeSource.Instant(nanoseconds: 0) }) { _, call in
            call()
            return TimeSource.Deadline {}
        }
        for (process, words) in [(ProcessID("4711"), "the leases in 4711"), (nil, "the leases")] as [(ProcessID?, String)] {
            let control = RecordedControl(answers: false)
            let closing = FeedClosing(OpenedScopes(), of: process, with: control, budget: .seconds(5), time: time)
            #expect(await closing.run().problems == ["\(words) were not released within 5.0 seconds"])
            control.answer.fulfill(())
        }
    }
}

/// A control that records the calls.
private final class RecordedControl: DashboardControl {
    /// Fulfilled by the first check.
    let checked = Promise<Void>()
    /// Fulfilled by the first release of all leases.
    let releasing = Promise<Void>()
    /// The name of the first finding that was suppressed.
    let allowed = Promise<String>()
    /// A release ends once this is fulfilled.
    let answer = Promise<Void>()

    init(answers: Bool = true) {
        if answers { self.answer.fulfill(()) }
    }

    func checkHealth(of resource: ResourceID?) async throws -> Int {
        self.checked.fulfill(())
        return 0
    }

    func releaseAll() async -> [String] {
        self.releasing.fulfill(())
        await self.answer.waitThroughCancellation()
        return ["released one"]
    }

    func allowFinding(named name: String) async throws {
        self.allowed.fulfill(name)
    }

    func openScope(in parent: ScopeID, name: String?) async throws -> ScopeID { parent }
    func closeScope(_ scope: ScopeID, force: Bool) async throws -> DisposeReport { DisposeReport(scope: scope, name: "") }
    func get(_ binding: BindingID, in scope: ScopeID) async throws -> ResourceID { throw CancellationError() }
}
