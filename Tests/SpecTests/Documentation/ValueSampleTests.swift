import ResourceContainer
import ResourceSimulation
import Testing

/// Runs the samples on values, arguments, collections, providers, and key constants, and checks the documented results.
@Suite("Samples of the documentation: values and arguments")
struct ValueSampleTests {
    let simulation = Simulation(seed: 1)
    let log = SampleLog()

    private func container() throws -> Container {
        let container = Container(environment: self.simulation.environment)
        try container.bind(SampleLog.self, instance: self.log, owned: false)
        return container
    }

    @Test("Values: A scope provides a request, its user, and a named value, which are injected and resolved.")
    func values() throws {
        let container = try self.container()
        try DocumentationSamples.declaringValues(container)
        #expect(container.validate().isValid)
        try self.simulation.run { [log] in
            try await DocumentationSamples.providingValues(container, Request(path: "/cart"), User(name: "ann"), log)
        }
        #expect(self.log.lines == ["ann at /cart, 4bf92f"])
    }

    @Test("Arguments: A request passes an argument, and a closure passes it on.")
    func arguments() throws {
        let container = try self.container()
        try container.bind((any Store).self) { SQLStore() }
        try DocumentationSamples.bindingWithArgument(container)
        let titles = try self.simulation.run { try await container.withScope { try await DocumentationSamples.argument($0) } }
        #expect(titles == ["invoice 7 in sql", "invoice 8 in sql"])
    }

    @Test("Collections: A host receives the plugins in the order of their bindings.")
    func collections() throws {
        let container = try self.container()
        try DocumentationSamples.contributing(container)
        try self.simulation.run {
            try await container.withScope { scope in
                let names = try await DocumentationSamples.collecting(scope)
                #expect(names == ["audit", "metrics"])
                let injected = try await scope.get(PluginHost.self).plugins.map(\.name)
                #expect(injected == names)
            }
        }
    }

    @Test("Providers: A database behind a provider is opened at its first use.")
    func providers() throws {
        let container = try self.container()
        try container.bind(Database.self, Database.init)
        try DocumentationSamples.provider(container)
        try self.simulation.run { [log] in
            try await container.withScope { scope in
                let backups = try await scope.get(Backups.self)
                #expect(log.lines == [])
                try await backups.run()
                #expect(log.lines == ["database opened"])
                #expect(backups.log.lines == ["user 7"])
            }
        }
    }

    @Test("Key constants: A constant and the inferred type with the name resolve one instance.")
    func keyConstants() throws {
        let container = try self.container()
        try self.simulation.run {
            try await container.withScope { scope in
                let databases = try await DocumentationSamples.keyConstants(container, scope)
                #expect(databases[0] === databases[1])
            }
        }
    }
}
