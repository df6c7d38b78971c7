import ResourceContainer
import Testing

/// An actor with mutable state that only code isolated to it may access.
private actor Counter {
    private var count = 0

    func countInScope(of container: Container) async throws -> Int {
        try await container.withScope { scope in
            self.count += 1
            let step = try await scope.get(Int.self)
            self.count += step
        }
        return self.count
    }
}

@Suite("Isolation of scope bodies")
struct IsolationTests {
    @Test("A scope's body accesses the state of its actor and returns to that actor after resolving a resource.")
    func actor() async throws {
        let container = Container()
        try container.bind(Int.self) { 41 }
        let counter = Counter()
        let count = try await counter.countInScope(of: container)
        #expect(count == 42)
    }

    @MainActor
    @Test("Opening a scope, getting a ready instance, and closing without suspension stay on the main actor.")
    func mainActor() async throws {
        let container = Container()
        try container.bind(Int.self) {
            MainActor.assertIsolated()
            return 1
        }
        var seen = 0
        try await container.withScope { scope in
            MainActor.assertIsolated()
            seen += try await scope.get(Int.self)
            MainActor.assertIsolated()
        }
        MainActor.assertIsolated()
        #expect(seen == 1)
    }

    @Test("A scope's body may capture and return non-Sendable values.")
    func nonSendable() async throws {
        final class Local { var value = 0 }
        let container = Container()
        let local = Local()
        let returned = try await container.withScope { _ in
            local.value += 1
            return local
        }
        #expect(returned === local)
        #expect(local.value == 1)
    }
}
