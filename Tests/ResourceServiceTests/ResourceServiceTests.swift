import InMemoryLogging
import Logging
import ResourceContainer
import ResourceMonitoring
import ResourceService
import ResourceSimulation
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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

/// A service that runs until graceful shutdown, or fails or returns at once.
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

@Suite("Containers as services, and services as resources")
struct ResourceServiceTests {
    @Test("A graceful shutdown closes the container with all its resources and reports the result.", arguments: [false, true])
    func closes(byCancellation: Bool) async throws {
        let container = Container("app", environment: ResourceEnvironment(time: ManualTime().source))
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
                #expect(container.root.isOpen)
                #expect(disposed.withLock { $0 } == 0)
                if byCancellation { group.cancelAll() } else { trigger.triggerGracefulShutdown() }
                try await group.waitForAll()
            }
        }
        #expect(!container.root.isOpen)
        #expect(disposed.withLock { $0 } == 1)
        #expect(reports.withLock { $0.map(\.isClean) } == [true])
        #expect(handler.entries.map(\.level) == [.info])
        #expect(handler.entries.map(\.message.description) == ["container closed"])
        #expect(handler.entries.first?.metadata["container"] == "app")
    }

    /// A container with an eager singleton whose `initialize` or `dispose` waits for `isReleased`.
    private struct Held {
        let time = ManualTime()
        let isInside = Promise<Void>()
        let isReleased = Promise<Void>()
        let handler = InMemoryLogHandler()
        let container: Container

        init(inDispose: Bool) throws {
            self.container = Container("app", environment: ResourceEnvironment(time: self.time.source))
            let (isInside, isReleased) = (self.isInside, self.isReleased)
            let hold: @Sendable (Part) async throws -> Void = { _ in
                isInside.fulfill(())
                await isReleased.waitThroughCancellation()
            }
            let nothing: @Sendable (Part) async throws -> Void = { _ in }
            try self.container.bind(
                Part.self,
                lifetime: .singleton,
                lifecycle: .managed(onInitialize: inDispose ? nothing : hold, onDispose: inDispose ? hold : nothing),
                options: BindingOptions(initializeTimeout: .seconds(600), disposeTimeout: .seconds(600), eager: true)
            ) { Part() }
        }

        func service(
            budget: Duration,
            startBudget: Duration? = nil,
            onClose: @escaping @Sendable (DisposeReport) -> Void = { _ in }
        ) -> ContainerService {
            ContainerService(
                self.container,
                budget: budget,
                startBudget: startBudget,
                logger: Logger(label: "test", factory: { [handler] _ in handler }),
                onClose: onClose
            )
        }

        /// Advances time by `duration` as soon as a deadline within it is registered.
        func pass(_ duration: Duration) async {
            let end = self.time.now + duration
            while self.time.earliestDeadline.map({ $0 > end }) ?? true { await Task.yield() }
            self.time.pass(duration)
        }
    }

    @Test("A dispose that hangs is abandoned when the budget ends, and the report and the log name it.")
    func budget() async throws {
        let held = try Held(inDispose: true)
        let reports = Lock<[DisposeReport]>([])
        let service = held.service(budget: .seconds(5)) { report in reports.withLock { $0.append(report) } }
        try await testGracefulShutdown { trigger in
            async let run: Void = service.run()
            while held.container.books().books.ready == 0 { await Task.yield() }
            trigger.triggerGracefulShutdown()
            await held.isInside.waitThroughCancellation()
            await held.pass(.seconds(5))
            try await run
        }
        #expect(!held.container.root.isOpen)
        #expect(held.container.books().books.abandoned == 1)
        #expect(held.handler.entries.map(\.level) == [.error])
        let entry = try #require(held.handler.entries.first)
        #expect(entry.message == "container closed with failures")
        let report = try #require(reports.withLock { $0 }.first)
        #expect(entry.metadata["report"] == "\(report)")
        #expect(report.entries.first?.error?.contains("close's budget of 5.0 seconds") == true)
        held.isReleased.fulfill(())
    }

    @Test("A shutdown during startup stops waiting for eager singletons and applies the close budget.")
    func shutdownDuringStart() async throws {
        let held = try Held(inDispose: false)
        let service = held.service(budget: .seconds(5), startBudget: .seconds(300))
        try await testGracefulShutdown { trigger in
            async let run: Void = service.run()
            await held.isInside.waitThroughCancellation()
            trigger.triggerGracefulShutdown()
            while held.container.root.isOpen { await Task.yield() }
            await held.pass(.seconds(5))
            try await run
        }
        #expect(held.time.now.nanoseconds == 5_000_000_000)
        #expect(held.container.books().books.abandoned == 1)
        held.isReleased.fulfill(())
    }

    @Test("A startup beyond its budget closes the container and fails, naming the resources that were not ready.")
    func startTimedOut() async throws {
        let held = try Held(inDispose: false)
        let service = held.service(budget: .seconds(5), startBudget: .seconds(2))
        async let run = Result { try await service.run() }
        await held.isInside.waitThroughCancellation()
        await held.pass(.seconds(2))
        while held.container.root.isOpen { await Task.yield() }
        await held.pass(.seconds(5))
        let result = await run
        let error = #expect(throws: ContainerStartTimedOut.self) { try result.get() }
        #expect(error?.initializing == ["Part#1"])
        #expect(error?.description.contains("container app was not started within 2.0 seconds: Part#1 not ready yet") == true)
        #expect(held.handler.entries.map(\.message.description) == ["container did not start", "container closed with failures"])
        held.isReleased.fulfill(())
    }

    @Test("A failing eager singleton ends the service with its error and closes the container.")
    func startFails() async throws {
        let container = Container("app", environment: ResourceEnvironment(time: ManualTime().source))
        try container.bind(Part.self, lifetime: .singleton, options: BindingOptions(eager: true)) { () throws -> Part in throw Trouble() }
        let error = await #expect(throws: ResourceError.self) { try await ContainerService(container).run() }
        #expect(error?.underlying is Trouble)
        #expect(!container.root.isOpen)
    }

    @Test("A signal ends a service group even if a dispose blocks its thread.")
    func live() async throws {
        let isReleased = Lock(false)
        let isHeld = Promise<Void>()
        defer { isReleased.withLock { $0 = true } }
        let container = Container("app")
        try container.bind(
            Part.self,
            lifetime: .singleton,
            lifecycle: .managed(onDispose: { _ in
                isHeld.fulfill(())
                let end = TimeSource.system.now + .seconds(20)
                while !isReleased.withLock({ $0 }), TimeSource.system.now < end {}
            }),
            options: BindingOptions(eager: true)
        ) { Part() }
        let service = ContainerService(container, budget: .milliseconds(400))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service)],
                gracefulShutdownSignals: [.sigusr2],
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
        let begin = TimeSource.system.now
        async let run: Void = group.run()
        while container.books().books.ready == 0 { await Task.yield() }
        kill(getpid(), SIGUSR2)
        try await run
        #expect(TimeSource.system.now - begin < .seconds(10))
        #expect(container.books().books.abandoned == 1)
        await isHeld.waitThroughCancellation()
    }

    @Test("A bound service runs from its first use until its scope closes, and the scope waits for it.")
    func bound() async throws {
        let container = Container(environment: ResourceEnvironment(time: ManualTime().source))
        let diary = Diary()
        try container.bind(ServiceResource<Worker>.self) { ServiceResource(Worker(diary: diary)) }
        try await container.withScope { scope in
            let resource = try await scope.get(ServiceResource<Worker>.self)
            while diary.lines.isEmpty { await Task.yield() }
            let report = try await resource.healthCheck()
            #expect(report.status == .healthy)
            #expect(diary.lines == ["run"])
        }
        #expect(diary.lines == ["run", "end"])
        #expect(container.snapshot().books.errors == 0)
    }

    @Test("A graceful shutdown of the surrounding group does not end a bound service; closing its scope does.")
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
        #expect(diary.lines == ["run", "end"])
        #expect(container.snapshot().books.errors == 0)
    }

    @Test("A service that returns or fails early is reported as an error and becomes unhealthy.", arguments: [false, true])
    func earlyEnd(fails: Bool) async throws {
        let container = Container(environment: ResourceEnvironment(time: ManualTime().source))
        let diary = Diary()
        try container.bind(ServiceResource<Worker>.self) { ServiceResource(Worker(diary: diary, fails: fails, returns: true)) }
        try await container.withScope { scope in
            let resource = try await scope.get(ServiceResource<Worker>.self)
            while try await resource.healthCheck().status == .healthy { await Task.yield() }
            let report = try await resource.healthCheck()
            #expect(report.message?.contains(fails ? " failed: " : " ended unexpectedly") == true)
            while container.snapshot().books.errors == 0 { await Task.yield() }
        }
        #expect(container.snapshot().books.errors == 1)
        #expect(container.snapshot().books.disposed == 1)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
