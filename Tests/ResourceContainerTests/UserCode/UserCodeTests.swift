import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("User code runs without any lock held, so it may call the container")
struct UserCodeTests {
    private let simulation = Simulation(seed: 1)
    private let probe = LockProbe()
    private let container: Container

    init() {
        self.container = Container(environment: self.simulation.environment)
        self.probe.watch(self.container)
    }

    #if DEBUG || SCHEDULE_POINTS
        @Test("A call of user code under a lock ends a debug build.")
        func trap() async {
            await #expect(processExitsWith: .failure) {
                Lock(0).withLock { _ in UserCode.begins() }
            }
            await #expect(processExitsWith: .success) {
                Lock(0).withLock { _ in }
                UserCode.begins()
            }
        }
    #endif

    @Test("The description of an initialization error may call the container, in asynchronous and synchronous code.")
    func initialization() throws {
        let probe = self.probe
        try self.container.bind(Int.self) { () throws -> Int in throw ReadingError("no number", probe) }
        let later = try self.simulation.run {
            await #expect(throws: ResourceError.self) { try await self.container.withScope { _ = try await $0.get(Int.self) } }
        }
        let atOnce = #expect(throws: ResourceError.self) { try self.container.withScope { _ = try $0.get(Int.self) } }
        #expect(later?.description.hasSuffix("failed: no number") == true)
        #expect(atOnce?.description.hasSuffix("failed: no number") == true)
        #expect(probe.reads > 0)
    }

    @Test("An error is described once, even if a fallback, events, and a report contain it.")
    func once() throws {
        struct Counted: Error, CustomStringConvertible {
            let diary: Diary
            var description: String {
                self.diary.write("described")
                return "no number"
            }
        }
        let diary = Diary()
        let subscription = self.container.subscribe()
        try self.container.bind(
            Bind(Int.self) { () throws -> Int in throw Counted(diary: diary) }.fallback(
                to: ResourceKey(Int.self, name: "spare")
            )
        )
        try self.container.bind(Int.self, name: "spare") { 7 }
        let number = try self.simulation.run { try await self.container.withScope { try await $0.get(Int.self) } }
        #expect(number == 7)
        #expect(diary.count("described") == 1)
        let reasons = subscription.drain().events.compactMap { event in
            switch event.kind {
            case .initializationFailed(let reason, _), .fellBack(_, let reason): reason
            default: nil
            }
        }
        #expect(reasons == ["no number", "no number"])
        #expect(diary.count("described") == 1)
    }

    @Test("A description that waits for another thread's lock does not block a container call under that lock.")
    func descriptionUnderAnotherLock() async throws {
        struct Shared: Error, CustomStringConvertible {
            let lock: OtherThreadLock
            var description: String { self.lock.waitForOtherThread() }
        }
        let container = Container()
        let lock = OtherThreadLock(container)
        try container.bind(Int.self) { () throws -> Int in throw Shared(lock: lock) }
        async let other: Void = lock.holdDuringCall()
        let error = await #expect(throws: ResourceError.self) { try await container.withScope { _ = try await $0.get(Int.self) } }
        await other
        #expect(error?.description.hasSuffix("passed") == true)
    }

    @Test("A throwing dispose, a note, a reported error, health, and pool samples may call the container.")
    func otherCallbacks() throws {
        let (probe, container) = (self.probe, self.container)
        try container.bind(ReportingPool.self, lifetime: .scoped) { ReportingPool(probe) }
        let report = try self.simulation.run {
            var report: DisposeReport?
            try await container.withScope(onClose: { report = $0 }) { scope in
                let resource = try await scope.get(ReportingPool.self)
                resource.report()
                #expect(container.poolSamples().map(\.name) == ["reporting"])
            }
            return report
        }
        #expect(report?.entries.map(\.error) == ["no end"])
        #expect(probe.reads > 3)
    }

    @Test("No user value is released under a lock: instances, aliases, fallbacks, and replaced bindings.")
    func values() throws {
        let (probe, container) = (self.probe, self.container)
        let readsBefore = probe.reads
        try self.simulation.run {
            try container.bind(ReadingValue.self, options: BindingOptions(trackOutliving: true)) { ReadingValue(probe) }
            try container.bind(Bind(ReadingValue.self, name: "other", alias: ResourceKey(ReadingValue.self)) { _ in ReadingValue(probe) })
            try container.bind(
                Bind(ReadingValue.self, name: "failing") { () throws -> ReadingValue in throw ReadingError("none", probe) }
                    .fallback(to: ResourceKey(ReadingValue.self)) { _ in ReadingValue(probe) }
            )
            for _ in 0..<4 {
                try await container.withScope { scope in
                    for name in [nil, "other", "failing"] { _ = try await scope.get(ReadingValue.self, name: name) }
                    #expect(container.outliving().isEmpty)
                }
                let captured = ReadingValue(probe)
                try container.bind(ReadingValue.self, options: BindingOptions(trackOutliving: true), override: true) { () -> ReadingValue in
                    withExtendedLifetime(captured) { ReadingValue(probe) }
                }
            }
            try await container.overriding {
                Bind(ReadingValue.self) { ReadingValue(probe) }.fallback(to: ResourceKey(ReadingValue.self, name: "other")) { _ in
                    ReadingValue(probe)
                }
            } body: { scope in
                try await scope.withScope { _ = try await $0.get(ReadingValue.self) }
            }
            try await container.close()
        }
        #expect(probe.reads > readsBefore + 20)
    }

    @Test("A canceled deadline releases its captures outside the lock.")
    func deadlines() throws {
        for time in [self.simulation.environment.time, TimeSource.system] {
            let reads = self.probe.reads
            Self.deadline(of: time, holding: ReadingValue(self.probe)).cancel()
            #expect(self.probe.reads == reads + 1)
        }
    }

    private static func deadline(of time: TimeSource, holding value: ReadingValue) -> TimeSource.Deadline {
        time.schedule(at: time.now + .seconds(3600)) { withExtendedLifetime(value) {} }
    }
}

/// A lock that is held by a thread that calls the container when a description wants the lock.
private final class OtherThreadLock: Sendable {
    private let container: Container
    private let wanted = Promise<Void>()
    private let inside = Promise<Void>()

    init(_ container: Container) {
        self.container = container
    }

    /// Waits for the other thread, as for a lock that it holds.
    func waitForOtherThread() -> String {
        self.wanted.fulfill(())
        self.inside.waitBlocking()
        return "passed"
    }

    /// Calls the container while the other thread waits, then lets it continue.
    func holdDuringCall() async {
        await self.wanted.waitThroughCancellation()
        _ = self.container.books()
        self.inside.fulfill(())
    }
}

/// A resource that reports everything it can to its container, each time with an object that reads the container.
private final class ReportingPool: Resource, SampledPool {
    private let probe: LockProbe
    private let context = Lock<ResourceContext?>(nil)

    init(_ probe: LockProbe) {
        self.probe = probe
    }

    func attach(_ context: ResourceContext) {
        self.probe.read()
        self.context.withLock { $0 = context }
    }

    func initialize() async throws { self.probe.read() }

    func dispose() async throws {
        self.probe.read()
        throw ReadingError("no end", self.probe)
    }

    func report() {
        self.context.withLock { $0 }?.report(ReadingError("reported", self.probe))
    }

    func poolSample() -> PoolSample {
        self.probe.read()
        return PoolSample(name: "reporting", maximum: 1)
    }
}
