import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's good pattern 1, "Proper Resource Cleanup".
@Suite("Spec: Good pattern, Proper Resource Cleanup")
struct ProperResourceCleanupTests {
    /// The way in which a body ends.
    enum Ending: CaseIterable, CustomTestStringConvertible {
        case returned, threw, cancelled

        var testDescription: String {
            "\(self)"
        }
    }

    @Test("Use resource scopes: The resources of a request are disposed for every ending of its body.", arguments: Ending.allCases)
    func scopes(ending: Ending) throws {
        let simulation = Simulation(seed: 1)
        let journal = Journal()
        let container = Container(environment: simulation.environment)
        try container.bind(DatabaseConnection.self) { DatabaseConnection(DatabaseConfig(), journal) }
        try container.bind(CacheConnection.self) { CacheConnection(journal) }
        let outcome = try simulation.run {
            await withTaskGroup(of: Result<String?, any Error>.self) { group in
                group.addTask {
                    await Result {
                        try await container.withScope("request") { scope in
                            let database = try await scope.get(DatabaseConnection.self)
                            let cache = try await scope.get(CacheConnection.self)
                            await cache.set("answer", try await database.executeQuery("SELECT 42"))
                            switch ending {
                            case .returned: break
                            case .threw: throw Refused()
                            case .cancelled: try await simulation.environment.time.sleep(for: .seconds(60))
                            }
                            return await cache.get("answer")
                        }
                    }
                }
                if ending == .cancelled {
                    try? await simulation.environment.time.sleep(for: .seconds(1))
                    group.cancelAll()
                }
                return await group.next()
            }
        }
        switch (ending, try #require(outcome)) {
        case (.returned, .success(let answer)): #expect(answer == "1: SELECT 42")
        case (.threw, .failure(let error)): #expect(error is Refused)
        case (.cancelled, .failure(let error)): #expect(error is CancellationError)
        default: Issue.record("the body ended with \(String(describing: outcome))")
        }
        #expect(journal.entries == ["+database", "+cache", "-cache", "-database"])
        let books = container.snapshot().books
        #expect(books.active == 0)
        #expect(books.disposed == 2)
    }

    @Test("Explicit cleanup in synchronous code: A synchronous scope creates, shares, and disposes synchronous resources.")
    func synchronous() throws {
        final class Service: SyncResource {
            private let journal: Journal
            init(_ journal: Journal) { self.journal = journal }
            func initialize() throws { self.journal.write("+service") }
            func dispose() throws { self.journal.write("-service") }
            func process() -> Int { 42 }
        }
        let container = Container()
        let journal = Journal()
        try container.bind(Service.self) { Service(journal) }
        let result = try container.withScope { scope in
            let service = try scope.get(Service.self)
            let same = try container.get(Service.self)
            #expect(same === service)
            #expect(journal.entries == ["+service"])
            return service.process()
        }
        #expect(result == 42)
        #expect(journal.entries == ["+service", "-service"])
        #expect(throws: Refused.self) {
            try container.withScope { scope in
                _ = try scope.get(Service.self)
                throw Refused()
            }
        }
        #expect(journal.entries == ["+service", "-service", "+service", "-service"])
    }

    @Test("Explicit cleanup in synchronous code: A resource with asynchronous cleanup is refused before its creation.")
    func synchronousRefusal() throws {
        let container = Container()
        let journal = Journal()
        try container.bind(CacheConnection.self) { CacheConnection(journal) }
        try container.withScope { scope in
            let error = #expect(throws: ResourceError.self) { try scope.get(CacheConnection.self) }
            #expect(error?.code == .asynchronousOnly)
            #expect(error?.key == "CacheConnection")
        }
        #expect(journal.entries.isEmpty)
    }
}
