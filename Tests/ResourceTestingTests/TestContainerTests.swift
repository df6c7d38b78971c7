import ResourceContainer
import ResourceTesting
import Testing

private final class Part: SyncResource {}

@Suite("Containers for tests")
struct TestContainerTests {
    @Test("A test container that is released without being closed ends the run.")
    func dropped() async {
        await #expect(processExitsWith: .failure) { _ = try Container.forTesting { Bind(Int.self) { 1 } } }
    }

    @Test("A closed test container does not end the run, and neither does one with invalid bindings.")
    func closed() async throws {
        let container = try Container.forTesting("shop") { Bind(Int.self, lifetime: .singleton) { 1 } }
        let number = try await container.get(Int.self)
        #expect(number == 1)
        #expect(container.name == "shop")
        try await container.close()
        let error = #expect(throws: ResourceError.self) {
            try Container.forTesting {
                Bind(Int.self) { 1 }
                Bind(Int.self) { 2 }
            }
        }
        #expect(error?.code == .duplicateBinding)
    }

    @Test("withTestContainer closes its container whether the body returns or throws.")
    func closedAfterBody() async throws {
        struct Broken: Error {}
        let kept = Lock<Container?>(nil)
        let answer = try await withTestContainer {
            Bind(Part.self, lifetime: .singleton) { Part() }
        } body: { container in
            _ = try await container.get(Part.self)
            kept.withLock { $0 = container }
            return 7
        }
        #expect(answer == 7)
        #expect(kept.withLock { $0 }?.books().books.disposed == 1)
        await #expect(throws: Broken.self) {
            try await withTestContainer { container in
                kept.withLock { $0 = container }
                throw Broken()
            }
        }
        #expect(kept.withLock { $0 }?.root.isOpen == false)
    }
}
