import ResourceSimulation
import ResourceTesting
import Testing

@testable import ResourceContainer

/// A resource whose steps block their thread: time passes without suspension.
private final class Blocking: SyncResource {
    let time: ManualTime
    let initialization: Duration
    let disposal: Duration
    let failure: Failure?

    init(_ time: ManualTime, initialization: Duration = .zero, disposal: Duration = .zero, failure: Failure? = nil) {
        self.time = time
        self.initialization = initialization
        self.disposal = disposal
        self.failure = failure
    }

    func initialize() throws {
        self.time.move(to: self.time.now + self.initialization)
        if self.initialization > .zero, let failure { throw failure }
    }

    func dispose() throws {
        self.time.move(to: self.time.now + self.disposal)
        if self.disposal > .zero, let failure { throw failure }
    }
}

@Suite("Steps that block their thread beyond their budget are reported when they return")
struct OverrunTests {
    let time = ManualTime()
    let container: Container
    let subscription: EventSubscription
    let options = BindingOptions(initializeTimeout: .milliseconds(200), disposeTimeout: .milliseconds(100))

    init() {
        self.container = Container(environment: ResourceEnvironment(time: self.time.source))
        self.subscription = self.container.subscribe()
    }

    @Test("A dispose that blocks beyond its budget counts as abandoned, and the report gives the excess.", arguments: [true, false])
    func dispose(isInTask: Bool) async throws {
        let record = LifecycleRecord(of: self.container)
        try self.container.bind(Blocking.self, options: self.options) { [time] in Blocking(time, disposal: .milliseconds(900)) }
        let report = Lock<DisposeReport?>(nil)
        let keep: (DisposeReport) -> Void = { closed in report.withLock { $0 = closed } }
        if isInTask {
            try await self.container.withScope(onClose: keep) { _ = try await $0.get(Blocking.self) }
        } else {
            try self.synchronously(keep)
        }
        let entry = try #require(report.withLock { $0 }?.entries.first)
        #expect(entry.outcome == .abandoned)
        #expect(entry.took == .milliseconds(900))
        #expect(entry.error == "its dispose returned after 0.9 seconds, beyond its budget of 0.1 seconds")
        let kinds = self.subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.abandoned(.dispose, budget: .milliseconds(100))))
        #expect(kinds.contains(.completedLate(.dispose, took: .milliseconds(900))))
        let books = self.container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.abandoned == 1)
        #expect(books.active == 0)
        #expect(record.faults.isEmpty)
    }

    private func synchronously(_ keep: @escaping (DisposeReport) -> Void) throws {
        try self.container.withScope(onClose: keep) { _ = try $0.get(Blocking.self) }
    }

    @Test("An initialization that blocks beyond its budget is abandoned, its request fails, and the instance is disposed.")
    func initialize() async throws {
        try self.container.bind(Blocking.self, options: self.options) { [time] in Blocking(time, initialization: .milliseconds(900)) }
        let container = self.container
        let error = await #expect(throws: ResourceError.self) {
            try await container.withScope { _ = try await $0.get(Blocking.self) }
        }
        #expect(error?.code == .initializationTimedOut)
        let kinds = self.subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.abandoned(.initialize, budget: .milliseconds(200))))
        #expect(kinds.contains(.completedLate(.initialize, took: .milliseconds(900))))
        let books = self.container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.abandoned == 1)
        #expect(books.active == 0)
    }

    @Test(
        "A step that throws after blocking beyond its budget counts as failed, and the error mentions the overrun.",
        arguments: [true, false]
    )
    func throwing(inDispose: Bool) async throws {
        let failure = Failure(description: "no answer")
        try self.container.bind(Blocking.self, options: self.options) { [time] in
            inDispose
                ? Blocking(time, disposal: .milliseconds(900), failure: failure)
                : Blocking(time, initialization: .milliseconds(900), failure: failure)
        }
        let container = self.container
        let report = Lock<DisposeReport?>(nil)
        let result = await Result {
            try await container.withScope(onClose: { closed in report.withLock { $0 = closed } }) { _ = try await $0.get(Blocking.self) }
        }
        if inDispose {
            let entry = try #require(report.withLock { $0 }?.entries.first)
            #expect(entry.outcome == .threw)
            #expect(entry.error == "no answer; its dispose returned after 0.9 seconds, beyond its budget of 0.1 seconds")
        } else {
            let error = #expect(throws: ResourceError.self) { try result.get() }
            #expect(error?.code == .initializationFailed)
            let text = "after 0.9 seconds, beyond its initializeTimeout of 0.2 seconds: no answer"
            #expect(error?.description.contains(text) == true)
        }
    }
}
