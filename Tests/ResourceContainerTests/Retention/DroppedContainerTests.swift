import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("A container that is dropped without having been closed is freed, and says so")
struct DroppedContainerTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()
    let live = LiveCount()

    private func container() throws -> Container {
        let container = Container(name: "shop", environment: self.simulation.environment)
        let captured = Counted(self.live)
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("a", diary) }
        try container.bind(Counted.self) { [live] in
            withExtendedLifetime(captured) {}
            return Counted(live)
        }
        return container
    }

    @Test("subscribers are told how many instances were live, and of each; no dispose is run, and the books balance")
    func told() throws {
        let subscription = try self.simulation.run {
            let container = try self.container()
            let subscription = container.subscribe()
            _ = try await container.get(Thing.self)
            let scope = try container.openScope(named: "left open")
            _ = try await scope.get(Counted.self)
            return subscription
        }
        let kinds = subscription.drain().events.map(\.kind)
        let place = try #require(kinds.firstIndex(of: .droppedOpen(live: 2)))
        let after = kinds[place...].filter { if case .abandoned(.dispose, budget: .zero) = $0 { true } else { false } }
        #expect(after.count == 2)
        let closed = kinds[place...].count {
            if case .scopeClosed(disposed: 0, threw: 0, abandoned: 1, took: .zero) = $0 { true } else { false }
        }
        #expect(closed == 2)
        #expect(self.diary.entries == ["+a"])
        #expect(self.live.value == 0)
    }

    @Test("an empty one is told of as well; one that was closed is not")
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

    @Test("the stream of a subscriber delivers the last events, and ends")
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

    @Test("a scope that somebody still refers to refuses requests with the remedy, and closing it gives what became of its resources")
    func heldScope() throws {
        let scope = try self.simulation.run {
            let container = try self.container()
            let scope = try container.openScope(named: "job")
            _ = try await scope.get(Counted.self)
            return scope
        }
        try self.simulation.run {
            let get = await #expect(throws: ResourceError.self) { try await scope.get(Counted.self) }
            #expect(get?.code == .scopeClosed)
            #expect(get?.description.contains("keep the container for as long as its scopes are used") == true)
            let report = try await scope.close()
            #expect(report.entries.map(\.outcome) == [.abandoned])
            #expect(report.entries.first?.error == ResourceEvent.droppedText)
            let root = try #require(scope.parent)
            let atRoot = await #expect(throws: ResourceError.self) { try await root.get(Thing.self) }
            #expect(atRoot?.code == .containerClosed)
            #expect(atRoot?.description.contains("container shop (made at DroppedContainerTests.swift:") == true)
        }
    }

    @Test("what is being made at the time is given up; who waits is told, and what comes late is disposed")
    func initialising() throws {
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
        #expect(answer.withLock { $0 }?.code == .initialisationAbandoned)
        #expect(answer.withLock { $0 }?.description.contains("was dropped while Thing was being made") == true)
        #expect(self.diary.entries == ["+slow", "-slow"])
        let kinds = subscription.drain().events.map(\.kind)
        #expect(kinds.contains(.abandoned(.initialise, budget: .zero)))
        #expect(kinds.contains { if case .completedLate(.initialise, _) = $0 { true } else { false } })
    }

    @Test("what somebody is closing at the time is closed to its end, and then the scopes around it go")
    func closing() throws {
        let time = self.simulation.environment.time
        let reports = Lock<[DisposeReport]>([])
        let subscription = try self.simulation.run { [simulation, diary] in
            let container = Container(environment: simulation.environment)
            try container.bind(Thing.self) { Thing("slow", diary, onDispose: { try await time.sleep(for: .seconds(1)) }) }
            try container.bind(Thing.self, name: "outer") { Thing("outer", diary) }
            let subscription = container.subscribe()
            let outer = try container.openScope(named: "outer")
            _ = try await outer.get(Thing.self, name: "outer")
            let inner = try outer.openScope(named: "inner")
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

    @Test("a container whose close is under way is not dropped: the close goes on to its end")
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

    @Test("asked to, a container that is dropped open ends the process")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            let container = Container(name: "shop", options: ContainerOptions(trapsWhenDroppedOpen: true))
            try container.bind(Int.self, lifetime: .singleton) { 1 }
            _ = try await container.get(Int.self)
        }
    }

    @Test("asked to, a container that is closed, and one that could not be made, end nothing")
    func trapsNotWhenClosed() async {
        await #expect(processExitsWith: .success) {
            let container = Container(name: "shop", options: ContainerOptions(trapsWhenDroppedOpen: true))
            try container.bind(Int.self, lifetime: .singleton) { 1 }
            _ = try await container.close()
            _ = try? Container(options: ContainerOptions(trapsWhenDroppedOpen: true)) {
                Bind(Int.self) { 1 }
                Bind(Int.self) { 2 }
            }
        }
    }
}
