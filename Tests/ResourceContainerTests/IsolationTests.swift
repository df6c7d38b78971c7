import ResourceContainer
import Testing

/// An actor that counts with a mutable property, which only code on it may touch.
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

@Suite("Scopes run where their caller runs")
struct IsolationTests {
    @Test("a body touches the state of the actor it is in, and comes back to it after what it got")
    func actor() async throws {
        let container = Container()
        try container.bind(Int.self) { 41 }
        let counter = Counter()
        let count = try await counter.countInScope(of: container)
        #expect(count == 42)
    }

    @MainActor
    @Test("opening, getting what is ready and closing what needs no suspension stay on the main actor")
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

    @Test("a body may return what cannot be sent, and take in what cannot")
    func nonSendable() async throws {
        final class Local { var value = 0 }
        let container = Container()
        let local = Local()
        let returned = try await container.withScope { _ in
            local.value += 1
            return local
        }
        #expect(returned === local && local.value == 1)
    }
}
