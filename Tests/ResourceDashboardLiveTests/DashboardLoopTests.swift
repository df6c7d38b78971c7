import CursesTerminal
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import Testing

@testable import ResourceDashboardLive

@Suite("Dashboard loop")
struct DashboardLoopTests {
    private let terminal = FakeTerminal()
    private let source = FakeSource()

    private func start() -> Task<DashboardOutcome, Never> {
        let state = DashboardState(configuration: DashboardConfiguration(clock: WallClock(originNanoseconds: 0), size: self.terminal.size))
        let loop = DashboardLoop(terminal: self.terminal, source: self.source, state: state, rate: 4)
        return Task {
            var loop = loop
            return await loop.run()
        }
    }

    @Test("q ends the loop, and the terminal closes before its signal handlers are released.")
    func quit() async {
        let run = self.start()
        self.terminal.type("q")
        let outcome = await run.value
        #expect(outcome.reason == .quit)
        #expect(outcome.exitCode == 0)
        #expect(self.terminal.log == ["close", "release"])
    }

    @Test("A signal ends the loop with exit code 128 + its number, and later keys have no effect.")
    func signal() async {
        let run = self.start()
        self.terminal.send(.signal(15), .input(.key(Key("q"))))
        let outcome = await run.value
        #expect(outcome.reason == .signal(15))
        #expect(outcome.exitCode == 143)
        #expect(self.terminal.log == ["close", "release"])
    }

    @Test("A hangup of the terminal ends the loop.")
    func hangUp() async {
        let run = self.start()
        self.terminal.send(.hangUp)
        #expect(await run.value.reason == .hangUp)
    }

    @Test("Canceling the loop's task ends the loop as quitting does.")
    func cancellation() async {
        let run = self.start()
        await self.source.asked(1)
        run.cancel()
        #expect(await run.value.reason == .quit)
        #expect(self.terminal.log == ["close", "release"])
    }

    @Test("The loop requests an update only after it has shown the previous one.")
    func updates() async {
        let run = self.start()
        for count in 1...3 {
            await self.source.asked(count)
            #expect(self.source.asked == count)
            self.source.update()
        }
        self.terminal.type("q")
        _ = await run.value
    }

    @Test("A paused loop requests no updates; an update requested earlier is shown after the pause.")
    func paused() async {
        let run = self.start()
        await self.source.asked(1)
        self.source.update()
        await self.source.asked(2)
        self.terminal.type(" ")
        await self.terminal.frame { $0.contains("PAUSED") }
        let frames = self.terminal.frameCount
        let screen = self.terminal.screen
        // The update requested before the pause arrives: a frame is drawn with unchanged content.
        self.source.update()
        await self.terminal.frames(atLeast: frames + 1)
        #expect(self.terminal.screen == screen)
        #expect(self.source.asked == 2)
        self.terminal.type(" ")
        await self.source.asked(3)
        self.terminal.type("q")
        _ = await run.value
    }

    @Test("A resize and a key each redraw the screen at once.")
    func redraw() async {
        let run = self.start()
        await self.source.asked(1)
        let frames = self.terminal.frameCount
        self.terminal.send(.input(.resize(Size(width: 60, height: 20))))
        await self.terminal.frames(atLeast: frames + 1)
        await self.terminal.frame { $0.split(separator: "\n").count == 20 }
        let rows = self.terminal.screen.split(separator: "\n")
        #expect(rows.count == 20)
        #expect(rows.allSatisfy { $0.count == 60 })
        let before = self.terminal.frameCount
        self.terminal.type("2")
        await self.terminal.frames(atLeast: before + 1)
        #expect(self.terminal.screen.contains(" Scopes "))
        #expect(self.source.asked == 1)
        self.terminal.type("q")
        #expect(await run.value.reason == .quit)
    }

    @Test("The wall clock is read again on activity, at most once per second.")
    func clock() async {
        let world = Lock((seconds: Int64(100), offset: Int64(0), looks: 0))
        let time = TimeSource(now: { TimeSource.Instant(nanoseconds: world.withLock { $0.seconds } * 1_000_000_000) }) { _, _ in
            TimeSource.Deadline {}
        }
        let local = LocalTime(
            now: { world.withLock { $0.seconds } * 1_000_000_000 },
            offset: { _ in
                world.withLock { world in
                    world.looks += 1
                    return world.offset
                }
            }
        )
        let clock = WallClock(local, time: time)
        let state = DashboardState(configuration: DashboardConfiguration(clock: clock, size: self.terminal.size))
        let left = Lock(0)
        let loop = DashboardLoop(
            terminal: self.terminal,
            source: self.source,
            state: state,
            rate: 4,
            localTime: local,
            didLeaveScreen: { left.withLock { $0 += 1 } },
            time: time
        )
        let run = Task {
            var loop = loop
            return await loop.run()
        }
        await self.source.asked(1)
        // The snapshot's time is 0, so it shows midnight by the old clock and one hour later by the new one.
        let looks = world.withLock { $0.looks }
        self.terminal.type("2")
        await self.terminal.frame { $0.contains(" Scopes ▸ ") }
        #expect(world.withLock { $0.looks } == looks)
        world.withLock { ($0.seconds, $0.offset) = (101, 3600) }
        self.terminal.type("3")
        await self.terminal.frame { $0.contains(" Resources ▸ ") }
        #expect(world.withLock { $0.looks } > looks)
        self.terminal.type("q")
        _ = await run.value
        #expect(left.withLock { $0 } == 1)
    }
}
