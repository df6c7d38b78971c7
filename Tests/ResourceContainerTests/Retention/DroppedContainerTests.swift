import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Containers dropped without being closed")
struct DroppedContainerTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()
    let live = LiveCount()

    private func container() throws -> Container {
        let container = Container("shop", environment: self.simulation.environment)
        let captured = Counted(self.live)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("a", diary) }
        try container.bind(Counted.self) { [live] in
            withExtendedLifetime(captured) {}
            return Counted(live)
        }
        return container
    }

    @Test("Subscribers receive the number of live instances and an event for each; no dispose runs, and the books balance.")
    func liveInstancesAreReported() throws {
        let subscription = try self.simulation.run {
            let container = try self.container()
            let subscription = container.subscribe()
            _ = try await container.get(Thing.self)
            let scope = try container.openScope("left open")
            _ = try await scope.get(Counted.self)
            return subscription
        }
        let kinds = subscription.drain().events.map(\.kind)
        let index = try #require(kinds.firstIndex(of: .droppedOpen(live: 2)))
        let after = kinds[index...].filter { if case .abandoned(.dispose, budget: .zero) = $0 { true } else { false } }
        #expect(after.count == 2)
        let closed = kinds[index...].count {
            if case .scopeClosed(disposed: 0, threw: 0, abandoned: 1, took: .zero, outcome: nil) = $0 { true } else { false }
        }
        #expect(closed == 2)
        #expect(self.diary.entries == ["+a"])
        #expect(self.live.value == 0)
    }

    @Test("Dropping an empty container is reported, too; releasing a closed one is not.")
    func emptyAndClosed() throws {
        var container: Container? = Container(environment: self.simulation.environment)
        let subscription = try #require(container?.subscribe())
        container = nil
        #expect(subscription.drain().events.contains { $0.kind == .droppedOpen(live: 0) })
        let second = try self.simulation.run {
            let container = try self.container()
            let subscription = container.subscribe()
            _ = try await container.get(Thing.self)
            try await container.close()
            return subscription
        }
        #expect(!second.drain().events.contains { if case .droppedOpen = $0.kind { true } else { false } })
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("A subscriber's stream delivers the last events of a dropped container and ends.")
    func stream() throws {
        let seen = Lock<[String]>([])
        var container: Container? = try self.container()
        let subscription = try #require(container?.subscribe())
        self.simulation.spawn {
            for await batch in subscription.batches {
                seen.withLock { seen in
                    seen += batch.events.compactMap { if case .droppedOpen(let live) = $0.kind { "dropped with \(live)" } else { nil } }
                }
            }
            seen.withLock { $0.append("ended") }
        }
        self.simulation.runUntilIdle()
        container = nil
        self.simulation.runUntilIdle()
        #expect(seen.withLock { $0 } == ["dropped with 0", "ended"])
        #expect(subscription.isOver)
    }

    @Test("A scope of a dropped container refuses requests with the remedy, and its close returns the abandoned resources.")
    func heldScope() throws {
        let scope = try self.simulation.run {
            let container = try self.container()
            let scope = try container.openScope("job")
            _ = try await scope.get(Counted.self)
            return scope
        }
        try self.simulation.run {
            let get = await #expect(throws: ResourceError.self) { try await scope.get(Counted.self) }
            #expect(get?.code == .scopeClosed)
            #expect(get?.description.contains("keep the container while its scopes are in use") == true)
            let report = try await scope.close()
            #expect(report.entries.map(\.outcome) == [.abandoned])
            #expect(report.entries.first?.error == ResourceEvent.droppedText)
            let root = try #require(scope.parent)
            let atRoot = await #expect(throws: ResourceError.self) { try await root.get(Thing.self) }
            #expect(atRoot?.code == .containerClosed)
            #expect(atRoot?.description.contains("container shop (created at DroppedContainerTests.swift:") == true)
        }
    }

    @Test("Dropping a container abandons its initializations: waiters get an error, and late instances are disposed.")
    func initializing() throws {
        let time = self.simulation.environment.time
        let answer = Lock<ResourceError?>(nil)
        let subscription = try self.simulation.run { [simulation, diary] in
            let container = Container(environment: simulation.environment)
            try container.bind(Thing.self, lifetime: .singleton) {
                Thing("slow", diary, onInitialize: { try await time.sleep(for: .seconds(1)) })
            }
            let (subscription, root) = (container.subscribe(), container.root)
            simulation.spawn {
                do { _ = try await root.get(Thing.self) } catch { answer.withLock { $0 = error as? ResourceError } }
            }
            try await time.sleep(for: .milliseconds(1))
            return subscription
        }
        self.simulation.run(for: .seconds(2))
        #expect(answer.withLock { $0 }?.code == .initializationAbandoned)
        #expect(answer.withLock { $0 }?.description.contains("was dropped while Thing was initializing") == true)
        #expect(self.diary.entries == ["+slow", "-slow"])
        let kinds = subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.abandoned(.initialize, budget: .zero)))
        #expect(kinds.contains { if case .completedLate(.initialize, _) = $0 { true } else { false } })
    }

    @Test("A scope that is closing when its container is dropped closes to the end; then its ancestors end.")
    func closing() throws {
        let time = self.simulation.environment.time
        let reports = Lock<[DisposeReport]>([])
        let subscription = try self.simulation.run { [simulation, diary] in
            let container = Container(environment: simulation.environment)
            try container.bind(Thing.self) { Thing("slow", diary, onDispose: { try await time.sleep(for: .seconds(1)) }) }
            try container.bind(Thing.self, name: "outer") { Thing("outer", diary) }
            let subscription = container.subscribe()
            let outer = try container.openScope("outer")
            _ = try await outer.get(Thing.self, name: "outer")
            let inner = try outer.openScope("inner")
            _ = try await inner.get(Thing.self)
            simulation.spawn { if let report = try? await inner.close() { reports.withLock { $0.append(report) } } }
            try await time.sleep(for: .milliseconds(1))
            return subscription
        }
        #expect(!subscription.isOver)
        self.simulation.run(for: .seconds(2))
        #expect(reports.withLock { $0.first?.entries.map(\.outcome) } == [.disposed])
        #expect(self.diary.entries == ["+outer", "+slow", "-slow"])
        let closed = subscription.drain().events.filter { if case .scopeClosed = $0.kind { true } else { false } }.map(\.scope)
        #expect(closed == [ScopeID(2), ScopeID(1), .root])
        #expect(subscription.isOver)
    }

    @Test("A container with a running close is not treated as dropped, and the close runs to its end.")
    func closeUnderWay() throws {
        let time = self.simulation.environment.time
        let report = Lock<DisposeReport?>(nil)
        try self.simulation.run { [simulation, diary] in
            let container = Container(environment: simulation.environment)
            try container.bind(Thing.self, lifetime: .singleton) {
                Thing("slow", diary, onDispose: { try await time.sleep(for: .seconds(1)) })
            }
            _ = try await container.get(Thing.self)
            let root = container.root
            simulation.spawn { if let closed = try? await root.close() { report.withLock { $0 = closed } } }
            try await time.sleep(for: .milliseconds(1))
        }
        self.simulation.run(for: .seconds(2))
        #expect(report.withLock { $0 }?.entries.map(\.outcome) == [.disposed])
    }

    @Test("With the option trapsWhenDroppedOpen, dropping an open container ends the process.")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            let container = Container("shop", options: ContainerOptions(trapsWhenDroppedOpen: true))
            try container.bind(Int.self, lifetime: .singleton) { 1 }
            _ = try await container.get(Int.self)
        }
    }

    @Test("With the option trapsWhenDroppedOpen, a closed container and one whose creation failed do not end the process.")
    func trapsNotWhenClosed() async {
        await #expect(processExitsWith: .success) {
            let container = Container("shop", options: ContainerOptions(trapsWhenDroppedOpen: true))
            try container.bind(Int.self, lifetime: .singleton) { 1 }
            _ = try await container.close()
            _ = try? Container(options: ContainerOptions(trapsWhenDroppedOpen: true)) {
                Bind(Int.self) { 1 }
                Bind(Int.self) { 2 }
            }
        }
    }
}
