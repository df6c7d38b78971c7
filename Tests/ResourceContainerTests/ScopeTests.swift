import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Scopes: nesting, sharing, and closing")
struct ScopeTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    func container(_ lifetime: Lifetime = .scoped) throws -> Container {
        let container = Container("app", environment: self.simulation.environment)
        try container.bind(Thing.self, lifetime: lifetime) { [diary] in Thing("a", diary) }
        return container
    }

    @Test("An inner scope shares the outer scope's instance and does not dispose it.")
    func inner() throws {
        let container = try self.container()
        try self.simulation.run { [diary] in
            try await container.withScope("outer") { outer in
                let thing = try await outer.get(Thing.self)
                let inherited = try await outer.withScope("inner") { try await $0.get(Thing.self) }
                #expect(inherited === thing)
                #expect(diary.entries == ["+a"])
                #expect(Scope.current?.name == "outer")
            }
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("A scoped resource first resolved in an inner scope lives there; sibling scopes have their own.")
    func siblings() throws {
        let container = try self.container()
        try self.simulation.run {
            try await container.withScope("outer") { outer in
                let first = try await outer.withScope { try await $0.get(Thing.self) }
                let second = try await outer.withScope { try await $0.get(Thing.self) }
                #expect(first !== second)
            }
        }
        #expect(self.diary.entries == ["+a", "-a", "+a", "-a"])
    }

    @Test("A singleton lives until the container is closed.")
    func singleton() throws {
        let container = try self.container(.singleton)
        try self.simulation.run { [diary] in
            let first = try await container.withScope { try await $0.get(Thing.self) }
            #expect(try await container.get(Thing.self) === first)
            #expect(diary.entries == ["+a"])
            let report = try await container.close()
            #expect(report.isClean)
            #expect(report.count(.disposed) == 1)
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("A transient is created for each request and disposed with the requesting scope.")
    func transient() throws {
        let container = try self.container(.transient)
        try self.simulation.run { [diary] in
            try await container.withScope { scope in
                let first = try await scope.get(Thing.self)
                let second = try await scope.get(Thing.self)
                #expect(first !== second)
                #expect(diary.entries == ["+a", "+a"])
            }
        }
        #expect(self.diary.entries == ["+a", "+a", "-a", "-a"])
    }

    @Test("A tagged resource lives in the nearest scope with its tag.")
    func tagged() throws {
        let container = try self.container(.tagged("request"))
        try self.simulation.run {
            try await container.withScope("req", tag: "request") { request in
                let thing = try await request.withScope("tx") { try await $0.get(Thing.self) }
                #expect(try await request.get(Thing.self) === thing)
            }
            let error = await #expect(throws: ResourceError.self) {
                try await container.withScope { _ = try await $0.get(Thing.self) }
            }
            #expect(error?.code == .noScope)
        }
    }

    @Test("The error for a scoped key without a scope names the remedy.")
    func noScope() throws {
        let container = try self.container()
        let error = #expect(throws: ResourceError.self) { try self.simulation.run { _ = try await container.get(Thing.self) } }
        #expect(error?.code == .noScope)
        #expect(error?.key == "Thing")
        #expect(error?.description.contains("container.withScope") == true)
    }

    @Test("The error for an unbound key names the key, the scope, and the remedy.")
    func notBound() throws {
        let container = try self.container()
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope("r") { _ = try await $0.get(String.self, name: "x") } }
        }
        #expect(error?.code == .notBound)
        #expect(error?.description.hasPrefix("nothing is bound under String(x), requested in scope app ▸ r") == true)
    }

    @Test("A second binding of a key is refused unless it is an override.")
    func duplicate() throws {
        let container = try self.container()
        let error = #expect(throws: ResourceError.self) { try container.bind(Thing.self) { [diary] in Thing("b", diary) } }
        #expect(error?.code == .duplicateBinding)
        try container.bind(Thing.self, override: true) { [diary] in Thing("b", diary) }
        try self.simulation.run { try await container.withScope { _ = try await $0.get(Thing.self) } }
        #expect(self.diary.entries == ["+b", "-b"])
    }

    @Test("Closing a scope closes its nested scopes first, newest first.")
    func childrenFirst() throws {
        let container = Container(environment: self.simulation.environment)
        for name in ["a", "b", "c"] { try container.bind(Thing.self, name: name) { [diary] in Thing(name, diary) } }
        let report = try self.simulation.run {
            let outer = try container.openScope("outer")
            _ = try await outer.get(Thing.self, name: "a")
            let first = try outer.openScope("first")
            _ = try await first.get(Thing.self, name: "b")
            let second = try outer.openScope("second")
            _ = try await second.get(Thing.self, name: "c")
            return try await outer.close()
        }
        #expect(self.diary.entries == ["+a", "+b", "+c", "-c", "-b", "-a"])
        #expect(report.children.map(\.name) == ["second", "first"])
        #expect(report.allEntries.map(\.label) == ["Thing(c)", "Thing(b)", "Thing(a)"])
    }

    @Test("A closed scope refuses every request, including those of a task that outlived it.")
    func closed() throws {
        let container = try self.container()
        try self.simulation.run { [simulation] in
            let scope = try container.openScope("request")
            _ = try await scope.get(Thing.self)
            try await scope.close()
            #expect(!scope.isOpen)
            let get = await #expect(throws: ResourceError.self) { try await scope.get(Thing.self) }
            #expect(get?.code == .scopeClosed)
            #expect(get?.scope == "request")
            #expect(throws: ResourceError.self) { try scope.openScope("late") }
            let late = Lock<ResourceError?>(nil)
            try await container.withScope("short") { _ in
                _ = simulation.spawn {
                    try? await simulation.environment.time.sleep(for: .seconds(1))
                    do { _ = try await container.get(Thing.self) } catch { late.withLock { $0 = error as? ResourceError } }
                }
            }
            try await simulation.environment.time.sleep(for: .seconds(2))
            #expect(late.withLock { $0 }?.code == .noScope || late.withLock { $0 }?.code == .scopeClosed)
        }
    }

    @Test("Concurrent and repeated closes share one report.")
    func closeTwice() throws {
        let container = try self.container()
        try self.simulation.run {
            let scope = try container.openScope("request")
            _ = try await scope.get(Thing.self)
            async let first = scope.close()
            async let second = scope.close()
            let reports = try await [first, second]
            #expect(reports[0] == reports[1])
            #expect(reports[0].entries.count == 1)
            #expect(try await scope.close() == reports[0])
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Closing a scope from one of its own disposes throws a typed error.")
    func closeFromDispose() throws {
        let container = Container(environment: self.simulation.environment)
        let scope = try container.openScope("request")
        let codes = Lock<[ResourceError.Code]>([])
        try container.bind(Thing.self) { [diary] in
            Thing(
                "a",
                diary,
                onDispose: {
                    do throws(ResourceError) { try await scope.close() } catch { codes.withLock { $0.append(error.code) } }
                }
            )
        }
        try self.simulation.run {
            _ = try await scope.get(Thing.self)
            try await scope.close()
        }
        #expect(codes.withLock { $0 } == [.closedFromWithin])
    }

    @Test("A close waits for a running initialization, fails its requester, and disposes the instance.")
    func closeDuringInitialization() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .seconds(1)) }) }
        try self.simulation.run {
            let scope = try container.openScope("request")
            async let asked = Result { try await scope.get(Thing.self) }
            try await time.sleep(for: .milliseconds(1))
            let report = try await scope.close()
            #expect(report.entries.map(\.outcome) == [.disposed])
            let answer = await asked
            guard case .failure(let error as ResourceError) = answer else { throw Failure(description: "not refused") }
            #expect(error.code == .scopeClosed)
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Ten thousand scopes leave no residue.")
    func residue() throws {
        let container = try self.container()
        try self.simulation.run {
            for _ in 0..<10_000 { try await container.withScope { _ = try await $0.get(Thing.self) } }
        }
        let snapshot = container.snapshot()
        #expect(snapshot.scopes.count == 1)
        #expect(snapshot.resources.isEmpty)
        #expect(snapshot.books.created == 10_000)
        #expect(snapshot.books.isBalanced)
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
