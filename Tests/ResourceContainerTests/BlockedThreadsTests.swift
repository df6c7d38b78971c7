import ResourceContainer
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The way in which a dispose hangs.
enum Hang: CaseIterable {
    /// The dispose suspends and ignores cancellation.
    case ignoresCancellation
    /// The dispose computes without suspending.
    case spinning
    /// The dispose blocks in a system call.
    case sleeping
    /// The dispose suspends first, then computes without suspending.
    case spinningLate
}

/// Blocks the disposes of a test until it is removed.
private final class Obstacle: Sendable {
    private let isGone = Atomic<Bool>(false)
    private let gone = Promise<Void>()
    private let time = TimeSource.system

    func remove() {
        self.isGone.store(true, ordering: .relaxed)
        self.gone.fulfill(())
    }

    func meet(_ hang: Hang) async {
        // A failing test has to end, too.
        let end = self.time.now + .seconds(20)
        switch hang {
        case .ignoresCancellation: await self.gone.waitThroughCancellation()
        case .spinningLate:
            try? await self.time.sleep(for: .milliseconds(1))
            self.spin(until: end)
        case .spinning: self.spin(until: end)
        case .sleeping: while !self.isGone.load(ordering: .relaxed), self.time.now < end { usleep(5_000) }
        }
    }

    private func spin(until end: TimeSource.Instant) {
        while !self.isGone.load(ordering: .relaxed), self.time.now < end {}
    }
}

/// Runs on real threads and real time, which no simulation covers. Durations are compared only with the 20 seconds for which the disposes
/// hang.
@Suite("Disposes that block their threads do not delay other disposes", .serialized)
struct BlockedThreadsTests {
    private static let cores = max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    private static let budget = Duration.milliseconds(400)

    /// Creates a container with three healthy resources and one hanging resource for each processor core. The hanging ones are disposed
    /// first.
    private func container(_ hang: Hang, _ obstacle: Obstacle, _ diary: Diary) async throws -> Container {
        let container = Container()
        for number in 0..<3 + Self.cores {
            try container.bind(Thing.self, name: "\(number)", lifetime: .singleton) {
                Thing(number < 3 ? "healthy" : "hung", diary, onDispose: { if number >= 3 { await obstacle.meet(hang) } })
            }
            _ = try await container.get(Thing.self, name: "\(number)")
        }
        return container
    }

    private func check(_ report: DisposeReport, _ took: Duration, _ diary: Diary, _ container: Container) {
        #expect(took >= Self.budget)
        #expect(took < .seconds(10))
        #expect(report.count(.abandoned) == Self.cores)
        #expect(report.count(.disposed) == 3)
        #expect(diary.count("-healthy") == 3)
        #expect(diary.count("-hung") == Self.cores)
        let books = container.books().books
        #expect(books.isBalanced)
        #expect(books.active == 0)
    }

    @Test("A forced close ends within its budget while disposes block every core.", arguments: Hang.allCases)
    func forced(hang: Hang) async throws {
        let (obstacle, diary) = (Obstacle(), Diary())
        defer { obstacle.remove() }
        let container = try await self.container(hang, obstacle, diary)
        let begin = TimeSource.system.now
        let report = try await container.close(.force, within: Self.budget)
        self.check(report, TimeSource.system.now - begin, diary, container)
    }

    @Test(
        "A forced close with a budget ends in time while an ordinary close hangs, and both get the same report.",
        arguments: Hang.allCases
    )
    func afterAnOrdinaryClose(hang: Hang) async throws {
        let (obstacle, diary) = (Obstacle(), Diary())
        defer { obstacle.remove() }
        let container = try await self.container(hang, obstacle, diary)
        async let first = container.close()
        while diary.count("-hung") == 0 { await Task.yield() }
        let begin = TimeSource.system.now
        let report = try await container.close(.force, within: Self.budget)
        self.check(report, TimeSource.system.now - begin, diary, container)
        obstacle.remove()
        #expect(try await first == report)
    }

    @Test("A close with a budget ends in time while more pool items than cores block their threads.")
    func pools() async throws {
        let (obstacle, diary) = (Obstacle(), Diary())
        defer { obstacle.remove() }
        let container = Container()
        try container.bind(Thing.self, lifetime: .singleton) { Thing("healthy", diary) }
        let items = Self.cores + 2
        try container.bind(ResourcePool<Int>.self, lifetime: .singleton) {
            try ResourcePool(
                name: "p",
                configuration: PoolConfiguration(maximum: items, minimumSize: items, prefill: .wait),
                make: { 1 },
                close: { _ in await obstacle.meet(.sleeping) }
            )
        }
        _ = try await container.get(Thing.self)
        _ = try await container.get(ResourcePool<Int>.self)
        let begin = TimeSource.system.now
        let report = try await container.close(within: Self.budget)
        #expect(TimeSource.system.now - begin < .seconds(10))
        #expect(report.count(.abandoned) == 1)
        #expect(diary.count("-healthy") == 1)
    }

    @Test("A hundred blocking disposes all begin within the budget of a forced close.")
    func manyDisposes() async throws {
        let (obstacle, diary) = (Obstacle(), Diary())
        defer { obstacle.remove() }
        let container = Container()
        for number in 0..<100 {
            try container.bind(Thing.self, name: "\(number)", lifetime: .singleton) {
                Thing("hung", diary, onDispose: { await obstacle.meet(.sleeping) })
            }
            _ = try await container.get(Thing.self, name: "\(number)")
        }
        let report = try await container.close(.force, within: .seconds(2))
        #expect(report.count(.abandoned) == 100)
        #expect(diary.count("-hung") == 100)
    }

    @Test("A deadline fires while every thread of the cooperative pool is blocked.")
    func deadline() async throws {
        let obstacle = Obstacle()
        let (begin, came) = (TimeSource.system.now, Promise<Void>())
        async let holders: Void = withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.cores { group.addTask { await obstacle.meet(.sleeping) } }
        }
        _ = TimeSource.system.schedule(at: begin + .milliseconds(50)) {
            came.fulfill(())
            obstacle.remove()
        }
        await came.waitThroughCancellation()
        await holders
        #expect(TimeSource.system.now - begin < .seconds(10))
    }
}
