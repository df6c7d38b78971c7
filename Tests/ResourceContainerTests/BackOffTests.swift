import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Back-off after failed creation of a singleton")
struct BackOffTests {
    private let simulation = Simulation(seed: 1)
    /// The number of initializations that began.
    private let begun = Attempts()
    private let container: Container

    init() {
        self.container = Container(environment: self.simulation.environment)
    }

    /// Resolves the integer `count` times in sequence and returns the last error.
    private func ask(_ count: Int, in scope: Scope? = nil) throws -> ResourceError? {
        try self.simulation.run { [container] in
            var last: ResourceError?
            for _ in 0..<count {
                do { _ = try await (scope ?? container.root).get(Int.self) } catch let error as ResourceError { last = error }
            }
            return last
        }
    }

    private func bindHanging() throws {
        let (begun, time) = (self.begun, self.simulation.environment.time)
        try self.container.bind(Int.self, lifetime: .singleton, options: BindingOptions(initializeTimeout: .milliseconds(200))) {
            () async throws -> Int in
            begun.increment()
            try? await time.sleep(for: .seconds(100_000))
            return 1
        }
    }

    @Test("A hanging singleton is attempted twice by a hundred requests, then after pauses that double up to one minute.")
    func hangs() throws {
        try self.bindHanging()
        let error = try self.ask(100)
        #expect(self.begun.value == 2)
        #expect(error?.code == .initializationTimedOut)
        #expect(error?.description.contains("failed 2 times in a row and is not retried for 200 ms") == true)
        #expect(error?.description.contains("initializeTimeout") == true)
        self.simulation.run(for: .milliseconds(200))
        _ = try self.ask(100)
        #expect(self.begun.value == 3)
        self.simulation.run(for: .milliseconds(399))
        _ = try self.ask(100)
        #expect(self.begun.value == 3)
        self.simulation.run(for: .milliseconds(1))
        _ = try self.ask(100)
        #expect(self.begun.value == 4)
        for _ in 0..<20 {
            self.simulation.run(for: .seconds(60))
            _ = try self.ask(2)
        }
        #expect(self.begun.value == 24)
        #expect(self.container.books().books.isBalanced)
    }

    @Test("A throwing singleton is retried once immediately, then after pauses that double from 10 ms up to 5 s.")
    func fails() throws {
        let begun = self.begun
        try self.container.bind(Int.self, lifetime: .singleton) { () throws -> Int in
            begun.increment()
            throw Failure(description: "no route to host")
        }
        let error = try self.ask(50)
        #expect(begun.value == 2)
        #expect(error?.code == .initializationFailed)
        #expect(error?.underlying is Failure)
        #expect(error?.description.hasSuffix("is not retried for 10 ms; last error: no route to host") == true)
        for (milliseconds, expected) in [(9, 2), (1, 3), (19, 3), (1, 4)] {
            self.simulation.run(for: .milliseconds(milliseconds))
            _ = try self.ask(3)
            #expect(begun.value == expected)
        }
        for _ in 0..<20 {
            self.simulation.run(for: .seconds(5))
            _ = try self.ask(2)
        }
        #expect(begun.value == 24)
    }

    @Test("A successful initialization resets the back-off, so the next failure counts as the first.")
    func success() throws {
        let (begun, fails) = (self.begun, Attempts())
        try self.container.bind(Int.self, lifetime: .singleton) { () throws -> Int in
            begun.increment()
            if fails.value < 2 {
                fails.increment()
                throw Failure(description: "not yet")
            }
            return 5
        }
        _ = try self.ask(2)
        self.simulation.run(for: .milliseconds(10))
        #expect(try self.ask(1) == nil)
        #expect(begun.value == 3)
        #expect(try self.ask(10) == nil)
        #expect(begun.value == 3)
    }

    @Test("A hung attempt that completes late ends the pause, because its dependency responds again.")
    func lateAttempt() throws {
        let (begun, time) = (self.begun, self.simulation.environment.time)
        try self.container.bind(Int.self, lifetime: .singleton, options: BindingOptions(initializeTimeout: .seconds(10))) {
            () async throws -> Int in
            begun.increment()
            if begun.value <= 2 { try? await time.sleep(for: .seconds(21)) }
            return begun.value
        }
        #expect(try self.ask(3) != nil)
        #expect(begun.value == 2)
        // Twenty seconds have passed. The first attempt returns one second later, long before the 10-second pause is over.
        self.simulation.run(for: .milliseconds(1500))
        #expect(try self.ask(1) == nil)
        #expect(begun.value == 3)
    }

    @Test("A singleton that is backing off is served by its fallback.")
    func fallback() throws {
        let begun = self.begun
        try self.container.bind(
            Bind(String.self, lifetime: .singleton) { () throws -> String in
                begun.increment()
                throw Failure(description: "no")
            }.fallback(to: ResourceKey(String.self, name: "spare"))
        )
        try self.container.bind(String.self, name: "spare", lifetime: .singleton) { "spare" }
        let values = try self.simulation.run { [container] in
            var values: [String] = []
            for _ in 0..<10 { values.append(try await container.get(String.self)) }
            return values
        }
        #expect(values == Array(repeating: "spare", count: 10))
        #expect(begun.value == 2)
        let atOnce = try self.container.get(String.self)
        #expect(atOnce == "spare")
        #expect(begun.value == 2)
    }

    @Test("A dependent of a backing-off singleton gets the singleton's error, and no failure of the dependent is counted.")
    func dependent() throws {
        let (begun, time) = (self.begun, self.simulation.environment.time)
        try self.container.bind(Int.self, name: "inner", lifetime: .singleton) { () throws -> Int in
            if time.now.nanoseconds < 1_000_000_000 { throw Failure(description: "no") }
            return 1
        }
        try self.container.bind(
            Bind(Int.self, lifetime: .singleton, using: ResourceKey(Int.self, name: "inner")) { inner in
                begun.increment()
                return inner
            }
        )
        try self.simulation.run { [container] in
            for _ in 0..<2 { _ = try? await container.get(Int.self, name: "inner") }
        }
        let error = try self.ask(20)
        #expect(error?.description.hasPrefix("creating Int#") == true)
        #expect(error?.description.contains("Int(inner) (bound at BackOffTests.swift") == true)
        #expect(
            error?.description.hasSuffix("failed 2 times in a row and is not retried for 10 ms; last error: no") == true
        )
        self.simulation.run(for: .milliseconds(1100))
        #expect(try self.ask(1) == nil)
        #expect(begun.value == 1)
    }

    @Test("Scoped resources are attempted by every request, without back-off.")
    func scopedResourcesDoNotBackOff() throws {
        let begun = self.begun
        try self.container.bind(Int.self) { () throws -> Int in
            begun.increment()
            throw Failure(description: "no")
        }
        let scope = try self.container.openScope("job")
        _ = try self.ask(5, in: scope)
        #expect(begun.value == 5)
    }
}

/// A counter of attempts.
private final class Attempts: Sendable {
    private let number = Lock(0)

    var value: Int {
        self.number.withLock { $0 }
    }

    func increment() {
        self.number.withLock { $0 += 1 }
    }
}
