import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

/// What went wrong in other containers with who owns what, and with what tests and tasks leave behind, and cannot here.
@Suite("Pitfalls of ownership")
struct OwnershipPitfallTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private struct Short: Sendable {}
    private struct Long: Sendable { let short: Short }
    private struct Between: Sendable { let short: Short }
    private struct Longest: Sendable { let between: Between }

    @Test("Pitfall 10: a singleton that asks for a scoped key fails when validated and when asked for, with the path")
    func captive() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Short.self) { Short() }
        try container.bind(Long.self, lifetime: .singleton, Long.init)
        let problem = try #require(container.validate().problems.first)
        #expect(problem.fault == .captive && problem.path == ["Long", "Short"])
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ = try await $0.get(Long.self) } }
        }
        #expect(error?.code == .captiveDependency && error?.description.contains("Long → Short") == true)
        #expect(container.snapshot().books.active == 0)
    }

    @Test("Pitfall 10: the same through a transient, and through a closure, which only a request can show")
    func captiveOnTheWay() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Short.self) { Short() }
        try container.bind(Between.self, lifetime: .transient, Between.init)
        try container.bind(Longest.self, lifetime: .singleton, Longest.init)
        try container.bind(Long.self, lifetime: .singleton) { (resolver: Resolver) async throws -> Long in
            Long(short: try await resolver.get(Short.self))
        }
        let report = container.validate()
        #expect(report.problems.map(\.path) == [["Longest", "Between", "Short"]])
        #expect(report.notAnalysed == ["Long"])
        let codes = try self.simulation.run {
            try await container.withScope { scope in
                let direct = await Result { _ = try await scope.get(Longest.self) }
                let closure = await Result { _ = try await scope.get(Long.self) }
                return [direct, closure].map { result -> ResourceError.Code? in
                    if case .failure(let error as ResourceError) = result { error.code } else { nil }
                }
            }
        }
        #expect(codes == [.captiveDependency, .captiveDependency])
    }

    @Test("Pitfall 10: what lives for an outer tag may not hold what lives for an inner one; the other way round it may")
    func captiveTag() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Short.self, lifetime: .tagged("inner")) { Short() }
        try container.bind(Long.self, lifetime: .tagged("outer"), Long.init)
        try container.bind(Between.self, lifetime: .tagged("inner"), Between.init)
        try self.simulation.run {
            try await container.withScope(tag: "outer") { outer in
                try await outer.withScope(tag: "inner") { inner in
                    let error = await #expect(throws: ResourceError.self) { try await inner.get(Long.self) }
                    #expect(error?.code == .captiveDependency)
                    _ = try await inner.get(Between.self)
                }
            }
        }
    }

    @Test("Pitfall 10: the transients of a long scope are counted at their key while they pile up, and go with it")
    func transients() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, lifetime: .transient) { [diary] in Thing("a", diary) }
        try self.simulation.run {
            try await container.withScope("long") { scope in
                for _ in 0..<500 { _ = try await scope.get(Thing.self) }
                let snapshot = container.snapshot()
                #expect(snapshot.bindings.map(\.books.ready) == [500])
                #expect(snapshot.scopes.last?.books.ready == 500)
            }
        }
        #expect(self.diary.count("-a") == 500)
    }

    @Test(
        "Pitfall 11: an instance under several keys is made, counted and disposed once, whichever key is asked for first",
        arguments: 0..<3
    )
    func alias(first: Int) throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try container.bind((any Resource).self, alias: ResourceKey(Thing.self)) { $0 }
        try container.bind(Thing.self, name: "second", alias: ResourceKey(Thing.self)) { $0 }
        try self.simulation.run {
            try await container.withScope { scope in
                var things: [Thing?] = []
                for turn in 0..<3 {
                    switch (first + turn) % 3 {
                    case 0: things.append(try await scope.get(Thing.self))
                    case 1: things.append(try await scope.get((any Resource).self) as? Thing)
                    default: things.append(try await scope.get(Thing.self, name: "second"))
                    }
                }
                #expect(things.count == 3 && things.allSatisfy { $0 === things[0] && $0 != nil })
                #expect(container.snapshot().books.created == 1)
            }
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Pitfall 11: what is not owned is shared, and never initialised, counted or disposed")
    func notOwned() throws {
        let container = Container(environment: self.simulation.environment)
        let foreign = Thing("foreign", self.diary)
        try container.bind(Thing.self, name: "instance", instance: foreign, owned: false)
        try container.bind(Thing.self, name: "made", options: BindingOptions(owned: false)) { [diary] in Thing("made", diary) }
        try self.simulation.run {
            try await container.withScope { scope in
                let same = try await scope.get(Thing.self, name: "instance")
                #expect(same === foreign)
                _ = try await scope.get(Thing.self, name: "made")
            }
            let report = try await container.close()
            #expect(report.allEntries.isEmpty)
        }
        #expect(self.diary.entries.isEmpty)
        #expect(container.snapshot().books == Books())
    }

    @Test("Pitfall 11: a provided instance that is owned goes with the container, once, if it was ever initialised")
    func provided() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self, name: "used", instance: Thing("used", self.diary))
        try container.bind(Thing.self, name: "unused", instance: Thing("unused", self.diary))
        try self.simulation.run {
            for _ in 0..<2 { try await container.withScope { _ = try await $0.get(Thing.self, name: "used") } }
            try await container.close()
            try await container.close()
        }
        #expect(self.diary.entries == ["+used", "-used"])
    }

    @Test(
        "Pitfall 15: overrides of the same key side by side do not see each other, and leave nothing behind",
        arguments: 0..<30 as Range<UInt64>
    )
    func parallelOverrides(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Int.self, lifetime: .singleton) { -1 }
        try container.bind(String.self, lifetime: .singleton) { (number: Int) in "number \(number)" }
        try container.bind(Thing.self, lifetime: .singleton) { [diary] in Thing("shared", diary) }
        try simulation.run {
            let shared = try await container.get(Thing.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        try await container.overriding {
                            Bind(Int.self, lifetime: .singleton) { number }
                        } body: { _ in
                            for _ in 0..<3 {
                                try await time.sleep(for: .milliseconds(1))
                                let text = try await container.get(String.self)
                                #expect(text == "number \(number)")
                                let thing = try await container.get(Thing.self)
                                #expect(thing === shared)
                            }
                        }
                    }
                    group.addTask {
                        try await time.sleep(for: .milliseconds(number))
                        let text = try await container.get(String.self)
                        #expect(text == "number -1")
                    }
                }
                try await group.waitForAll()
            }
            let text = try await container.get(String.self)
            #expect(text == "number -1")
        }
        #expect(container.snapshot().scopes.count == 1)
        #expect(self.diary.entries == ["+shared"])
    }

    @Test("Pitfall 15: a task that outlives its scope is refused, also when it is detached", arguments: [false, true])
    func outlivingTask(isDetached: Bool) throws {
        let container = Container(environment: self.simulation.environment)
        let (simulation, answers) = (self.simulation, Diary())
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try simulation.run {
            try await container.withScope("short") { scope in
                _ = try await scope.get(Thing.self)
                let late: @Sendable () async -> Void = {
                    try? await simulation.environment.time.sleep(for: .seconds(1))
                    for request in [{ try await scope.get(Thing.self) }, { try await container.get(Thing.self) }]
                        as [@Sendable () async throws -> Thing]
                    {
                        do {
                            _ = try await request()
                            answers.write("got it")
                        } catch { answers.write((error as? ResourceError)?.code.description ?? "\(error)") }
                    }
                }
                if isDetached {
                    Task.detached(executorPreference: simulation.environment.executor, operation: late)
                } else {
                    simulation.spawn(late)
                }
            }
            try await simulation.environment.time.sleep(for: .seconds(2))
        }
        // A detached task knows no scope: what it asks the container for is refused for that.
        #expect(answers.entries == ["scopeClosed", isDetached ? "noScope" : "scopeClosed"])
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Pitfall 15: lifetimes are measured on the container's own time source, which no wall clock bends")
    func ownTime() throws {
        let container = Container(environment: self.simulation.environment)
        let subscription = container.subscribe()
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try self.simulation.run { [time = self.simulation.environment.time] in
            try await container.withScope { scope in
                _ = try await scope.get(Thing.self)
                try await time.sleep(for: .seconds(86_400))
            }
        }
        let lived = subscription.drain().events.compactMap { event in
            if case .disposed(_, let lived) = event.kind { lived } else { nil }
        }
        #expect(lived == [.seconds(86_400)])
    }

    @Test("Pitfall, same names: a second binding of a key is refused; types of the same name and names of other types are kept apart")
    func sameNames() throws {
        enum First { struct Config: Sendable { var value = "first" } }
        enum Second { struct Config: Sendable { var value = "second" } }
        let container = Container(environment: self.simulation.environment)
        try container.bind(First.Config.self) { First.Config() }
        try container.bind(Second.Config.self) { Second.Config() }
        try container.bind(String.self, name: "Config") { "third" }
        let error = #expect(throws: ResourceError.self) { try container.bind(First.Config.self) { First.Config(value: "again") } }
        #expect(error?.code == .duplicateBinding && error?.key == "Config")
        try self.simulation.run {
            try await container.withScope { scope in
                let first = try await scope.get(First.Config.self).value
                let second = try await scope.get(Second.Config.self).value
                let third = try await scope.get(String.self, name: "Config")
                #expect([first, second, third] == ["first", "second", "third"])
            }
        }
    }

    @MainActor
    @Test("Pitfall, isolation: where no user code suspends, a scope is opened, used and closed on its caller's thread")
    func isolation() async throws {
        let container = Container()
        let note: @Sendable (String) -> Void = { [diary] step in diary.write("\(step) \(pthread_self())") }
        try container.bind(
            Int.self,
            lifecycle: .managedSynchronously(onInitialize: { _ in note("initialise") }, onDispose: { _ in note("dispose") })
        ) { 1 }
        try container.bind(
            String.self,
            lifecycle: .managed(onInitialize: { _ in note("initialise") }, onDispose: { _ in note("dispose") })
        ) { "" }
        try await container.withScope { scope in
            MainActor.assertIsolated()
            note("body")
            _ = try await scope.get(Int.self)
            MainActor.assertIsolated()
            _ = try await scope.get(String.self)
            MainActor.assertIsolated()
        }
        MainActor.assertIsolated()
        let here = "\(pthread_self())"
        #expect(self.diary.entries == ["body", "initialise", "initialise", "dispose", "dispose"].map { "\($0) \(here)" })
    }

    @Test("Pitfall, slow observer: one that never looks neither blocks the container nor grows; it is told how much it missed")
    func slowObserver() throws {
        let container = Container(environment: self.simulation.environment)
        let (slow, quick) = (container.subscribe(), container.subscribe())
        var seen = 0
        for round in 0..<40 {
            for _ in 0..<1000 { try container.withScope { _ in } }
            let batch = quick.drain()
            #expect(batch.missed == 0, "round \(round)")
            seen += batch.events.count
        }
        let batch = slow.drain()
        #expect(batch.missed == UInt64(seen) && batch.events.isEmpty)
        #expect(batch.snapshot?.scopes.count == 1)
        try container.withScope { _ in }
        let next = slow.drain()
        #expect(next.missed == 0 && next.events.count == quick.drain().events.count)
    }
}
