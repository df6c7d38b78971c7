import Foundation
import ResourceContainer
import ResourceSimulation
import Testing

/// Problems of ownership, and of state that tests and tasks leave behind, known from other containers.
@Suite("Pitfalls of ownership")
struct OwnershipPitfallTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    private struct Short: Sendable {}
    private struct Long: Sendable { let short: Short }
    private struct Between: Sendable { let short: Short }
    private struct Longest: Sendable { let between: Between }

    @Test("A singleton that needs a scoped key fails validation and resolution with the path.")
    func captive() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Short.self) { Short() }
        try container.bind(Long.self, lifetime: .singleton, Long.init)
        let problem = try #require(container.validate().problems.first)
        #expect(problem.fault == .captive)
        #expect(problem.path == ["Long", "Short"])
        let error = #expect(throws: ResourceError.self) {
            try self.simulation.run { try await container.withScope { _ = try await $0.get(Long.self) } }
        }
        #expect(error?.code == .captiveDependency)
        #expect(error?.description.contains("Long → Short") == true)
        #expect(container.snapshot().books.active == 0)
    }

    @Test("A captive dependency through a transient is found by validation, and one through a closure at the request.")
    func captiveThroughTransient() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Short.self) { Short() }
        try container.bind(Between.self, lifetime: .transient, Between.init)
        try container.bind(Longest.self, lifetime: .singleton, Longest.init)
        try container.bind(
            Bind(Long.self, lifetime: .singleton) { (resolver: Resolver) async throws -> Long in
                Long(short: try await resolver.get(Short.self))
            }
        )
        let report = container.validate()
        #expect(report.problems.map(\.path) == [["Longest", "Between", "Short"]])
        #expect(report.notAnalyzed == ["Long"])
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

    @Test("A resource with an outer tag may not hold one with an inner tag; the reverse is allowed.")
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

    @Test("Transients that accumulate in a long-lived scope are counted at their key and disposed with the scope.")
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
        "An instance under several keys is created, counted, and disposed once, whichever key is resolved first.",
        arguments: 0..<3
    )
    func alias(first: Int) throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try container.bind(Bind((any Resource).self, alias: ResourceKey(Thing.self)) { $0 })
        try container.bind(Bind(Thing.self, name: "second", alias: ResourceKey(Thing.self)) { $0 })
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
                #expect(things.count == 3)
                #expect(things.allSatisfy { $0 === things[0] && $0 != nil })
                #expect(container.snapshot().books.created == 1)
            }
        }
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("An instance that the container does not own is shared but never initialized, counted, or disposed.")
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

    @Test("An owned, provided instance is disposed once, with the container, if it was initialized.")
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
        "Concurrent overrides of the same key do not see each other and leave no residue.",
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

    @Test("A task that outlives its scope is refused, including a detached task.", arguments: [false, true])
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
        // A detached task has no current scope, so its request to the container is refused for that reason.
        #expect(answers.entries == ["scopeClosed", isDetached ? "noScope" : "scopeClosed"])
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("Lifetimes are measured with the container's time source, independent of the wall clock.")
    func containerTime() throws {
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

    @Test("A duplicate key is refused, while types of the same name and keys of other types stay distinct.")
    func sameNames() throws {
        enum First { struct Config: Sendable { var value = "first" } }
        enum Second { struct Config: Sendable { var value = "second" } }
        let container = Container(environment: self.simulation.environment)
        try container.bind(First.Config.self) { First.Config() }
        try container.bind(Second.Config.self) { Second.Config() }
        try container.bind(String.self, name: "Config") { "third" }
        let error = #expect(throws: ResourceError.self) { try container.bind(First.Config.self) { First.Config(value: "again") } }
        #expect(error?.code == .duplicateBinding)
        #expect(error?.key == "Config")
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
    @Test("A scope without suspending user code is opened, used, and closed on its caller's thread.")
    func isolation() async throws {
        let container = Container()
        let note: @Sendable (String) -> Void = { [diary] step in diary.write("\(step) \(pthread_self())") }
        try container.bind(
            Int.self,
            lifecycle: .managedSynchronously(onInitialize: { _ in note("initialize") }, onDispose: { _ in note("dispose") })
        ) { 1 }
        try container.bind(
            String.self,
            lifecycle: .managed(onInitialize: { _ in note("initialize") }, onDispose: { _ in note("dispose") })
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
        #expect(self.diary.entries == ["body", "initialize", "initialize", "dispose", "dispose"].map { "\($0) \(here)" })
    }

    @Test("A subscriber that never reads does not block the container or grow, and gets the number of missed events.")
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
        #expect(batch.missed == UInt64(seen))
        #expect(batch.events.isEmpty)
        #expect(batch.snapshot?.scopes.count == 1)
        try container.withScope { _ in }
        let next = slow.drain()
        #expect(next.missed == 0)
        #expect(next.events.count == quick.drain().events.count)
    }
}
