import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's bad pattern 3, "Improper Error Handling": a dispose that throws, and one that hides an error.
///
/// Not detectable: an error that a dispose catches and ignores. Report it with ``ResourceContext/report(_:)`` or let the dispose throw,
/// which is safe here.
@Suite("Spec: Bad pattern, Improper Error Handling")
struct ImproperErrorHandlingTests {
    /// The page's `BadDisposeResource`.
    private final class BadDispose: Resource {
        private let name: String
        private let journal: Journal

        init(_ name: String, _ journal: Journal) {
            self.name = name
            self.journal = journal
        }

        func dispose() async throws {
            self.journal.write("-\(self.name)")
            throw Refused(description: "Dispose failed!")
        }
    }

    let simulation = Simulation(seed: 1)
    let journal = Journal()

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        let journal = self.journal
        try container.bind(BadDispose.self, name: "a") { BadDispose("a", journal) }
        try container.bind(CacheConnection.self) { CacheConnection(journal) }
        try container.bind(BadDispose.self, name: "b") { BadDispose("b", journal) }
        return container
    }

    private func getAll(_ scope: Scope) async throws {
        _ = try await scope.get(BadDispose.self, name: "a")
        _ = try await scope.get(CacheConnection.self)
        _ = try await scope.get(BadDispose.self, name: "b")
    }

    @Test("Exceptions in dispose: A dispose that throws stops no other dispose, and the body's value is returned.")
    func stopsNoOtherDispose() throws {
        let container = try self.container()
        let report = Lock<DisposeReport?>(nil)
        let value = try self.simulation.run { [self] in
            try await container.withScope(onClose: { closed in report.withLock { $0 = closed } }) { scope in
                try await self.getAll(scope)
                return 42
            }
        }
        #expect(value == 42)
        #expect(self.journal.entries == ["+cache", "-b", "-cache", "-a"])
        let entries = try #require(report.withLock { $0 }).entries
        #expect(entries.map(\.label) == ["BadDispose(b)", "CacheConnection", "BadDispose(a)"])
        #expect(entries.map(\.outcome) == [.threw, .disposed, .threw])
        #expect(entries.map(\.error) == ["Dispose failed!", nil, "Dispose failed!"])
    }

    @Test("Exceptions in dispose: The failures count as errors, and the resources as disposed.")
    func counted() throws {
        let container = try self.container()
        try self.simulation.run { [self] in try await container.withScope { try await self.getAll($0) } }
        let books = container.snapshot().books
        #expect(books.errors == 2)
        #expect(books.disposed == 3)
        #expect(books.active == 0)
    }

    @Test("Exceptions in dispose: With the policy throw, all of them are thrown in one error.")
    func policy() throws {
        let container = try self.container()
        let error = #expect(throws: DisposeError.self) {
            try self.simulation.run { [self] in try await container.withScope(policy: .throw) { try await self.getAll($0) } }
        }
        #expect(error?.report.count(.threw) == 2)
        #expect(error?.report.count(.disposed) == 1)
    }

    @Test("Exceptions in dispose: The error of the body remains the one that is thrown.", arguments: [ClosePolicy.report, .throw])
    func bodyErrorFirst(policy: ClosePolicy) throws {
        struct BodyFailed: Error {}
        let container = try self.container()
        #expect(throws: BodyFailed.self) {
            try self.simulation.run { [self] in
                try await container.withScope(policy: policy) { scope in
                    try await self.getAll(scope)
                    throw BodyFailed()
                }
            }
        }
        #expect(container.snapshot().books.disposed == 3)
    }

    @Test("Ignoring dispose errors: A resource that must not throw can report the error, which is counted under its name.")
    func reported() throws {
        final class Reporting: Resource, ContextualResource {
            private let context = Lock<ResourceContext?>(nil)
            func attach(_ context: ResourceContext) { self.context.withLock { $0 = context } }
            func dispose() async throws {
                let context = self.context.withLock { $0 }
                context?.note("closing anyway")
                context?.report(Refused(description: "half closed"))
            }
        }
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        try container.bind(Reporting.self) { Reporting() }
        try self.simulation.run { try await container.withScope { _ = try await $0.get(Reporting.self) } }
        let kinds = subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.noted("closing anyway")))
        #expect(kinds.contains(.errorReported("half closed")))
        let binding = try #require(container.snapshot().bindings.first)
        #expect(binding.label == "Reporting")
        #expect(binding.books.errors == 1)
    }
}
