import ResourceContainer
import ResourceSimulation
import Testing

private struct Request: Sendable {
    let path: String
}

@Suite("Values that a library offers to a scope")
struct OfferedValueTests {
    private let simulation = Simulation(seed: 1)
    private let container: Container

    init() {
        self.container = Container(environment: self.simulation.environment)
    }

    private func open(tag: String? = "request") throws -> Scope {
        try self.container.openScope(
            "s",
            tag: tag,
            offering: Request(path: "/"),
            providing: ScopeValues(),
            location: CodeLocation(file: "Tests/F.swift", line: 1)
        )
    }

    /// The values of a scope in a snapshot of its container.
    private func values(of scope: Scope) -> [BindingID]? {
        self.container.snapshot().scopes.first { $0.id == scope.id }?.values
    }

    @Test("A scope provides an offered value that is declared for scopes with its tag, or for all scopes.", arguments: ["request", nil])
    func declared(tag: String?) throws {
        try self.container.bindValue(Request.self, in: tag)
        let scope = try self.open()
        #expect(try scope.get(Request.self).path == "/")
        #expect(scope.tag == "request")
    }

    @Test("A scope opens without an offered value that is not declared, is declared for another tag, or is bound otherwise.")
    func undeclared() throws {
        #expect(self.values(of: try self.open()) == nil)
        try self.container.bindValue(Request.self, in: "session")
        #expect(self.values(of: try self.open()) == nil)
        let untagged = try self.open(tag: nil)
        #expect(self.values(of: untagged) == nil)
        #expect(untagged.tag == nil)
        try self.container.bind(Request.self, lifetime: .scoped, override: true) { Request(path: "/bound") }
        #expect(try self.open().get(Request.self).path == "/bound")
    }

    @Test("A detached scope provides values, and is outside of the scope of its task.")
    func detached() throws {
        try self.container.bindValue(Request.self, in: "request")
        try self.simulation.run { [container] in
            try await container.withScope("outer") { outer in
                try await container.withDetachedScope(providing: Request(path: "/d")) { scope in
                    let request = try await scope.get(Request.self)
                    #expect(request.path == "/d")
                    #expect(container.snapshot().scopes.first { $0.id == scope.id }?.parent != outer.id)
                }
            }
        }
    }
}
