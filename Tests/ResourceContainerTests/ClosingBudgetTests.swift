import ResourceSimulation
import ResourceTesting
import Testing

@testable import ResourceContainer

@Suite("A close within a budget is over when the budget is used up")
struct ClosingBudgetTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    /// A container whose things "a", "b"… are made in the order of their names by ``open(_:_:)``; those in `deaf` do not come back from their
    /// dispose for a minute.
    private func container(_ names: [String], deaf: Set<String>, disposeTimeout: Duration = .seconds(10)) throws -> Container {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        for name in names {
            try container.bind(Thing.self, name: name, options: BindingOptions(disposeTimeout: disposeTimeout)) { [diary] in
                Thing(name, diary, onDispose: { if deaf.contains(name) { try await time.sleep(for: .seconds(60)) } })
            }
        }
        return container
    }

    private func open(_ names: [String], in container: Container) async throws -> Scope {
        let scope = try container.openScope(named: "job")
        for name in names { _ = try await scope.get(Thing.self, name: name) }
        return scope
    }

    @Test("hung disposes take the budget together, and what is behind them is disposed", arguments: [CloseMode.drain, .force])
    func hung(mode: CloseMode) throws {
        let names = ["a", "b", "deaf 1", "deaf 2", "deaf 3"]
        let container = try self.container(names, deaf: ["deaf 1", "deaf 2", "deaf 3"])
        let subscription = container.subscribe()
        let report = try self.simulation.run {
            let scope = try await self.open(names, in: container)
            return try await scope.close(mode, within: .seconds(2))
        }
        #expect(report.took == .seconds(2))
        let outcomes = Dictionary(uniqueKeysWithValues: report.entries.map { ($0.label, $0.outcome) })
        #expect(outcomes.filter { $0.value == .abandoned }.keys.sorted() == ["Thing(deaf 1)", "Thing(deaf 2)", "Thing(deaf 3)"])
        #expect(outcomes.filter { $0.value == .disposed }.keys.sorted() == ["Thing(a)", "Thing(b)"])
        // One at a time until a tenth of the budget is left, and then the rest in order.
        #expect(self.diary.entries.suffix(5) == ["-deaf 3", "-deaf 2", "-deaf 1", "-b", "-a"])
        let kinds = subscription.drain().events
        let hurried = try #require(kinds.first { $0.kind == .closingHurried(left: 4) })
        #expect(hurried.time.nanoseconds == 1_800_000_000)
        let books = container.snapshot().books
        #expect(books.isBalanced && books.abandoned == 3 && books.disposed == 2 && books.active == 0)
        self.simulation.run(for: .seconds(120))
        let late = subscription.drain().events.filter { if case .completedLate = $0.kind { true } else { false } }
        #expect(late.count == 3)
    }

    @Test("an entry that is abandoned says how long its dispose had, and what the closing waited for before")
    func reasons() throws {
        let names = ["deaf 1", "deaf 2"]
        let container = try self.container(names, deaf: Set(names))
        let report = try self.simulation.run {
            try await self.open(names, in: container).close(.force, within: .seconds(10))
        }
        let texts = report.entries.map { $0.error ?? "" }
        let common = "its dispose did not come back before the closing's budget of 10.0 seconds was used up, and had"
        #expect(texts.first == "\(common) 10.0 seconds")
        let last = try #require(texts.last)
        #expect(last.hasPrefix("\(common) 0.5 seconds"))
        #expect(last.hasSuffix("because the closing waited for the dispose of Thing(deaf 2)#2"))
    }

    @Test("a dispose that does not come back within its own, shorter budget is abandoned after that, and the next one begins")
    func ownBudget() throws {
        let names = ["a", "deaf"]
        let container = try self.container(names, deaf: ["deaf"], disposeTimeout: .milliseconds(300))
        let report = try self.simulation.run { try await self.open(names, in: container).close(within: .seconds(2)) }
        #expect(report.took == .milliseconds(300))
        #expect(report.entries.map(\.outcome) == [.abandoned, .disposed])
    }

    @Test("everything is disposed one by one, newest first, where the budget is long enough")
    func enough() throws {
        let names = ["a", "b", "c"]
        let container = try self.container(names, deaf: [])
        let subscription = container.subscribe()
        let report = try self.simulation.run { try await self.open(names, in: container).close(within: .seconds(2)) }
        #expect(report.isClean && report.took == .zero)
        #expect(self.diary.entries.suffix(3) == ["-c", "-b", "-a"])
        #expect(!subscription.drain().events.contains { if case .closingHurried = $0.kind { true } else { false } })
        #expect(self.simulation.time.deadlineCount == 0)
    }

    @Test(
        "a budget of nothing still begins every dispose, once",
        arguments: [Duration.zero, .seconds(-1), .nanoseconds(1)]
    )
    func nothing(budget: Duration) throws {
        let names = ["a", "b"]
        let container = try self.container(names, deaf: [])
        let report = try self.simulation.run {
            let report = try await self.open(names, in: container).close(.force, within: budget)
            try await self.simulation.environment.time.sleep(for: .seconds(1))
            return report
        }
        #expect(report.took == max(.zero, budget) || report.isClean)
        #expect(self.diary.count("-a") == 1)
        #expect(self.diary.count("-b") == 1)
        let books = container.snapshot().books
        #expect(books.isBalanced && books.active == 0)
    }

    @Test("a budget that no clock reaches is none", arguments: [Duration.seconds(Int64.max), .nanoseconds(Int64.max)])
    func endless(budget: Duration) throws {
        let names = ["a", "b"]
        let container = try self.container(names, deaf: [])
        let report = try self.simulation.run { try await self.open(names, in: container).close(within: budget) }
        #expect(report.isClean)
    }

    @Test(
        "a draining close waits for an initialisation until a tenth of the budget is left, a forced one does not wait",
        arguments: [true, false]
    )
    func initialising(isForced: Bool) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, name: "slow") { [diary] in
            Thing("slow", diary, onInitialize: { try await time.sleep(for: .seconds(20)) })
        }
        let report = try self.simulation.run {
            let scope = try container.openScope(named: "job")
            async let asked = Result { try await scope.get(Thing.self, name: "slow") }
            try await time.sleep(for: .seconds(1))
            let report = try await scope.close(isForced ? .force : .drain, within: .seconds(2))
            _ = await asked
            return report
        }
        #expect(report.entries.map(\.outcome) == [.abandoned])
        #expect(report.took == (isForced ? .zero : .milliseconds(1_800)))
    }

    @Test("a second close gives its budget to the one that is under way, and both get the same report")
    func later() throws {
        let names = ["a", "deaf"]
        let container = try self.container(names, deaf: ["deaf"])
        let time = self.simulation.environment.time
        try self.simulation.run {
            let scope = try await self.open(names, in: container)
            async let first = scope.close()
            try await time.sleep(for: .seconds(1))
            let second = try await scope.close(.force, within: .seconds(2))
            #expect(second.took == .seconds(3))
            #expect(second.entries.map(\.outcome) == [.disposed, .abandoned])
            #expect(try await first == second)
        }
    }

    @Test("the closing around a scope that was given up goes on")
    func around() throws {
        let container = try self.container(["outer", "deaf"], deaf: ["deaf"])
        let time = self.simulation.environment.time
        try self.simulation.run { [diary] in
            let outer = try container.openScope(named: "outer")
            _ = try await outer.get(Thing.self, name: "outer")
            let inner = try outer.openScope(named: "inner")
            _ = try await inner.get(Thing.self, name: "deaf")
            async let whole = outer.close()
            try await time.sleep(for: .seconds(1))
            let report = try await inner.close(.force, within: .seconds(1))
            #expect(report.count(.abandoned) == 1)
            let around = try await whole
            #expect(around.children == [report])
            #expect(around.took == .seconds(10))
            #expect(diary.count("-outer") == 1)
        }
    }

    @Test("scopes inside are closed within the budget of the one around them, and are in its report")
    func nested() throws {
        let names = ["a", "deaf"]
        let container = try self.container(names, deaf: ["deaf"])
        let report = try self.simulation.run {
            let outer = try container.openScope(named: "outer")
            for name in ["first", "second"] {
                let inner = try outer.openScope(named: name)
                for thing in names { _ = try await inner.get(Thing.self, name: thing) }
            }
            return try await outer.close(.force, within: .seconds(1))
        }
        #expect(report.took == .seconds(1))
        #expect(report.children.map(\.name) == ["second", "first"])
        #expect(report.count(.abandoned) == 2)
        #expect(report.count(.disposed) == 2)
    }

    @Test("a pool that does not come back is abandoned with who holds what of it")
    func pool() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(ResourcePool<Int>.self) { (resolver: Resolver) in
            try ResourcePool(
                name: "p",
                configuration: PoolConfiguration(maximum: 2),
                environment: resolver.environment,
                make: { 1 },
                close: { _ in try await time.sleep(for: .seconds(60)) }
            )
        }
        let report = try self.simulation.run { () async throws -> DisposeReport in
            let scope = try container.openScope(named: "job")
            let pool = try await scope.get(ResourcePool<Int>.self)
            // Two items, one of them idle again.
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for seconds in [1, 100] { group.addTask { try await pool.withLease { _ in try await time.sleep(for: .seconds(seconds)) } } }
                try await group.next()
                let report = try await scope.close(.force, within: .seconds(1))
                group.cancelAll()
                return report
            }
        }
        let entry = try #require(report.entries.first)
        #expect(entry.outcome == .abandoned)
        #expect(entry.unreturned.map(\.place.file) == [#fileID])
    }

    @Test("a step that takes exactly its budget is over it", arguments: [false, true])
    func exactly(isInitialisation: Bool) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        let record = LifecycleRecord(of: container)
        let options = BindingOptions(initializeTimeout: .seconds(3), disposeTimeout: .seconds(3))
        try container.bind(Thing.self, options: options) { [diary] in
            Thing(
                "a",
                diary,
                onInitialize: { if isInitialisation { try await time.sleep(for: .seconds(3)) } },
                onDispose: { if !isInitialisation { try await time.sleep(for: .seconds(3)) } }
            )
        }
        try self.simulation.run {
            let scope = try container.openScope(named: "job")
            do {
                _ = try await scope.get(Thing.self)
                #expect(!isInitialisation)
            } catch {
                #expect((error as? ResourceError)?.code == .initialisationTimedOut)
            }
            let report = try await scope.close()
            #expect(report.count(.abandoned) == (isInitialisation ? 0 : 1))
        }
        #expect(self.diary.entries == ["+a", "-a"])
        #expect(container.snapshot().books.abandoned == 1)
        #expect(record.faults.isEmpty)
    }
}
