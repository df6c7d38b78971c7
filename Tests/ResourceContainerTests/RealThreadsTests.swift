import ResourceContainer
import Testing

@Suite("A container on real threads")
struct RealThreadsTests {
    @Test("Tasks that open, get, cancel, and close concurrently leave no residue, and the books balance.")
    func storm() async throws {
        let container = Container()
        let diary = Diary()
        try container.bind(SyncThing.self, lifetime: .singleton) { SyncThing("root", diary) }
        try container.bind(Thing.self) { (_: SyncThing) in
            Thing("a", diary, onInitialize: { await Task.yield() }, onDispose: { await Task.yield() })
        }
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for round in 0..<200 {
                        try? await container.withScope("s") { scope in
                            await withTaskGroup(of: Void.self) { inner in
                                for _ in 0..<4 { inner.addTask { _ = try? await scope.get(Thing.self) } }
                                if (worker + round) % 5 == 0 { inner.cancelAll() }
                                if (worker + round) % 7 == 0 { inner.addTask { _ = try? await scope.close() } }
                            }
                        }
                    }
                }
            }
        }
        let report = try await container.close()
        let snapshot = container.snapshot()
        #expect(snapshot.books.isBalanced)
        #expect(snapshot.books.active == 0)
        #expect(snapshot.books.abandoned == 0)
        #expect(snapshot.scopes.isEmpty)
        #expect(snapshot.resources.isEmpty)
        #expect(diary.count("+root") == 1)
        #expect(diary.count("-root") == 1)
        #expect(diary.count("+a") == diary.count("-a"))
        #expect(snapshot.books.created <= 1601)
        #expect(report.isClean)
    }

    @Test("Threads that synchronously resolve one key share an instance; later ones wait for the first.")
    func synchronous() async throws {
        let container = Container()
        let diary = Diary()
        try container.bind(SyncThing.self, lifetime: .singleton) { SyncThing("a", diary) }
        let get: @Sendable () throws -> SyncThing = { try container.withScope { try $0.get(SyncThing.self) } }
        let things = try await withThrowingTaskGroup(of: SyncThing.self) { group in
            for _ in 0..<64 { group.addTask { try get() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(things.allSatisfy { $0 === things[0] })
        #expect(diary.count("+a") == 1)
    }
}
