import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Work that outlives the scope in which it was started")
struct DetachedScopeTests {
    private let simulation = Simulation(seed: 1)
    private let diary = Diary()
    private let container: Container

    init() throws {
        self.container = Container("app", environment: self.simulation.environment)
        try self.container.bind(Thing.self) { [diary] in Thing("thing", diary) }
    }

    /// Runs `work` in a task that is started in the scope `request` and outlives it.
    private func outliving(_ work: @escaping @Sendable @concurrent (Container, TimeSource) async -> Void) throws {
        let (container, simulation) = (self.container, self.simulation)
        try simulation.run {
            let time = simulation.environment.time
            try await container.withScope("request") { _ in
                simulation.spawn { await work(container, time) }
                try await time.sleep(for: .milliseconds(10))
            }
            try await time.sleep(for: .seconds(20))
        }
    }

    @Test("A detached scope is inside the root, and stays open after the scope in which its task was started.")
    func detached() throws {
        let diary = self.diary
        try self.outliving { container, time in
            try? await container.withDetachedScope("receipt", tag: "job") { scope in
                try await time.sleep(for: .seconds(5))
                _ = try await scope.get(Thing.self)
                _ = try await container.get(Thing.self)
                diary.write("\(scope.path), \(scope.tag ?? "no tag")")
            }
        }
        #expect(diary.entries == ["+thing", "app ▸ receipt, job", "-thing"])
        #expect(self.container.snapshot().outcomes?.returned == 2)
    }

    @Test("A detached scope works the same way in synchronous code.")
    func synchronous() throws {
        let container = self.container
        let path = try container.withScope("request") { _ in try container.withDetachedScope("receipt") { $0.path } }
        #expect(path == "app ▸ receipt")
    }

    @Test("The error of a task that outlived its scope names the scope and the detached scope.")
    func outlived() throws {
        let errors = Lock<[ResourceError]>([])
        try self.outliving { container, time in
            try? await time.sleep(for: .seconds(1))
            do throws(any Error) {
                _ = try await container.get(Thing.self)
            } catch { errors.withLock { $0 += [error as? ResourceError].compactMap(\.self) } }
            do throws(any Error) {
                try await container.withScope("background") { _ in }
            } catch { errors.withLock { $0 += [error as? ResourceError].compactMap(\.self) } }
        }
        let found = errors.withLock { $0 }
        #expect(found.map(\.code) == [.scopeClosed, .scopeClosed])
        for error in found {
            #expect(error.description.contains("a task started in scope request inherits it"))
            #expect(error.description.hasSuffix("in container.withDetachedScope { … }"))
        }
    }

    @Test("The error of a scope that was closed with the request around it names the request.")
    func closedWithRequest() throws {
        let errors = Lock<[ResourceError]>([])
        try self.outliving { container, time in
            do throws(any Error) {
                try await container.withScope("background") { scope in
                    try? await time.sleep(for: .seconds(5))
                    _ = try await scope.get(Thing.self)
                }
            } catch { errors.withLock { $0 += [error as? ResourceError].compactMap(\.self) } }
        }
        let error = try #require(errors.withLock { $0.first })
        #expect(error.code == .scopeClosed)
        #expect(error.scope == "background")
        #expect(error.description.contains("a task started in scope request inherits it"))
    }

    @Test("The error of code that only kept a closed scope suggests another scope.")
    func kept() throws {
        let container = self.container
        try self.simulation.run {
            let scope = try container.openScope("request")
            try await scope.close()
            let error = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
            #expect(error?.description.hasSuffix("use a scope that is still open") == true)
        }
    }
}
