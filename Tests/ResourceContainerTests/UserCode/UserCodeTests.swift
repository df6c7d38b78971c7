import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("User code runs without any lock held, so it may call the container")
struct UserCodeTests {
    private let simulation = Simulation(seed: 1)
    private let nose = Nose()
    private let container: Container

    init() {
        self.container = Container(environment: self.simulation.environment)
        self.nose.watch(self.container)
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
        let nose = self.nose
        try self.container.bind(Int.self) { () throws -> Int in throw NosyError("no number", nose) }
        let later = try self.simulation.run {
            await #expect(throws: ResourceError.self) { try await self.container.withScope { _ = try await $0.get(Int.self) } }
        }
        let atOnce = #expect(throws: ResourceError.self) { try self.container.withScope { _ = try $0.get(Int.self) } }
        #expect(later?.description.hasSuffix("failed: no number") == true)
        #expect(atOnce?.description.hasSuffix("failed: no number") == true)
        #expect(nose.looks > 0)
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
            let lock: Turnstile
            var description: String { self.lock.passThrough() }
        }
        let container = Container()
        let lock = Turnstile(container)
        try container.bind(Int.self) { () throws -> Int in throw Shared(lock: lock) }
        async let other: Void = lock.holdWhileAsking()
        let error = await #expect(throws: ResourceError.self) { try await container.withScope { _ = try await $0.get(Int.self) } }
        await other
        #expect(error?.description.hasSuffix("passed") == true)
    }

    @Test("A throwing dispose, a note, a reported error, health, and pool samples may call the container.")
    func otherCallbacks() throws {
        let (nose, container) = (self.nose, self.container)
        try container.bind(Teller.self) { Teller(nose) }
        let report = try self.simulation.run {
            var report: DisposeReport?
            try await container.withScope(onClose: { report = $0 }) { scope in
                let teller = try await scope.get(Teller.self)
                teller.tell()
                #expect(container.poolSamples().map(\.name) == ["teller"])
            }
            return report
        }
        #expect(report?.entries.map(\.error) == ["no end"])
        #expect(nose.looks > 3)
    }

    @Test("No user value is released under a lock: instances, aliases, fallbacks, and replaced bindings.")
    func values() throws {
        let (nose, container) = (self.nose, self.container)
        let looksBefore = nose.looks
        try self.simulation.run {
            try container.bind(NosyValue.self, options: BindingOptions(trackOutliving: true)) { NosyValue(nose) }
            try container.bind(Bind(NosyValue.self, name: "other", alias: ResourceKey(NosyValue.self)) { _ in NosyValue(nose) })
            try container.bind(
                Bind(NosyValue.self, name: "failing") { () throws -> NosyValue in throw NosyError("none", nose) }
                    .fallback(to: ResourceKey(NosyValue.self)) { _ in NosyValue(nose) }
            )
            for _ in 0..<4 {
                try await container.withScope { scope in
                    for name in [nil, "other", "failing"] { _ = try await scope.get(NosyValue.self, name: name) }
                    #expect(container.outliving().isEmpty)
                }
                let captured = NosyValue(nose)
                try container.bind(NosyValue.self, options: BindingOptions(trackOutliving: true), override: true) { () -> NosyValue in
                    withExtendedLifetime(captured) { NosyValue(nose) }
                }
            }
            try await container.overriding {
                Bind(NosyValue.self) { NosyValue(nose) }.fallback(to: ResourceKey(NosyValue.self, name: "other")) { _ in NosyValue(nose) }
            } body: { scope in
                try await scope.withScope { _ = try await $0.get(NosyValue.self) }
            }
            try await container.close()
        }
        #expect(nose.looks > looksBefore + 20)
    }

    @Test("A canceled deadline releases its captures outside the lock.")
    func deadlines() throws {
        for time in [self.simulation.environment.time, TimeSource.system] {
            let looks = self.nose.looks
            Self.deadline(of: time, holding: NosyValue(self.nose)).cancel()
            #expect(self.nose.looks == looks + 1)
        }
    }

    private static func deadline(of time: TimeSource, holding value: NosyValue) -> TimeSource.Deadline {
        time.schedule(at: time.now + .seconds(3600)) { withExtendedLifetime(value) {} }
    }
}

/// A lock that is held by a thread that calls the container when a description wants the lock.
private final class Turnstile: Sendable {
    private let container: Container
    private let wanted = Promise<Void>()
    private let inside = Promise<Void>()

    init(_ container: Container) {
        self.container = container
    }

    /// Waits for the other thread, as for a lock that it holds.
    func passThrough() -> String {
        self.wanted.fulfill(())
        self.inside.waitBlocking()
        return "passed"
    }

    /// Calls the container while the other thread waits, then lets it continue.
    func holdWhileAsking() async {
        await self.wanted.waitThroughCancellation()
        _ = self.container.books()
        self.inside.fulfill(())
    }
}

/// A resource that reports everything it can to its container, each time with an object that reads the container.
private final class Teller: Resource, SampledPool {
    private let nose: Nose
    private let context = Lock<ResourceContext?>(nil)

    init(_ nose: Nose) {
        self.nose = nose
    }

    func attach(_ context: ResourceContext) {
        self.nose.look()
        self.context.withLock { $0 = context }
    }

    func initialize() async throws { self.nose.look() }

    func dispose() async throws {
        self.nose.look()
        throw NosyError("no end", self.nose)
    }

    func tell() {
        self.context.withLock { $0 }?.report(NosyError("reported", self.nose))
    }

    func poolSample() -> PoolSample {
        self.nose.look()
        return PoolSample(name: "teller", maximum: 1)
    }
}
