import InMemoryLogging
import Logging
import ResourceContainer
import ResourceMonitoring
import ResourceService
import ResourceSimulation
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

private struct Part: Sendable {}
private struct Trouble: Error {}

private final class Diary: Sendable {
    private let list = Lock<[String]>([])

    var lines: [String] {
        self.list.withLock { $0 }
    }

    func note(_ line: String) {
        self.list.withLock { $0.append(line) }
    }
}

/// Runs until it is asked to end, or does what the test says first.
private struct Worker: Service {
    let diary: Diary
    var fails = false
    var returns = false

    func run() async throws {
        self.diary.note("run")
        if self.fails { throw Trouble() }
        if self.returns { return }
        try await gracefulShutdown()
        self.diary.note("end")
    }
}

@Suite("A container as a service, and a service as a resource")
struct ResourceServiceTests {
    @Test("a graceful shutdown closes the container, everything in it included, and tells what became of it", arguments: [false, true])
    func closes(byCancellation: Bool) async throws {
        let container = Container(name: "app", environment: ResourceEnvironment(time: ManualTime().source))
        let disposed = Lock(0)
        try container.bind(Part.self, lifetime: .singleton, lifecycle: .managed(onDispose: { _ in disposed.withLock { $0 += 1 } })) {
            Part()
        }
        _ = try await container.get(Part.self)
        let reports = Lock<[DisposeReport]>([])
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test", factory: { _ in handler })
        let service = ContainerService(container, logger: logger) { report in reports.withLock { $0.append(report) } }
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run() }
                await Task.yield()
                #expect(container.root.isOpen && disposed.withLock { $0 } == 0)
                if byCancellation { group.cancelAll() } else { trigger.triggerGracefulShutdown() }
                try await group.waitForAll()
            }
        }
        #expect(!container.root.isOpen && disposed.withLock { $0 } == 1)
        #expect(reports.withLock { $0.map(\.isClean) } == [true])
        #expect(handler.entries.map(\.level) == [.info])
    }

    @Test("what holds up the closing beyond the budget is abandoned, and the report and the log say so")
    func budget() async throws {
        let time = ManualTime()
        let container = Container(name: "app", environment: ResourceEnvironment(time: time.source))
        let (isInside, isReleased) = (Promise<Void>(), Promise<Void>())
        // A scope whose initialisation never ends, which an ordinary close waits for within its own, longer budget.
        try container.bind(
            Part.self,
            lifecycle: .managed(onInitialize: { _ in
                isInside.fulfil(())
                await isReleased.waitThroughCancellation()
            })
        ) { Part() }
        let stuck = Task { try? await container.withScope { _ = try await $0.get(Part.self) } }
        await isInside.waitThroughCancellation()
        let handler = InMemoryLogHandler()
        let service = ContainerService(container, budget: .seconds(5), logger: Logger(label: "test", factory: { _ in handler }))
        try await testGracefulShutdown { trigger in
            trigger.triggerGracefulShutdown()
            async let run: Void = service.run()
            while time.earliestDeadline.map({ $0 > TimeSource.Instant(nanoseconds: 5_000_000_000) }) ?? true { await Task.yield() }
            while time.meetNextDeadline(until: TimeSource.Instant(nanoseconds: 5_000_000_000)) {}
            try await run
        }
        #expect(!container.root.isOpen && container.snapshot().books.abandoned == 1)
        #expect(handler.entries.map(\.level) == [.error] && handler.entries[0].message.description.contains("not everything went well"))
        isReleased.fulfil(())
        _ = await stuck.value
    }

    @Test("a service that is bound runs from its first use to the end of its scope, which waits for it")
    func bound() async throws {
        let container = Container(environment: ResourceEnvironment(time: ManualTime().source))
        let diary = Diary()
        try container.bind(ServiceResource<Worker>.self) { ServiceResource(Worker(diary: diary)) }
        try await container.withScope { scope in
            let resource = try await scope.get(ServiceResource<Worker>.self)
            while diary.lines.isEmpty { await Task.yield() }
            let report = try await resource.healthCheck()
            #expect(report.status == .healthy && diary.lines == ["run"])
        }
        #expect(diary.lines == ["run", "end"])
        #expect(container.snapshot().books.errors == 0)
    }

    @Test("the shutdown of a group around it does not end a bound service: the end of its scope does")
    func inGroup() async throws {
        let container = Container(environment: ResourceEnvironment(time: ManualTime().source))
        let diary = Diary()
        try container.bind(ServiceResource<Worker>.self) { ServiceResource(Worker(diary: diary)) }
        try await testGracefulShutdown { trigger in
            try await container.withScope { scope in
                _ = try await scope.get(ServiceResource<Worker>.self)
                while diary.lines.isEmpty { await Task.yield() }
                trigger.triggerGracefulShutdown()
                for _ in 0..<100 { await Task.yield() }
                #expect(diary.lines == ["run"])
            }
        }
        #expect(diary.lines == ["run", "end"] && container.snapshot().books.errors == 0)
    }

    @Test("a service that ends or fails before it is asked to is reported, and unhealthy", arguments: [false, true])
    func early(fails: Bool) async throws {
        let container = Container(environment: ResourceEnvironment(time: ManualTime().source))
        let diary = Diary()
        try container.bind(ServiceResource<Worker>.self) { ServiceResource(Worker(diary: diary, fails: fails, returns: true)) }
        try await container.withScope { scope in
            let resource = try await scope.get(ServiceResource<Worker>.self)
            while try await resource.healthCheck().status == .healthy { await Task.yield() }
            let report = try await resource.healthCheck()
            #expect(report.message?.contains(fails ? "has failed: " : "has ended by itself") == true)
            while container.snapshot().books.errors == 0 { await Task.yield() }
        }
        #expect(container.snapshot().books.errors == 1 && container.snapshot().books.disposed == 1)
    }
}
