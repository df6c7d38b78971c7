import ResourceContainer
import ResourceSimulation
import Testing
import WebAdapters

/// The resource of one request.
private final class Session: Resource {}

private struct Failure: Error {}

/// An error that a server answers with the status 404.
private struct NotFound: Error {}

@Suite("The scope of a request")
struct RequestScopeTests {
    let simulation = Simulation(seed: 1)
    let container: Container

    init() throws {
        self.container = Container("web", environment: self.simulation.environment)
        try self.container.bind(Session.self) { Session() }
    }

    private func request() throws -> (scope: Scope, request: RequestScope) {
        let scope = try self.container.openScope("request", tag: "request")
        return (scope, RequestScope(scope) { $0 is NotFound })
    }

    private var outcomes: ScopeOutcomeCounts {
        self.container.snapshot().outcomes ?? ScopeOutcomeCounts()
    }

    private var disposed: Int {
        self.container.snapshot().books.disposed
    }

    @Test("The handler and the parts after it run in the same scope, which is open until the request is finished.")
    func parts() throws {
        let (scope, request) = try self.request()
        try self.simulation.run { [container] in
            let session = try await request.handle {
                #expect(Scope.current === scope)
                return try await container.get(Session.self)
            }
            #expect(Scope.current == nil)
            #expect(scope.isOpen)
            let same = try await request.run { try await container.get(Session.self) }
            #expect(same === session)
            #expect(scope.isOpen)
            await request.finish()
            #expect(!scope.isOpen)
        }
        #expect(self.disposed == 1)
        #expect(self.outcomes.returned == 1)
    }

    @Test("A handler that throws closes the scope, and its error is unchanged.")
    func handlerThrows() throws {
        let (scope, request) = try self.request()
        try self.simulation.run { [container] in
            _ = await #expect(throws: Failure.self) {
                try await request.handle {
                    _ = try await container.get(Session.self)
                    throw Failure()
                }
            }
        }
        #expect(!scope.isOpen)
        #expect(self.disposed == 1)
        #expect(self.outcomes.threw == 1)
    }

    @Test("A handler whose error is an answer to the client has returned.")
    func handlerAnswers() throws {
        let (scope, request) = try self.request()
        try self.simulation.run {
            _ = await #expect(throws: NotFound.self) { try await request.handle { throw NotFound() } }
        }
        #expect(!scope.isOpen)
        #expect(self.outcomes.returned == 1)
    }

    @Test("A part of the response that throws closes the scope.")
    func partThrows() throws {
        let (scope, request) = try self.request()
        try self.simulation.run {
            try await request.handle {}
            await #expect(throws: Failure.self) { try await request.run { throw Failure() } }
        }
        #expect(!scope.isOpen)
        #expect(self.outcomes.threw == 1)
    }

    @Test("A part of the response that throws because the client is gone was canceled.")
    func clientIsGone() throws {
        let (scope, request) = try self.request()
        try self.simulation.run {
            try await request.handle {}
            await #expect(throws: Failure.self) { try await request.run(isCanceled: { true }) { throw Failure() } }
        }
        #expect(!scope.isOpen)
        #expect(self.outcomes.canceled == 1)
    }

    @Test("A request that is canceled disposes its instances before its task ends.")
    func cancel() throws {
        let (scope, request) = try self.request()
        let time = self.simulation.environment.time
        let task = self.simulation.spawn { [container] in
            try? await request.handle {
                _ = try await container.get(Session.self)
                try await time.sleep(for: .seconds(3600))
            }
            #expect(!scope.isOpen)
        }
        self.simulation.run(for: .seconds(1))
        #expect(scope.isOpen)
        task.cancel()
        self.simulation.run(for: .seconds(1))
        #expect(!scope.isOpen)
        #expect(self.disposed == 1)
        #expect(self.outcomes.canceled == 1)
    }

    @Test("A response that is dropped unwritten closes its scope.")
    func drop() throws {
        let scope = try self.simulation.run { [container] in
            let scope = try container.openScope("request")
            let request = RequestScope(scope) { _ in false }
            _ = try await request.handle { try await container.get(Session.self) }
            #expect(scope.isOpen)
            return scope
        }
        self.simulation.runUntilIdle()
        #expect(!scope.isOpen)
        #expect(self.disposed == 1)
        #expect(self.outcomes.canceled == 1)
    }

    @Test("Eager bindings of the scope are initialized before the handler runs.")
    func eager() throws {
        try self.container.bind(String.self, options: BindingOptions(eager: true)) { "eager" }
        let (_, request) = try self.request()
        try self.simulation.run { [container] in
            try await request.handle { #expect(container.snapshot().books.ready == 1) }
            await request.finish()
        }
        #expect(self.disposed == 1)
    }

    @Test("An eager binding that cannot be initialized fails the request and closes the scope; the handler does not run.")
    func eagerFails() throws {
        try self.container.bind(String.self, options: BindingOptions(eager: true)) { () throws -> String in throw Failure() }
        let (scope, request) = try self.request()
        try self.simulation.run {
            _ = await #expect(throws: ResourceError.self) { try await request.handle { Issue.record("the handler runs") } }
        }
        #expect(!scope.isOpen)
    }
}
