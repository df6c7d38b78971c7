import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceAttach
@testable import ResourceRecording

private final class Part: Resource {}

private struct Slow: Sendable {}

@Suite("Commands of clients")
struct CommandTests {
    private static let by = "by uid 1000 pid 42 through attach"

    private func text(_ id: Int, _ command: AttachCommand) -> [UInt8] {
        AttachRequest(id: id, command: command).line
    }

    @Test("A client opens a scope, gets an instance in it, and closes it.")
    func scope() throws {
        let server = TestServer()
        try server.container.bind(Part.self) { Part() }
        let client = server.watch(.full)
        server.send(self.text(2, .openScope(in: .root, name: "mine")), from: client)
        let scope = try #require(try server.answers(of: client).last?.scope)
        #expect(server.container.scope(scope)?.name == "mine")
        server.send(self.text(3, .get(BindingID(0), in: scope)), from: client)
        #expect(try server.answers(of: client).last?.resource != nil)
        server.send(self.text(4, .closeScope(scope, force: false)), from: client)
        #expect(try server.answers(of: client).last?.report?.count(.disposed) == 1)
        #expect(server.container.scope(scope) == nil)
    }

    @Test("Each act is an event of the container and a line of the log, with the client's user and process.")
    func audit() throws {
        let server = TestServer()
        let events = server.container.subscribe()
        let client = server.watch(.full)
        server.send(self.text(2, .openScope(in: .root, name: "mine")), from: client)
        server.send(self.text(3, .closeScope(ScopeID(12), force: true)), from: client)
        #expect(TestServer.notes(events) == ["openScope in 0 named 'mine' \(Self.by)", "closeScope 12 by force \(Self.by)"])
        #expect(
            server.log.lines == [
                "resmon attach: shop: openScope in 0 named 'mine' \(Self.by)", "resmon attach: shop: closeScope 12 by force \(Self.by)",
            ]
        )
    }

    @Test("Every command has its text in events.")
    func texts() {
        let scope = ScopeID(3)
        let texts: [(AttachCommand, String)] = [
            (.openScope(in: scope, name: nil), "openScope in 3"),
            (.closeScope(scope, force: false), "closeScope 3"),
            (.get(BindingID(5), in: scope), "get 5 in 3"),
            (.checkHealth(nil), "checkHealth"),
            (.checkHealth(ResourceID(7)), "checkHealth 7"),
            (.lease(ResourceID(7)), "lease 7"),
            (.breakLease(ResourceID(7)), "breakLease 7"),
            (.release, "release"),
            (.releaseAll, "releaseAll"),
            (.inject(.failDispose, BindingID(5)), "inject into 5: the next dispose fails,"),
            (.watch(.full, last: nil), "watch full"),
        ]
        for (command, text) in texts { #expect(command.auditText == text) }
    }

    @Test("A command of a client that may only watch is refused with what would allow it, and nothing happens.")
    func lookOnly() throws {
        let server = TestServer(acting: .nobody)
        let events = server.container.subscribe()
        let client = server.watch(.full)
        server.send(self.text(2, .openScope(in: .root, name: nil)), from: client)
        let error = "this process accepts no commands: its program must create ResourceAttach with acting: .owner"
        #expect(try server.answers(of: client).last == AttachAnswer(id: 2, error: error))
        #expect(events.drain().events.isEmpty)
        #expect(server.log.lines.isEmpty)
    }

    @Test("A failed command is answered with its error.")
    func failure() throws {
        let server = TestServer()
        let client = server.watch(.full)
        server.send(self.text(2, .closeScope(ScopeID(12), force: false)), from: client)
        #expect(try server.answers(of: client).last == AttachAnswer(id: 2, error: "scope 12 is no longer open"))
    }

    @Test("A fault is injected only if the binding allows faults.", arguments: [false, true])
    func faults(isAllowed: Bool) throws {
        let server = TestServer()
        try server.container.bind(Part.self, options: BindingOptions(allowsFaults: isAllowed)) { Part() }
        let client = server.watch(.full)
        server.send(self.text(2, .inject(.failInitialize, BindingID(0))), from: client)
        let answer = try #require(try server.answers(of: client).last)
        #expect((answer.error == nil) == isAllowed)
    }

    @Test("The turn after a command does not wait for the grid.")
    func urgent() throws {
        let server = TestServer()
        let client = server.watch(.full)
        server.pass(.milliseconds(50))
        server.send(self.text(2, .openScope(in: .root, name: nil)), from: client)
        #expect(try server.kinds(of: client).suffix(2) == ["answer", "input"])
    }

    @Test("A client can act without watching.")
    func withoutWatching() throws {
        let server = TestServer()
        let client = server.connect()
        server.send(self.text(1, .openScope(in: .root, name: nil)), from: client)
        #expect(try Set(server.kinds(of: client)) == ["header", "beat", "answer"])
        #expect(server.container.openScopeCount == 1)
    }

    /// Binds a pool and creates it.
    private func pool(_ server: TestServer, maximum: Int) throws -> (pool: ResourcePool<Part>, resource: ResourceID) {
        let pool = try ResourcePool(
            name: "db",
            configuration: PoolConfiguration(maximum: maximum),
            environment: server.simulation.environment,
            make: { Part() }
        )
        try server.container.bind(ResourcePool<Part>.self, lifetime: .singleton) { pool }
        let resource = try server.simulation.run { [container = server.container] in
            _ = try await container.get(ResourcePool<Part>.self)
            return try #require(container.resources().first?.id)
        }
        return (pool, resource)
    }

    @Test("The scopes and leases of a client end with its connection, as events that name it.")
    func orphans() throws {
        let server = TestServer()
        let (_, resource) = try self.pool(server, maximum: 2)
        let events = server.container.subscribe()
        let client = server.watch(.summary)
        server.send(self.text(2, .openScope(in: .root, name: nil)), from: client)
        let scope = try #require(try server.answers(of: client).last?.scope)
        server.send(self.text(3, .openScope(in: scope, name: nil)), from: client)
        server.send(self.text(4, .lease(resource)), from: client)
        #expect(try server.answers(of: client).last?.error == nil)
        #expect(server.container.openScopeCount == 2)
        #expect(server.container.poolSamples().first?.leased == 1)
        server.disconnect(client)
        server.pass(.seconds(1))
        #expect(server.container.openScopeCount == 0)
        #expect(server.container.poolSamples().first?.leased == 0)
        let gone = TestServer.notes(events).filter { $0.hasSuffix("its client uid 1000 pid 42 is gone") }
        #expect(gone.count == 3)
    }

    @Test("A scope whose opening ends after the connection is closed as well.")
    func lateOrphan() throws {
        let server = TestServer()
        let client = server.watch(.summary)
        // The command runs only after the connection has ended.
        server.table.change(client) { $0.receive(self.text(2, .openScope(in: .root, name: nil))[...]) }
        server.takeSteps()
        server.disconnect(client)
        server.pass(.seconds(1))
        #expect(server.container.openScopeCount == 0)
        #expect(server.container.snapshot().closedScopes == 1)
    }

    /// Lets a client open a scope with an instance whose dispose takes ten minutes.
    private func slowScope(_ server: TestServer) throws -> (client: UInt64, scope: ScopeID) {
        let time = server.simulation.time.source
        try server.container.bind(
            Slow.self,
            lifecycle: .managed(onDispose: { _ in try? await time.sleep(for: .seconds(600)) }),
            options: BindingOptions(disposeTimeout: .seconds(600))
        ) { Slow() }
        let client = server.watch(.summary)
        server.send(self.text(2, .openScope(in: .root, name: nil)), from: client)
        let scope = try #require(try server.answers(of: client).last?.scope)
        server.send(self.text(3, .get(BindingID(0), in: scope)), from: client)
        return (client, scope)
    }

    @Test("The close of an orphaned scope has a budget of five seconds.")
    func budget() throws {
        let server = TestServer()
        let (client, _) = try self.slowScope(server)
        server.disconnect(client)
        server.pass(.seconds(4))
        #expect(server.container.openScopeCount == 1)
        server.pass(.seconds(2))
        #expect(server.container.openScopeCount == 0)
        #expect(server.container.books().books.abandoned == 1)
    }

    @Test("A scope that is already closing when its client goes is closed within five seconds, too.")
    func closingOrphan() throws {
        let server = TestServer()
        let (client, scope) = try self.slowScope(server)
        server.send(self.text(4, .closeScope(scope, force: false)), from: client)
        #expect(server.container.scope(scope) == nil)
        server.disconnect(client)
        server.pass(.seconds(4))
        #expect(server.container.openScopeCount == 1)
        server.pass(.seconds(2))
        #expect(server.container.openScopeCount == 0)
        #expect(server.container.books().books.abandoned == 1)
    }

    @Test("A command that waits when its client goes is canceled.")
    func canceled() throws {
        let server = TestServer()
        let (pool, resource) = try self.pool(server, maximum: 1)
        let time = server.simulation.time.source
        let holder = server.simulation.spawn { try? await pool.withLease { _ in try await time.sleep(for: .seconds(600)) } }
        let client = server.watch(.summary)
        server.send(self.text(2, .lease(resource)), from: client)
        #expect(server.container.poolSamples().first?.waiting == 1)
        server.disconnect(client)
        #expect(server.container.poolSamples().first?.waiting == 0)
        holder.cancel()
        server.simulation.runUntilIdle()
    }

    @Test("The clients of a server run a limited number of commands, with those of clients that are gone.")
    func manyRunning() throws {
        let server = TestServer()
        for _ in 0..<RunningCommands.limit { #expect(server.setup.running.begin()) }
        let client = server.watch(.summary)
        server.send(self.text(2, .openScope(in: .root, name: nil)), from: client)
        let error = "128 commands of the clients of this process are running: try again when one has ended"
        #expect(try server.answers(of: client).last == AttachAnswer(id: 2, error: error))
        #expect(server.container.openScopeCount == 0)
        server.setup.running.end()
        // Each of them ends before the next one begins.
        for id in 3...5 {
            server.send(self.text(id, .openScope(in: .root, name: nil)), from: client)
            #expect(try server.answers(of: client).last?.error == nil)
        }
        #expect(server.container.openScopeCount == 3)
    }
}
