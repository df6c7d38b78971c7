import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Code of users may ask the container wherever it is called: no lock is held there")
struct UserCodeTests {
    private let simulation = Simulation(seed: 1)
    private let nose = Nose()
    private let container: Container

    init() {
        self.container = Container(environment: self.simulation.environment)
        self.nose.watch(self.container)
    }

    #if DEBUG || SCHEDULE_POINTS
        @Test("a call of such code under a lock ends a debug build")
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

    @Test("the description of an error that making throws may ask the container, in a task and in synchronous code")
    func initialisation() throws {
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

    @Test("an error is described once, also where a fallback, events and a report tell of it")
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
        try self.container.bind(Int.self) { () throws -> Int in throw Counted(diary: diary) }.fallback(
            to: ResourceKey(Int.self, name: "spare")
        )
        try self.container.bind(Int.self, name: "spare") { 7 }
        let number = try self.simulation.run { try await self.container.withScope { try await $0.get(Int.self) } }
        #expect(number == 7)
        #expect(diary.count("described") == 1)
        let reasons = subscription.drain().events.compactMap { event in
            switch event.kind {
            case .initialisationFailed(let reason, _), .fellBack(_, let reason): reason
            default: nil
            }
        }
        #expect(reasons == ["no number", "no number"])
        #expect(diary.count("described") == 1)
    }

    @Test("a description that takes a lock which another thread holds while it asks the container stops nobody")
    func order() async throws {
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

    @Test("a dispose that throws, a note, a reported error, health and samples of a pool: all may ask the container")
    func elsewhere() throws {
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

    @Test("no value of a user's goes under a lock: instances, aliases, fallbacks, replaced bindings, what is looked at for outliving")
    func values() throws {
        let (nose, container) = (self.nose, self.container)
        let looksBefore = nose.looks
        try self.simulation.run {
            try container.bind(NosyValue.self, options: BindingOptions(trackOutliving: true)) { NosyValue(nose) }
            try container.bind(NosyValue.self, name: "other", alias: ResourceKey(NosyValue.self)) { _ in NosyValue(nose) }
            try container.bind(NosyValue.self, name: "failing") { () throws -> NosyValue in throw NosyError("none", nose) }
                .fallback(to: ResourceKey(NosyValue.self)) { _ in NosyValue(nose) }
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

    @Test("a time-out that is taken back lets go of what it holds outside of the lock")
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

/// A lock that is held, by somebody who asks the container under it, when a description wants it.
private final class Turnstile: Sendable {
    private let container: Container
    private let wanted = Promise<Void>()
    private let inside = Promise<Void>()

    init(_ container: Container) {
        self.container = container
    }

    /// Waits for the other, as for a lock that the other holds.
    func passThrough() -> String {
        self.wanted.fulfil(())
        self.inside.waitBlocking()
        return "passed"
    }

    /// Asks the container when the other waits, and lets it go on after that.
    func holdWhileAsking() async {
        await self.wanted.waitThroughCancellation()
        _ = self.container.books()
        self.inside.fulfil(())
    }
}

/// A resource that tells its container everything it can, each time with something that looks into it.
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
