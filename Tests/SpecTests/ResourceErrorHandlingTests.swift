import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's good pattern 2, "Resource Error Handling".
@Suite("Spec: Good pattern, Resource Error Handling")
struct ResourceErrorHandlingTests {
    /// The page's `UnreliableResource`.
    private final class UnreliableResource: Resource, ContextualResource {
        private let isReachable: Bool
        private let cleansUp: Bool
        private let context = Lock<ResourceContext?>(nil)

        init(isReachable: Bool = true, cleansUp: Bool = true) {
            self.isReachable = isReachable
            self.cleansUp = cleansUp
        }

        func attach(_ context: ResourceContext) {
            self.context.withLock { $0 = context }
        }

        func initialize() async throws {
            if !self.isReachable { throw Refused(description: "no answer") }
        }

        func dispose() async throws {
            do { try self.cleanUp() } catch { self.context.withLock { $0 }?.report(error) }
        }

        private func cleanUp() throws {
            if !self.cleansUp { throw Refused(description: "cannot release") }
        }
    }

    private struct Primary: Sendable {
        var name = "primary"
    }

    private struct Secondary: Sendable {
        var name = "secondary"
    }

    let simulation = Simulation(seed: 1)

    @Test("ResourceInitializationError: The error names the failed resource, its scope, and the cause.")
    func initializationError() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        try container.bind(UnreliableResource.self) { UnreliableResource(isReachable: false) }
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope("request") { _ = try await $0.get(UnreliableResource.self) } }
        }
        #expect(error?.code == .initializationFailed)
        #expect(error?.key == "UnreliableResource")
        #expect(error?.scope == "request")
        #expect((error?.underlying as? Refused)?.description == "no answer")
        #expect(container.snapshot().books.initFailed == 1)
        let texts = subscription.drain().events.compactMap { event in
            if case .initializationFailed(let text, _) = event.kind { text } else { nil }
        }
        #expect(texts == ["no answer"])
    }

    @Test("ResourceInitializationError: A failure is not cached, and the next request tries again.")
    func retry() throws {
        let container = Container(environment: self.simulation.environment)
        let attempts = Lock(0)
        try container.bind(UnreliableResource.self) {
            UnreliableResource(
                isReachable: attempts.withLock { count in
                    count += 1
                    return count > 1
                }
            )
        }
        try self.simulation.run {
            try await container.withScope { scope in
                await #expect(throws: ResourceError.self) { try await scope.get(UnreliableResource.self) }
                _ = try await scope.get(UnreliableResource.self)
            }
        }
        let books = container.snapshot().books
        #expect(books.initFailed == 1)
        #expect(books.disposed == 1)
        #expect(books.created == 2)
    }

    @Test("Don't re-raise in dispose: A handled error is reported and counted, and the scope's close stays clean.")
    func reportedInDispose() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        try container.bind(UnreliableResource.self) { UnreliableResource(cleansUp: false) }
        let report = Lock<DisposeReport?>(nil)
        try self.simulation.run {
            try await container.withScope(policy: .throw, onClose: { closed in report.withLock { $0 = closed } }) { scope in
                _ = try await scope.get(UnreliableResource.self)
            }
        }
        #expect(report.withLock { $0 }?.isClean == true)
        #expect(container.snapshot().books.errors == 1)
        #expect(subscription.drain().events.contains { $0.kind == .errorReported("cannot release") })
    }

    @Test("Graceful degradation as on the page: If the primary fails to initialize, another scope uses the secondary.")
    func fallbackByHand() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Primary.self) { () throws -> Primary in throw Refused() }
        try container.bind(Secondary.self) { Secondary() }
        let name = try self.simulation.run {
            do {
                return try await container.withScope { try await $0.get(Primary.self).name }
            } catch let error as ResourceError where error.code == .initializationFailed {
                return try await container.withScope { try await $0.get(Secondary.self).name }
            }
        }
        #expect(name == "secondary")
    }

    @Test("Graceful degradation by declaration: The binding names its fallback, and the event gives the reason for its use.")
    func fallbackDeclared() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        let isReachable = Lock(false)
        try container.bind(
            Bind(Primary.self) { () throws -> Primary in
                if !isReachable.withLock({ $0 }) { throw Refused() }
                return Primary()
            }.fallback(to: ResourceKey(Secondary.self)) { Primary(name: $0.name) }
        )
        try container.bind(Secondary.self) { Secondary() }
        try self.simulation.run {
            let degraded = try await container.withScope { try await $0.get(Primary.self).name }
            #expect(degraded == "secondary")
            isReachable.withLock { $0 = true }
            let recovered = try await container.withScope { try await $0.get(Primary.self).name }
            #expect(recovered == "primary")
        }
        let reasons = subscription.drain().events.compactMap { event in
            if case .fellBack(let from, let reason) = event.kind { "\(from): \(reason)" } else { nil }
        }
        #expect(reasons.count == 1)
        #expect(reasons.first?.hasPrefix("Primary") == true)
        #expect(reasons.first?.contains("refused") == true)
    }

    @Test("Graceful degradation: If the fallback fails, too, the request fails with an error.")
    func bothFail() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(
            Bind(Primary.self) { () throws -> Primary in throw Refused() }
                .fallback(to: ResourceKey(Secondary.self)) { Primary(name: $0.name) }
        )
        try container.bind(Secondary.self) { () throws -> Secondary in throw Refused() }
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ = try await $0.get(Primary.self) } }
        }
        #expect(error?.code == .initializationFailed)
    }
}
