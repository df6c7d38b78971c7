import ResourceSimulation
import ResourceTesting
import Testing

@testable import ResourceContainer

@Suite("Close with a budget")
struct ClosingBudgetTests {
    let simulation = Simulation(seed: 1)
    let diary = Diary()

    /// Creates a container whose resources ``open(_:_:)`` resolves in the order of `names`. A dispose of a name in `hung` takes a minute.
    private func container(_ names: [String], hung: Set<String>, disposeTimeout: Duration = .seconds(10)) throws -> Container {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        for name in names {
            try container.bind(Thing.self, name: name, options: BindingOptions(disposeTimeout: disposeTimeout)) { [diary] in
                Thing(name, diary, onDispose: { if hung.contains(name) { try await time.sleep(for: .seconds(60)) } })
            }
        }
        return container
    }

    private func open(_ names: [String], in container: Container) async throws -> Scope {
        let scope = try container.openScope("job")
        for name in names { _ = try await scope.get(Thing.self, name: name) }
        return scope
    }

    @Test("Hung disposes share a close's budget, and resources behind them are still disposed.", arguments: [CloseMode.drain, .force])
    func hung(mode: CloseMode) throws {
        let names = ["a", "b", "hung 1", "hung 2", "hung 3"]
        let container = try self.container(names, hung: ["hung 1", "hung 2", "hung 3"])
        let subscription = container.subscribe()
        let report = try self.simulation.run {
            let scope = try await self.open(names, in: container)
            return try await scope.close(mode, within: .seconds(2))
        }
        #expect(report.took == .seconds(2))
        let outcomes = Dictionary(uniqueKeysWithValues: report.entries.map { ($0.label, $0.outcome) })
        #expect(outcomes.filter { $0.value == .abandoned }.keys.sorted() == ["Thing(hung 1)", "Thing(hung 2)", "Thing(hung 3)"])
        #expect(outcomes.filter { $0.value == .disposed }.keys.sorted() == ["Thing(a)", "Thing(b)"])
        // Disposes run one at a time until a tenth of the budget is left. The rest then begin in order.
        #expect(self.diary.entries.suffix(5) == ["-hung 3", "-hung 2", "-hung 1", "-b", "-a"])
        let kinds = subscription.drain().events
        let hurried = try #require(kinds.first { $0.kind == .closeExpedited(left: 4) })
        #expect(hurried.time.nanoseconds == 1_800_000_000)
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.abandoned == 3)
        #expect(books.disposed == 2)
        #expect(books.active == 0)
        self.simulation.run(for: .seconds(120))
        let late = subscription.drain().events.filter { if case .completedLate = $0.kind { true } else { false } }
        #expect(late.count == 3)
    }

    @Test("The report entry of an abandoned resource gives its dispose's time and the time spent waiting before it.")
    func reasons() throws {
        let names = ["hung 1", "hung 2"]
        let container = try self.container(names, hung: Set(names))
        let report = try self.simulation.run {
            try await self.open(names, in: container).close(.force, within: .seconds(10))
        }
        let texts = report.entries.map { $0.error ?? "" }
        let common = "its dispose did not return within the close's budget of 10.0 seconds; it had"
        #expect(texts.first == "\(common) 10.0 seconds")
        let last = try #require(texts.last)
        #expect(last.hasPrefix("\(common) 0.5 seconds"))
        #expect(last.hasSuffix("because the close waited for the dispose of Thing(hung 2)#2"))
    }

    @Test("A dispose that exceeds its own shorter budget is abandoned, and the next dispose begins.")
    func ownBudget() throws {
        let names = ["a", "hung"]
        let container = try self.container(names, hung: ["hung"], disposeTimeout: .milliseconds(300))
        let report = try self.simulation.run { try await self.open(names, in: container).close(within: .seconds(2)) }
        #expect(report.took == .milliseconds(300))
        #expect(report.entries.map(\.outcome) == [.abandoned, .disposed])
    }

    @Test("With a sufficient budget, disposes run one at a time, newest first.")
    func sufficientBudget() throws {
        let names = ["a", "b", "c"]
        let container = try self.container(names, hung: [])
        let subscription = container.subscribe()
        let report = try self.simulation.run { try await self.open(names, in: container).close(within: .seconds(2)) }
        #expect(report.isClean)
        #expect(report.took == .zero)
        #expect(self.diary.entries.suffix(3) == ["-c", "-b", "-a"])
        #expect(!subscription.drain().events.contains { if case .closeExpedited = $0.kind { true } else { false } })
        #expect(self.simulation.time.deadlineCount == 0)
    }

    @Test(
        "A close with a budget of zero or less begins every dispose exactly once.",
        arguments: [Duration.zero, .seconds(-1), .nanoseconds(1)]
    )
    func zeroBudget(budget: Duration) throws {
        let names = ["a", "b"]
        let container = try self.container(names, hung: [])
        let report = try self.simulation.run {
            let report = try await self.open(names, in: container).close(.force, within: budget)
            try await self.simulation.environment.time.sleep(for: .seconds(1))
            return report
        }
        #expect(report.took == max(.zero, budget) || report.isClean)
        #expect(self.diary.count("-a") == 1)
        #expect(self.diary.count("-b") == 1)
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.active == 0)
    }

    @Test(
        "A close with a budget beyond the clock's range has no deadline.",
        arguments: [Duration.seconds(Int64.max), .nanoseconds(Int64.max)]
    )
    func endless(budget: Duration) throws {
        let names = ["a", "b"]
        let container = try self.container(names, hung: [])
        let report = try self.simulation.run { try await self.open(names, in: container).close(within: budget) }
        #expect(report.isClean)
    }

    @Test(
        "A draining close waits for an initialization until a tenth of its budget is left; a forced close does not wait.",
        arguments: [true, false]
    )
    func initializing(isForced: Bool) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(Thing.self, name: "slow") { [diary] in
            Thing("slow", diary, onInitialize: { try await time.sleep(for: .seconds(20)) })
        }
        let report = try self.simulation.run {
            let scope = try container.openScope("job")
            async let asked = Result { try await scope.get(Thing.self, name: "slow") }
            try await time.sleep(for: .seconds(1))
            let report = try await scope.close(isForced ? .force : .drain, within: .seconds(2))
            _ = await asked
            return report
        }
        #expect(report.entries.map(\.outcome) == [.abandoned])
        #expect(report.took == (isForced ? .zero : .milliseconds(1_800)))
    }

    @Test("A second close applies its budget to the running close, and both return the same report.")
    func secondClose() throws {
        let names = ["a", "hung"]
        let container = try self.container(names, hung: ["hung"])
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

    @Test("The close of an outer scope continues after the forced close of an inner scope abandons a dispose.")
    func outerCloseContinues() throws {
        let container = try self.container(["outer", "hung"], hung: ["hung"])
        let time = self.simulation.environment.time
        try self.simulation.run { [diary] in
            let outer = try container.openScope("outer")
            _ = try await outer.get(Thing.self, name: "outer")
            let inner = try outer.openScope("inner")
            _ = try await inner.get(Thing.self, name: "hung")
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

    @Test("Nested scopes close within the outer scope's budget and appear in its report.")
    func nested() throws {
        let names = ["a", "hung"]
        let container = try self.container(names, hung: ["hung"])
        let report = try self.simulation.run {
            let outer = try container.openScope("outer")
            for name in ["first", "second"] {
                let inner = try outer.openScope(name)
                for thing in names { _ = try await inner.get(Thing.self, name: thing) }
            }
            return try await outer.close(.force, within: .seconds(1))
        }
        #expect(report.took == .seconds(1))
        #expect(report.children.map(\.name) == ["second", "first"])
        #expect(report.count(.abandoned) == 2)
        #expect(report.count(.disposed) == 2)
    }

    @Test("A pool that does not close in time is abandoned, and the report names the holders of its leases.")
    func pool() throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        try container.bind(
            Bind(ResourcePool<Int>.self, lifetime: .scoped) { (resolver: Resolver) in
                try ResourcePool(
                    name: "p",
                    configuration: PoolConfiguration(maximum: 2),
                    environment: resolver.environment,
                    make: { 1 },
                    close: { _ in try await time.sleep(for: .seconds(60)) }
                )
            }
        )
        let report = try self.simulation.run { () async throws -> DisposeReport in
            let scope = try container.openScope("job")
            let pool = try await scope.get(ResourcePool<Int>.self)
            // The pool has two items, one of which is idle again.
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
        #expect(entry.unreturned.map(\.location.file) == [#fileID])
    }

    @Test("A step that takes exactly its budget counts as exceeding it.", arguments: [false, true])
    func exactBudget(isInitialization: Bool) throws {
        let container = Container(environment: self.simulation.environment)
        let time = self.simulation.environment.time
        let record = LifecycleRecord(of: container)
        let options = BindingOptions(initializeTimeout: .seconds(3), disposeTimeout: .seconds(3))
        try container.bind(Thing.self, options: options) { [diary] in
            Thing(
                "a",
                diary,
                onInitialize: { if isInitialization { try await time.sleep(for: .seconds(3)) } },
                onDispose: { if !isInitialization { try await time.sleep(for: .seconds(3)) } }
            )
        }
        try self.simulation.run {
            let scope = try container.openScope("job")
            do {
                _ = try await scope.get(Thing.self)
                #expect(!isInitialization)
            } catch {
                #expect((error as? ResourceError)?.code == .initializationTimedOut)
            }
            let report = try await scope.close()
            #expect(report.count(.abandoned) == (isInitialization ? 0 : 1))
        }
        #expect(self.diary.entries == ["+a", "-a"])
        #expect(container.snapshot().books.abandoned == 1)
        #expect(record.faults.isEmpty)
    }
}
