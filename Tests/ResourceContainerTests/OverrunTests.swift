import ResourceSimulation
import ResourceTesting
import Testing

@testable import ResourceContainer

/// A resource whose steps hold their thread: time passes while nothing suspends.
private final class Blocking: SyncResource {
    let time: ManualTime
    let initialisation: Duration
    let disposal: Duration
    let failure: Failure?

    init(_ time: ManualTime, initialisation: Duration = .zero, disposal: Duration = .zero, failure: Failure? = nil) {
        self.time = time
        self.initialisation = initialisation
        self.disposal = disposal
        self.failure = failure
    }

    func initialize() throws {
        self.time.move(to: self.time.now + self.initialisation)
        if self.initialisation > .zero, let failure { throw failure }
    }

    func dispose() throws {
        self.time.move(to: self.time.now + self.disposal)
        if self.disposal > .zero, let failure { throw failure }
    }
}

@Suite("A step that holds its thread beyond its budget is told of when it comes back")
struct OverrunTests {
    let time = ManualTime()
    let container: Container
    let subscription: EventSubscription
    let options = BindingOptions(initializeTimeout: .milliseconds(200), disposeTimeout: .milliseconds(100))

    init() {
        self.container = Container(environment: ResourceEnvironment(time: self.time.source))
        self.subscription = self.container.subscribe()
    }

    @Test("a dispose counts as abandoned, its late end is an event, and the report says by how much", arguments: [true, false])
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
        #expect(entry.error == "its dispose came back after 0.9 seconds, when its budget of 0.1 seconds was used up")
        let kinds = self.subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.abandoned(.dispose, budget: .milliseconds(100))))
        #expect(kinds.contains(.completedLate(.dispose, took: .milliseconds(900))))
        let books = self.container.snapshot().books
        #expect(books.isBalanced && books.abandoned == 1 && books.active == 0)
        #expect(record.faults.isEmpty)
    }

    private func synchronously(_ keep: @escaping (DisposeReport) -> Void) throws {
        try self.container.withScope(onClose: keep) { _ = try $0.get(Blocking.self) }
    }

    @Test("an initialisation counts as abandoned, its request is refused, and the instance is disposed unseen")
    func initialise() async throws {
        try self.container.bind(Blocking.self, options: self.options) { [time] in Blocking(time, initialisation: .milliseconds(900)) }
        let container = self.container
        let error = await #expect(throws: ResourceError.self) {
            try await container.withScope { _ = try await $0.get(Blocking.self) }
        }
        #expect(error?.code == .initialisationTimedOut)
        let kinds = self.subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.abandoned(.initialise, budget: .milliseconds(200))))
        #expect(kinds.contains(.completedLate(.initialise, took: .milliseconds(900))))
        let books = self.container.snapshot().books
        #expect(books.isBalanced && books.abandoned == 1 && books.active == 0)
    }

    @Test("one that throws has failed, and the error says that it was over its budget besides", arguments: [true, false])
    func throwing(inDispose: Bool) async throws {
        let failure = Failure(description: "no answer")
        try self.container.bind(Blocking.self, options: self.options) { [time] in
            inDispose
                ? Blocking(time, disposal: .milliseconds(900), failure: failure)
                : Blocking(time, initialisation: .milliseconds(900), failure: failure)
        }
        let container = self.container
        let report = Lock<DisposeReport?>(nil)
        let result = await Result {
            try await container.withScope(onClose: { closed in report.withLock { $0 = closed } }) { _ = try await $0.get(Blocking.self) }
        }
        if inDispose {
            let entry = try #require(report.withLock { $0 }?.entries.first)
            #expect(entry.outcome == .threw)
            #expect(entry.error == "no answer; its dispose came back after 0.9 seconds, when its budget of 0.1 seconds was used up")
        } else {
            let error = #expect(throws: ResourceError.self) { try result.get() }
            #expect(error?.code == .initialisationFailed)
            let text = "after 0.9 seconds, when its initializeTimeout of 0.2 seconds was used up: no answer"
            #expect(error?.description.contains(text) == true)
        }
    }
}
