import ResourceContainer
import ResourceSimulation
import Testing

private struct Request: Sendable {
    let path: String
}

private struct Audit: Sendable {
    let request: Request
}

private struct Journal: Sendable {
    let audit: Audit
}

@Suite("Errors and analysis of the values of a scope")
struct ScopeValueErrorTests {
    let simulation = Simulation(seed: 1)

    private func error(_ container: Container, _ body: @escaping @Sendable (Scope) async throws -> Void) throws -> ResourceError? {
        try self.simulation.run {
            await #expect(throws: ResourceError.self) { try await container.withScope("s", body: body) }
        }
    }

    @Test("A value that no scope provides is an error that names the cure, for a request and for a parameter.")
    func missing() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bindValue(Request.self, in: "request")
        try container.bindValue(String.self, name: "trace")
        try container.bind(Audit.self, Audit.init)
        let request = try #require(try self.error(container) { _ = try await $0.get(Request.self) })
        #expect(request.code == .missingValue)
        #expect(request.key == "Request")
        #expect(request.description.hasPrefix("Request is a value of scopes tagged request (declared at "))
        #expect(request.description.contains("neither app ▸ s nor a scope around it provides it"))
        #expect(request.description.hasSuffix(#"open one with withScope(tag: "request", providing: …)"#))
        let named = try #require(try self.error(container) { _ = try await $0.get(String.self, name: "trace") })
        #expect(named.description.hasSuffix(#"open one with withScope(providing: Provide(String.self, name: "trace", …))"#))
        let parameter = try #require(try self.error(container) { _ = try await $0.get(Audit.self) })
        #expect(parameter.code == .initializationFailed)
        #expect((parameter.underlying as? ResourceError)?.code == .missingValue)
        let tagged = try #require(
            try self.error(container) { try await $0.withScope("r", tag: "request") { _ = try await $0.get(Request.self) } }
        )
        #expect(tagged.description.contains("open scope r (opened at "))
        #expect(tagged.description.hasSuffix("with providing: …"))
        let outside = #expect(throws: ResourceError.self) { try container.get(Request.self) }
        #expect(outside?.code == .missingValue)
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("A scope cannot provide a value that is not declared, is bound otherwise, or occurs twice.")
    func undeclared() throws {
        let container = Container(environment: self.simulation.environment)
        let undeclared = try #require(#expect(throws: ResourceError.self) { try container.openScope("s", providing: Request(path: "/")) })
        #expect(undeclared.code == .undeclaredValue)
        #expect(undeclared.description.contains("add container.bindValue(Request.self)"))
        let tagged = try #require(#expect(throws: ResourceError.self) { try container.openScope("s", tag: "t", providing: 7) })
        #expect(tagged.description.contains(#"add container.bindValue(Int.self, in: "t")"#))
        try container.bind(Int.self) { 1 }
        let bound = try #require(#expect(throws: ResourceError.self) { try container.openScope("s", providing: 7) })
        #expect(bound.description.contains("which is bound at "))
        #expect(bound.description.contains("replace that binding by container.bindValue(Int.self)"))
        try container.bindValue(String.self)
        let twice = try #require(#expect(throws: ResourceError.self) { try container.openScope("s", providing: "a", "b") })
        #expect(twice.description.contains("provides String twice"))
        #expect(container.snapshot().scopes.map(\.id) == [.root])
        let ran = try self.simulation.run {
            await #expect(throws: ResourceError.self) {
                try await container.withScope(providing: 2.5) { _ in Issue.record("the body ran") }
            }
        }
        #expect(ran?.code == .undeclaredValue)
    }

    @Test("A value that is declared for a tag is refused in scopes with another tag, and the error names both.")
    func wrongTag() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bindValue(Request.self, in: "request")
        try container.bindValue(String.self, in: "job")
        let error = try #require(
            #expect(throws: ResourceError.self) { try container.openScope("s", tag: "job", providing: Request(path: "/")) }
        )
        #expect(error.code == .undeclaredValue)
        #expect(error.description.contains("has the tag job and provides Request, a value of scopes tagged request"))
        #expect(error.description.contains(#"open it with tag: "request""#))
        let both = try #require(#expect(throws: ResourceError.self) { try container.openScope("s", providing: Request(path: "/"), "text") })
        #expect(both.description.contains("has the tag request and provides String, a value of scopes tagged job"))
    }

    @Test("A singleton that depends on a value is a captive dependency, found by validation and refused at the request.")
    func captive() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bindValue(Request.self, in: "request")
        try container.bind(Audit.self, lifetime: .transient, Audit.init)
        try container.bind(Journal.self, lifetime: .singleton, Journal.init)
        let problem = try #require(container.validate().problems.first)
        #expect(problem.fault == .captive)
        #expect(problem.path == ["Journal", "Audit", "Request"])
        #expect(problem.description.contains("Journal (singleton) would hold Request (value of scopes tagged request) beyond its scope"))
        #expect(problem.description.hasSuffix("or pass Request to its methods"))
        let error = try self.simulation.run {
            await #expect(throws: ResourceError.self) {
                try await container.withScope(providing: Request(path: "/")) { _ = try await $0.get(Journal.self) }
            }
        }
        #expect(error?.description.contains("would hold Request (value of scopes tagged request) beyond its scope") == true)
        #expect(container.snapshot().books.isBalanced)
    }

    @Test("Validation accepts a declared value, reports one that is not declared, and the graph shows where it comes from.")
    func analysis() throws {
        let container = try Container {
            Bind(value: Request.self, in: "request")
            Bind(Audit.self, Audit.init)
            Bind(value: String.self)
        }
        #expect(container.validate().isValid)
        #expect(container.validate().notAnalyzed.isEmpty)
        #expect(
            container.graph().text == """
                Audit [scoped]
                  Request [value of request]
                String [value]

                """
        )
        #expect(container.graph().nodes.map(\.form) == [.value, nil, .value])
        let other = Container()
        try other.bind(Audit.self, Audit.init)
        #expect(other.validate().problems.map(\.path) == [["Audit", "Request"]])
    }

    @Test("Snapshots, events, and descriptions show a value by its type and never its content.")
    func shownByType() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        try container.bindValue(Request.self, in: "request")
        try container.bind(Audit.self, Audit.init)
        let (text, error) = try self.simulation.run {
            try await container.withScope(providing: Request(path: "/secret")) { scope in
                _ = try await scope.get(Audit.self)
                let snapshot = container.snapshot()
                #expect(snapshot.scopes.last?.values == [BindingID(0)])
                #expect(snapshot.scopes.first?.values == nil)
                #expect(snapshot.bindings.map(\.form) == [.value, nil])
                #expect(snapshot.resources.count == 1)
                let error = await #expect(throws: ResourceError.self) { try await container.resolve(BindingID(0), in: scope.id) }
                return ("\(snapshot)", error)
            }
        }
        #expect(error?.code == .notAnInstance)
        let events = subscription.drain().events
        let texts = events.map(\.description) + [text, "\(events)", container.graph().text, "\(container.validate())"]
        let opened = events.compactMap { event -> ScopeSnapshot? in if case .scopeOpened(let scope) = event.kind { scope } else { nil } }
        #expect(opened.last?.values == [BindingID(0)])
        for text in texts { #expect(!text.contains("secret")) }
    }

    @Test("A closed container still validates its declared values and refuses scopes that provide them.")
    func closed() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bindValue(Request.self, in: "request")
        try container.bind(Audit.self, Audit.init)
        try self.simulation.run { _ = try await container.close() }
        #expect(container.validate().isValid)
        #expect(container.graph().edges.count == 1)
        let error = #expect(throws: ResourceError.self) { try container.openScope("s", providing: Request(path: "/")) }
        #expect(error?.code == .containerClosed)
    }
}
