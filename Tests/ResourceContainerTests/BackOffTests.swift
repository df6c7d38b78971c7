import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("A singleton that cannot be made is not tried by every request")
struct BackOffTests {
    private let simulation = Simulation(seed: 1)
    /// How often making was begun.
    private let begun = Attempts()
    private let container: Container

    init() {
        self.container = Container(environment: self.simulation.environment)
    }

    /// Asks `count` times, each as soon as the one before is answered; the last error.
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

    @Test("one that hangs is begun twice by a hundred requests, and again after a pause that doubles up to a minute")
    func hangs() throws {
        try self.bindHanging()
        let error = try self.ask(100)
        #expect(self.begun.value == 2)
        #expect(error?.code == .initialisationTimedOut)
        #expect(error?.description.contains("could not be made 2 times in a row and is not tried again for 200 ms") == true)
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

    @Test("one that throws is tried at once after its first failure, then after ten milliseconds and more, five seconds at most")
    func fails() throws {
        let begun = self.begun
        try self.container.bind(Int.self, lifetime: .singleton) { () throws -> Int in
            begun.increment()
            throw Failure(description: "no route to host")
        }
        let error = try self.ask(50)
        #expect(begun.value == 2)
        #expect(error?.code == .initialisationFailed)
        #expect(error?.underlying is Failure)
        #expect(error?.description.hasSuffix("is not tried again for 10 ms; the last time: no route to host") == true)
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

    @Test("a success ends it: the next failure is the first again")
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

    @Test("an attempt that hung and comes back late ends the pause: what it waited for answers again")
    func late() throws {
        let (begun, time) = (self.begun, self.simulation.environment.time)
        try self.container.bind(Int.self, lifetime: .singleton, options: BindingOptions(initializeTimeout: .seconds(10))) {
            () async throws -> Int in
            begun.increment()
            if begun.value <= 2 { try? await time.sleep(for: .seconds(21)) }
            return begun.value
        }
        #expect(try self.ask(3) != nil)
        #expect(begun.value == 2)
        // Twenty seconds have passed. The first attempt comes back after one more, long before the pause of ten is over.
        self.simulation.run(for: .milliseconds(1500))
        #expect(try self.ask(1) == nil)
        #expect(begun.value == 3)
    }

    @Test("while it is held back, what it falls back to stands in for it")
    func fallback() throws {
        let begun = self.begun
        try self.container.bind(String.self, lifetime: .singleton) { () throws -> String in
            begun.increment()
            throw Failure(description: "no")
        }.fallback(to: ResourceKey(String.self, name: "spare"))
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

    @Test("what needs it is refused with its reason, and its own failures are not counted for that")
    func dependent() throws {
        let (begun, time) = (self.begun, self.simulation.environment.time)
        try self.container.bind(Int.self, name: "inner", lifetime: .singleton) { () throws -> Int in
            if time.now.nanoseconds < 1_000_000_000 { throw Failure(description: "no") }
            return 1
        }
        try self.container.bind(Int.self, lifetime: .singleton, using: ResourceKey(Int.self, name: "inner")) { inner in
            begun.increment()
            return inner
        }
        try self.simulation.run { [container] in
            for _ in 0..<2 { _ = try? await container.get(Int.self, name: "inner") }
        }
        let error = try self.ask(20)
        #expect(error?.description.hasPrefix("making Int#") == true)
        #expect(error?.description.contains("Int(inner) (bound at BackOffTests.swift") == true)
        #expect(
            error?.description.hasSuffix("could not be made 2 times in a row and is not tried again for 10 ms; the last time: no") == true
        )
        self.simulation.run(for: .milliseconds(1100))
        #expect(try self.ask(1) == nil)
        #expect(begun.value == 1)
    }

    @Test("scoped and transient resources, and singletons of an overlay, are tried by every request")
    func others() throws {
        let begun = self.begun
        try self.container.bind(Int.self) { () throws -> Int in
            begun.increment()
            throw Failure(description: "no")
        }
        let scope = try self.container.openScope(named: "job")
        _ = try self.ask(5, in: scope)
        #expect(begun.value == 5)
    }
}

/// A number that grows.
private final class Attempts: Sendable {
    private let number = Lock(0)

    var value: Int {
        self.number.withLock { $0 }
    }

    func increment() {
        self.number.withLock { $0 += 1 }
    }
}
