import ResourceContainer
import ResourceSimulation
import Testing

/// An actor whose state is read in a scope that it enters.
private actor Counter {
    private var count = 0

    func count(in scope: Scope) async throws -> Int {
        try await scope.asCurrent {
            self.count += 1
            self.count += try await scope.get(Int.self)
        }
        return self.count
    }
}

@Suite("Entering an open scope")
struct CurrentScopeTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private func container() throws -> Container {
        let container = Container("app", environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        return container
    }

    @Test("Inside asCurrent the container resolves in the scope, which stays open for the next part of the work.")
    func parts() throws {
        let container = try self.container()
        try self.simulation.run { [diary] in
            let scope = try container.openScope("request")
            let first = try await scope.asCurrent {
                #expect(Scope.current === scope)
                return try await container.get(Thing.self)
            }
            #expect(Scope.current == nil)
            let second = try await scope.asCurrent { try await container.get(Thing.self) }
            #expect(first === second)
            #expect(diary.entries == ["+a"])
            try await scope.close()
            #expect(diary.entries == ["+a", "-a"])
        }
    }

    @Test("A scope that is opened inside asCurrent is nested in the entered scope.")
    func nesting() throws {
        let container = try self.container()
        try self.simulation.run {
            let scope = try container.openScope("request")
            try await scope.asCurrent {
                try await container.withScope("part") { #expect($0.parent === scope) }
            }
            try await scope.close()
        }
    }

    @Test("The error of the work is unchanged, and the scope stays open.")
    func error() throws {
        let container = try self.container()
        try self.simulation.run {
            let scope = try container.openScope("request")
            await #expect(throws: Failure.self) { try await scope.asCurrent { throw Failure(description: "no") } }
            #expect(scope.isOpen)
            try await scope.close()
        }
    }

    @Test("A closed scope refuses the requests of work that enters it.")
    func closed() throws {
        let container = try self.container()
        try self.simulation.run {
            let scope = try container.openScope("request")
            try await scope.close()
            let error = await #expect(throws: ResourceError.self) {
                try await scope.asCurrent { _ = try await container.get(Thing.self) }
            }
            #expect(error?.code == .scopeClosed)
        }
    }

    @Test("The work stays on the actor that enters the scope.")
    func isolation() async throws {
        let container = Container()
        try container.bind(Int.self) { 41 }
        let scope = try container.openScope("request")
        let count = try await Counter().count(in: scope)
        #expect(count == 42)
        try await scope.close()
        try await container.close()
    }
}
