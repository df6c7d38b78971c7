import ResourceContainer
import ResourceSimulation
import Testing

private struct Connection: Sendable {
    let host: String
}

extension ResourceKey where Value == Connection {
    fileprivate static let primary = ResourceKey("primary")
    fileprivate static let replica = ResourceKey("replica")
}

extension ResourceKey where Value == String {
    fileprivate static let host = ResourceKey("host")
}

@Suite("Key constants and requests by the inferred type")
struct KeyConstantTests {
    let simulation = Simulation(seed: 1)

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(.host, instance: "localhost")
        try container.bind(.primary) { Connection(host: "primary") }
        try container.bind(.replica, lifetime: .singleton) { () async throws -> Connection in Connection(host: "replica") }
        try container.bind(Bind(Connection.self, using: .host) { Connection(host: $0) })
        try container.bind(Bind(String.self, name: "alias", alias: .primary) { $0.host })
        return container
    }

    @Test("A constant names a binding where it is bound, requested, injected, and aliased.")
    func constants() throws {
        let container = try self.container()
        try self.simulation.run {
            try await container.withScope { scope in
                let hosts = [
                    try await scope.get(.primary).host, try await container.get(.replica).host, try await scope.get(Connection.self).host,
                    try await scope.get(String.self, name: "alias"),
                ]
                #expect(hosts == ["primary", "replica", "localhost", "primary"])
            }
        }
        let synchronous = try container.withScope { try $0.get(.primary).host }
        #expect(synchronous == "primary")
        #expect(container.snapshot().bindings.map(\.label).prefix(3) == ["String(host)", "Connection(primary)", "Connection(replica)"])
    }

    @Test("The forms of a binding with a key keep its settings.")
    func forms() throws {
        let container = try Container(environment: self.simulation.environment) {
            Bind(.host, instance: "given", owned: false)
            Bind(.primary, lifetime: .singleton, options: BindingOptions(tags: ["a": "b"])) { (host: String?) in
                Connection(host: host ?? "none")
            }
            Bind(.replica, lifetime: .transient) { () async -> Connection in Connection(host: "new") }
        }
        let bindings = container.snapshot().bindings
        #expect(bindings.map(\.lifetime) == [.singleton, .singleton, .transient])
        #expect(bindings[1].tags == ["a": "b"])
        #expect(bindings.allSatisfy { $0.location.file.hasSuffix("KeyConstantTests.swift") })
    }

    @Test("A request without a type resolves the type that the context requires, with or without a name.")
    func inferred() throws {
        let container = try self.container()
        try container.bind(
            Bind([String].self) { (resolver: Resolver) in
                let (plain, primary): (Connection, Connection) = (try await resolver.get(), try await resolver.get(name: "primary"))
                return [plain.host, primary.host]
            }
        )
        try container.bind(
            Bind(Int.self) { (resolver: Resolver) throws -> Int in
                let connection: Connection = try resolver.get()
                return connection.host.count
            }
        )
        try self.simulation.run {
            try await container.withScope { scope in
                let (plain, replica): (Connection, Connection) = (try await scope.get(), try await container.get(name: "replica"))
                #expect(plain.host == "localhost")
                #expect(replica.host == "replica")
                let hosts: [String] = try await scope.get()
                #expect(hosts == ["localhost", "primary"])
            }
        }
        try container.withScope { scope in
            let (plain, primary): (Connection, Connection) = (try scope.get(), try container.get(name: "primary"))
            #expect(plain.host == "localhost")
            #expect(primary.host == "primary")
            let length: Int = try scope.get()
            #expect(length == 9)
        }
    }
}
