import ResourceContainer
import ResourceSimulation
import Testing

/// Closing problems known from other containers.
@Suite("Pitfalls of closing")
struct ClosingPitfallTests {
    let diary = Diary()

    @Test(
        "Failing disposes stop no other dispose, the error names each, and the body's error comes first.",
        arguments: 0..<32
    )
    func failingDisposes(failing: Int) throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let names = ["a", "b", "c", "d", "e"]
        let faulty = names.indices.filter { failing & (1 << $0) != 0 }.map { names[$0] }
        for name in names {
            try container.bind(Thing.self, name: name) { [diary] in
                Thing(name, diary, onDispose: { if faulty.contains(name) { throw Failure(description: "\(name) failed") } })
            }
        }
        for throwsItself in [false, true] {
            let before = self.diary.entries.count
            let result = Result<Void, any Error> {
                try simulation.run {
                    try await container.withScope(policy: .throw) { scope in
                        for name in names { _ = try await scope.get(Thing.self, name: name) }
                        if throwsItself { throw CancellationError() }
                    }
                }
            }
            #expect(self.diary.entries.dropFirst(before) == ["+a", "+b", "+c", "+d", "+e", "-e", "-d", "-c", "-b", "-a"])
            switch result {
            case .success:
                #expect(faulty.isEmpty)
                #expect(!throwsItself)
            case .failure(let error as DisposeError):
                let threw = error.report.entries.filter { $0.outcome == .threw }
                #expect(!throwsItself)
                #expect(threw.map(\.error) == faulty.reversed().map { "\($0) failed" })
                for name in faulty { #expect(error.description.contains("Thing(\(name))")) }
            case .failure(let error):
                #expect(throwsItself)
                #expect(error is CancellationError)
            }
        }
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.disposed == 10)
        #expect(books.errors == 2 * faulty.count)
    }

    /// The way in which a body ends.
    enum Ending: CaseIterable {
        case returned, threw, cancelled, timedOut
    }

    @Test(
        "Every dependent's dispose ends before its dependency's begins, in random graphs and for every ending.",
        arguments: 0..<80 as Range<UInt64>
    )
    func disposeOrder(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let (time, diary) = (simulation.environment.time, self.diary)
        var random = SplitMix(seed)
        let ending = Ending.allCases[Int(seed % 4)]
        let hung = ending == .timedOut ? Int(random.next() % 12) : -1
        var needs: [[Int]] = []
        for node in 0..<12 {
            let chosen = (0..<node).filter { _ in random.next() % 3 == 0 }
            let takes = Int(random.next() % 4)
            needs.append(chosen)
            try container.bind(
                Bind(Thing.self, name: "\(node)", options: BindingOptions(disposeTimeout: .seconds(1))) { (resolver: Resolver) in
                    for other in chosen { _ = try await resolver.get(Thing.self, name: "\(other)") }
                    return Thing(
                        "\(node)",
                        diary,
                        onInitialize: { try await time.sleep(for: .milliseconds(takes)) },
                        onDispose: {
                            try await time.sleep(for: node == hung ? .seconds(60) : .milliseconds(takes))
                            diary.write("/\(node)")
                        }
                    )
                }
            )
        }
        let wanted = (0..<6).map { _ in Int(random.next() % 12) } + [11]
        let task = simulation.spawn {
            try? await container.withScope { scope in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for node in wanted { group.addTask { _ = try await scope.get(Thing.self, name: "\(node)") } }
                    try await group.waitForAll()
                }
                switch ending {
                case .returned, .timedOut: break
                case .threw: throw Failure(description: "the body")
                case .cancelled: try await time.sleep(for: .seconds(60))
                }
            }
        }
        simulation.run(for: .seconds(1))
        if ending == .cancelled { task.cancel() }
        simulation.run(for: .seconds(10))
        let entries = diary.entries
        let made = (0..<12).filter { entries.contains("+\($0)") }
        #expect(made.contains(11))
        for node in made {
            #expect(diary.count("-\(node)") == 1)
            let end = try #require(entries.firstIndex(of: node == hung ? "-\(node)" : "/\(node)"))
            for dependency in needs[node] {
                let begin = try #require(entries.firstIndex(of: "-\(dependency)"))
                #expect(end < begin, "\(node) needs \(dependency)")
            }
        }
    }

    @Test(
        "Every dispose runs to completion without cancellation when its task is canceled before, during, or after closing.",
        arguments: 0..<25
    )
    func cancelledCleanup(milliseconds: Int) throws {
        let simulation = Simulation(seed: UInt64(milliseconds), order: .random)
        let container = Container(environment: simulation.environment)
        let (time, diary) = (simulation.environment.time, self.diary)
        for name in ["a", "b"] {
            try container.bind(Thing.self, name: name) {
                Thing(
                    name,
                    diary,
                    onDispose: {
                        let isCancelled = Task.isCancelled
                        try await time.sleep(for: .milliseconds(5))
                        diary.write("/\(name) \(isCancelled || Task.isCancelled)")
                    }
                )
            }
        }
        let task = simulation.spawn {
            try? await container.withScope { scope in
                _ = try await scope.get(Thing.self, name: "a")
                _ = try await scope.get(Thing.self, name: "b")
                try await time.sleep(for: .milliseconds(8))
            }
            diary.write("left")
        }
        simulation.run(for: .milliseconds(milliseconds))
        task.cancel()
        simulation.run(for: .seconds(1))
        let made = ["a", "b"].filter { diary.count("+\($0)") == 1 }
        #expect(diary.entries == made.map { "+\($0)" } + made.reversed().flatMap { ["-\($0)", "/\($0) false"] } + ["left"])
        #expect(milliseconds == 0 || made == ["a", "b"])
    }

    @Test(
        "A hung dispose at any position is abandoned within its budget, the others run, and its late end is recorded.",
        arguments: 0..<4
    )
    func hungDispose(hung: Int) throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let subscription = container.subscribe()
        let time = simulation.environment.time
        for number in 0..<4 {
            try container.bind(Thing.self, name: "\(number)", options: BindingOptions(disposeTimeout: .milliseconds(50))) { [diary] in
                Thing("\(number)", diary, onDispose: { if number == hung { await Self.sleepIgnoringCancellation(.seconds(60), time) } })
            }
        }
        let report = Lock<DisposeReport?>(nil)
        try simulation.run {
            try await container.withScope(onClose: { closed in report.withLock { $0 = closed } }) { scope in
                for number in 0..<4 { _ = try await scope.get(Thing.self, name: "\(number)") }
            }
        }
        #expect(simulation.now.nanoseconds == 50_000_000)
        let entries = try #require(report.withLock { $0 }).entries
        #expect(entries.map(\.label) == (0..<4).reversed().map { "Thing(\($0))" })
        #expect(entries.map(\.outcome) == (0..<4).reversed().map { $0 == hung ? .abandoned : .disposed })
        simulation.run(for: .seconds(120))
        #expect(subscription.drain().events.last?.kind == .completedLate(.dispose, took: .seconds(60)))
        #expect(container.snapshot().books.isBalanced)
    }

    /// Sleeps and ignores cancellation.
    private static func sleepIgnoringCancellation(_ duration: Duration, _ time: TimeSource) async {
        let end = time.now + duration
        while time.now < end { try? await time.sleep(until: end) }
    }

    @Test(
        "Closing a scope during an initialization fails its caller and disposes the new instance once.",
        arguments: 0..<60 as Range<UInt64>
    )
    func closeMeetsInitialization(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let (time, answers) = (simulation.environment.time, Diary())
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onInitialize: { try await time.sleep(for: .milliseconds(5)) }) }
        let scope = try container.openScope("request")
        for delay in 0..<4 {
            simulation.spawn {
                do {
                    try await time.sleep(for: .milliseconds(delay * 2))
                    let thing = try await scope.get(Thing.self)
                    answers.write("got \(thing.name)")
                } catch { answers.write((error as? ResourceError)?.code.description ?? "\(error)") }
            }
        }
        let closing = simulation.spawn {
            try? await time.sleep(for: .milliseconds(Int(seed % 8)))
            _ = try? await scope.close()
            answers.write("closed")
        }
        simulation.run(for: .milliseconds(Int(seed % 8)))
        #expect(throws: ResourceError.self) { try scope.openScope("late") }
        simulation.run(for: .seconds(1))
        closing.cancel()
        let got = answers.count("got a")
        #expect(got + answers.count("scopeClosed") == 4)
        #expect(answers.count("closed") == 1)
        #expect(seed % 8 >= 5 || got == 0)
        #expect(self.diary.count("-a") == self.diary.count("+a"))
        #expect(self.diary.count("+a") <= 1)
        let books = container.snapshot().books
        #expect(books.isBalanced)
        #expect(books.active == 0)
    }

    @Test("Closing an inner scope keeps the outer scope's instances; closing the outer scope closes the inner one first.")
    func nesting() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        for name in ["outer", "inner"] { try container.bind(Thing.self, name: name) { [diary] in Thing(name, diary) } }
        try simulation.run { [diary] in
            let outer = try container.openScope("outer")
            _ = try await outer.get(Thing.self, name: "outer")
            try await outer.withScope { inner in
                _ = try await inner.get(Thing.self, name: "outer")
                _ = try await inner.get(Thing.self, name: "inner")
            }
            #expect(diary.entries == ["+outer", "+inner", "-inner"])
            let left = try outer.openScope("left open")
            _ = try await left.get(Thing.self, name: "inner")
            try await outer.close()
            #expect(!left.isOpen)
        }
        #expect(self.diary.entries == ["+outer", "+inner", "-inner", "+inner", "-inner", "-outer"])
    }

    @Test("Closing a scope drains a child whose body still runs, and that body's next request is refused.")
    func parentClosesUnderBody() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary) }
        try simulation.run { [diary] in
            let outer = try container.openScope("outer")
            async let body: ResourceError.Code? = outer.withScope("inner") { inner in
                _ = try await inner.get(Thing.self)
                try await time.sleep(for: .seconds(2))
                do {
                    _ = try await inner.get(Thing.self)
                    return nil
                } catch { return (error as? ResourceError)?.code }
            }
            try await time.sleep(for: .seconds(1))
            let report = try await outer.close()
            #expect(report.children.map(\.name) == ["inner"])
            #expect(report.count(.disposed) == 1)
            #expect(diary.entries == ["+a", "-a"])
            let code = try await body
            #expect(code == .scopeClosed)
        }
    }

    @Test("Ten thousand scopes, some of them nested, leave no residue.")
    func residue() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Int.self, lifecycle: .managed()) { 1 }
        try simulation.run {
            for _ in 0..<5000 {
                try await container.withScope("request") { scope in
                    _ = try await scope.get(Int.self)
                    try await scope.withScope("part") { _ = try await $0.get(Int.self) }
                }
            }
        }
        let snapshot = container.snapshot()
        #expect(snapshot.scopes.map(\.name) == ["app"])
        #expect(snapshot.resources.isEmpty)
        #expect(snapshot.pools.isEmpty)
        #expect(snapshot.books.created == 5000)
        #expect(snapshot.books.disposed == 5000)
        #expect(container.resources().isEmpty)
    }

    @Test(
        "Concurrent, repeated, and canceled closes return one report, and every instance is disposed once.",
        arguments: 0..<30 as Range<UInt64>
    )
    func doubleClose(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let container = Container(environment: simulation.environment)
        let time = simulation.environment.time
        try container.bind(Thing.self) { [diary] in Thing("a", diary, onDispose: { try await time.sleep(for: .milliseconds(3)) }) }
        let reports = try simulation.run {
            let scope = try container.openScope("request")
            _ = try await scope.get(Thing.self)
            let reports = try await withThrowingTaskGroup(of: DisposeReport.self) { group in
                for delay in 0..<6 {
                    group.addTask {
                        try? await time.sleep(for: .milliseconds(delay))
                        return try await scope.close()
                    }
                }
                group.cancelAll()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            return try await reports + [scope.close()]
        }
        #expect(reports.count == 7)
        #expect(reports.allSatisfy { $0 == reports[0] })
        #expect(reports[0].entries.map(\.outcome) == [.disposed])
        #expect(self.diary.entries == ["+a", "-a"])
    }

    @Test("An initialization or dispose that closes its own or an enclosing scope gets an error and does not hang.")
    func closeFromWithin() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        let (diary, answers) = (self.diary, Diary())
        @Sendable func tryToClose(_ scope: Scope?, _ when: String) async {
            do {
                _ = try await scope?.close()
                answers.write("\(when): closed")
            } catch { answers.write("\(when): \(error.code)") }
        }
        try container.bind(Thing.self) {
            Thing(
                "a",
                diary,
                onInitialize: { await tryToClose(Scope.current, "initialize") },
                onDispose: {
                    await tryToClose(Scope.current, "dispose")
                    await tryToClose(container.root, "dispose, root")
                }
            )
        }
        let report = try simulation.run {
            let scope = try container.openScope("request")
            _ = try await scope.get(Thing.self)
            return try await container.close()
        }
        #expect(
            answers.entries == ["initialize: closedFromWithin", "dispose: closedFromWithin", "dispose, root: closedFromWithin"]
        )
        #expect(report.isClean)
        #expect(self.diary.entries == ["+a", "-a"])
    }
}
