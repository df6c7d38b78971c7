import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("A closed container refuses every operation and keeps only names")
struct ClosedContainerTests {
    let simulation = Simulation(seed: 1)
    let live = LiveCount()

    private func closed(_ container: Container) throws -> DisposeReport {
        try self.simulation.run { try await container.close() }
    }

    @Test("Every operation on a closed container fails with containerClosed and does not suggest another scope.")
    func refuses() throws {
        let container = Container("shop", environment: self.simulation.environment)
        try container.bind(Int.self, lifetime: .singleton, options: BindingOptions(eager: true, allowsFaults: true)) { 1 }
        let scope = try container.openScope("job")
        _ = try self.closed(container)
        let errors = Lock<[ResourceError]>([])
        @Sendable func note(_ error: any Error) { if let error = error as? ResourceError { errors.withLock { $0.append(error) } } }
        do { try container.bind(String.self) { "" } } catch { note(error) }
        do { try container.install(Module { Bind(String.self) { "" } }) } catch { note(error) }
        do { _ = try container.openScope("late") } catch { note(error) }
        do { try container.inject(.failDispose, into: BindingID(0)) } catch { note(error) }
        do { _ = try container.get(Int.self) } catch { note(error) }
        do { _ = try container.get(Double.self) } catch { note(error) }
        do {
            try container.overriding {
                Bind(Int.self) { 2 }
            } body: { _ in
            }
        } catch { note(error) }
        try self.simulation.run {
            do { try await container.start() } catch { note(error) }
            do { _ = try await container.get(Int.self) } catch { note(error) }
            do { _ = try await container.resolve(BindingID(0), in: .root) } catch { note(error) }
            do { try await container.withScope { _ in } } catch { note(error) }
            let inScope = await #expect(throws: ResourceError.self) { try await scope.get(Int.self) }
            #expect(inScope?.code == .scopeClosed)
            #expect(inScope?.description.contains("its container shop is closed as well") == true)
        }
        let all = errors.withLock { $0 }
        #expect(all.count == 11)
        #expect(Set(all.map(\.code)) == [.containerClosed])
        #expect(all.filter { !$0.description.hasPrefix("container shop is closed, and refused ") }.map(\.description) == [])
        #expect(all.filter { $0.description.contains("use a scope that is still open") }.isEmpty)
        #expect(container.snapshot().bindings.count == 1)
    }

    @Test("A container that is closing reports that it is being closed.")
    func beingClosed() throws {
        let container = Container("shop", environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, lifetime: .singleton) { Thing("a", Diary(), onDispose: { try await time.sleep(for: .seconds(1)) }) }
        try self.simulation.run { [simulation] in
            _ = try await container.get(Thing.self)
            simulation.spawn { _ = try? await container.close() }
            try await time.sleep(for: .milliseconds(1))
            let bind = #expect(throws: ResourceError.self) { try container.bind(Int.self) { 1 } }
            #expect(bind?.code == .containerClosed)
            #expect(bind?.description.hasPrefix("container shop is closing") == true)
            let get = await #expect(throws: ResourceError.self) { try await container.get(Thing.self) }
            #expect(get?.description.hasPrefix("container shop is closing") == true)
        }
    }

    @Test("Closing frees captures of closures, instances, factories, and fallbacks while the container is referenced.")
    func capturesAreFreed() throws {
        let container = Container(environment: self.simulation.environment)
        let live = self.live
        func bind() throws {
            let (closure, factory, alias, fallback) = (Counted(live), Counted(live), Counted(live), Counted(live))
            try container.bind(
                Bind(Int.self) { withExtendedLifetime(closure) { 1 } }
                    .fallback(to: ResourceKey(String.self)) { _ in withExtendedLifetime(fallback) { 2 } }
            )
            try container.bind(Counted.self, instance: Counted(live))
            try container.bind(Counted.self, name: "foreign", instance: Counted(live), owned: false)
            let numbers = ResourceFactory { (text: String) in withExtendedLifetime(factory) { text.count } }
            try container.bind(Bind(Int.self, name: "factory", factory: numbers, configuration: "text"))
            try container.bind(Bind(Double.self, alias: ResourceKey(Int.self)) { number in withExtendedLifetime(alias) { Double(number) } })
            try container.bind(String.self) { (number: Int) in "\(number)" }
        }
        try bind()
        let (before, graph) = (container.snapshot(), container.graph())
        #expect(self.live.value == 6)
        _ = try self.closed(container)
        #expect(self.live.value == 0)
        // Names, lifetimes, source locations, and edges remain.
        #expect(container.snapshot().bindings == before.bindings)
        #expect(container.graph() == graph)
        #expect(graph.edges.count == 3)
        #expect(container.validate().problems.map(\.fault) == [.cycle])
    }

    @Test("A container that its own bindings capture is freed once it is closed.")
    func capturedByItsBindings() throws {
        var observer: OutlivingObserver?
        try self.simulation.run { [simulation] in
            let container = Container(environment: simulation.environment)
            try container.bind(Int.self, lifetime: .singleton) { container.books().books.created }
            _ = try await container.get(Int.self)
            try await container.close()
            return OutlivingObserver(container)
        }
        .assign(to: &observer)
        #expect(observer?.isAlive == false)
    }

    @Test("A subscriber's stream ends after the last event; a stream of a closed container ends immediately.")
    func streams() throws {
        let container = Container(environment: self.simulation.environment)
        let seen = Lock<[String]>([])
        let subscription = container.subscribe()
        self.simulation.spawn {
            for await batch in subscription.batches { if let last = batch.events.last { seen.withLock { $0.append("\(last.sequence)") } } }
            for await _ in container.subscribe().batches {}
            seen.withLock { $0.append("ended") }
        }
        self.simulation.runUntilIdle()
        _ = try self.closed(container)
        self.simulation.runUntilIdle()
        #expect(seen.withLock { $0.last } == "ended")
        #expect(seen.withLock { $0.dropLast().last } == "\(container.books().sequence)")
    }
}

extension OutlivingObserver {
    fileprivate func assign(to variable: inout OutlivingObserver?) {
        variable = self
    }
}
