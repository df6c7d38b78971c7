import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Leases without the pool's lock")
struct PoolFrontTests {
    private static let here: StaticString = #fileID

    /// A pool whose items are all idle in the front.
    private static func pool(_ world: PoolTestWorld, _ configuration: PoolConfiguration, at point: (@Sendable () -> Void)? = nil) throws
        -> ResourcePool<Ticket>
    {
        var environment = world.simulation.environment
        #if SCHEDULE_POINTS
            if let point { environment.onSchedulePoint = point }
        #endif
        let pool = try world.pool(configuration, environment: environment)
        for number in 0..<configuration.maximum { world.acquire("\(number)", pool, hold: .milliseconds(100)) }
        world.simulation.run(for: .seconds(1))
        return pool
    }

    private static func lease(_ pool: ResourcePool<Ticket>) -> PoolHub.Grant? {
        pool.hub.leaseImmediately(fileID: Self.here, line: #line)
    }

    private static func number(_ grant: PoolHub.Grant) -> Int {
        PoolItem<Ticket>.element(grant).number
    }

    // MARK: Order and figures

    @Test("The item that was released last is leased first, also among items released at the same instant.")
    func newestFirst() throws {
        let pool = try Self.pool(PoolTestWorld(), PoolConfiguration(maximum: 4))
        let leased = try (0..<4).map { _ in try #require(Self.lease(pool)) }
        #expect(Self.lease(pool) == nil)
        for index in [2, 0, 3, 1] { pool.hub.releaseOwned(leased[index].use) }
        let next = try (0..<4).map { _ in try #require(Self.lease(pool)) }
        #expect(next.map(Self.number) == [1, 3, 0, 2].map { Self.number(leased[$0]) })
    }

    @Test("The order in which items became idle survives a sample, which takes all items back.")
    func orderAfterSample() throws {
        let pool = try Self.pool(PoolTestWorld(), PoolConfiguration(maximum: 3))
        let leased = try (0..<3).map { _ in try #require(Self.lease(pool)) }
        for index in [1, 2, 0] { pool.hub.releaseOwned(leased[index].use) }
        #expect(pool.poolSample().idle == 3)
        let next = try (0..<3).map { _ in try #require(Self.lease(pool)) }
        #expect(next.map(Self.number) == [0, 2, 1].map { Self.number(leased[$0]) })
    }

    @Test("Leases and their durations are counted exactly.")
    func counts() throws {
        let world = PoolTestWorld()
        let pool = try Self.pool(world, PoolConfiguration(maximum: 2))
        let before = pool.poolSample()
        for _ in 0..<100 {
            let grant = try #require(Self.lease(pool))
            world.simulation.run(for: .milliseconds(1))
            pool.hub.releaseOwned(grant.use)
        }
        let after = pool.poolSample()
        #expect(after.leases - before.leases == 100)
        #expect(after.holds.total - before.holds.total == 100)
        #expect(after.holds.sum - before.holds.sum == .milliseconds(100))
        #expect(after.isBalanced)
    }

    @Test("A sample names the holders of leases that took no lock, longest first.")
    func holders() throws {
        let world = PoolTestWorld()
        let pool = try Self.pool(world, PoolConfiguration(maximum: 3))
        let first = try #require(Self.lease(pool))
        world.simulation.run(for: .seconds(1))
        let second = try #require(Self.lease(pool))
        let sample = pool.poolSample()
        #expect(sample.leased == 2)
        #expect(sample.idle == 1)
        #expect(sample.holders.map(\.slot) == [first.use.slot, second.use.slot])
        #expect(sample.holders.first?.location.file.hasSuffix("PoolFrontTests.swift") == true)
    }

    // MARK: Ends of leases

    @Test("A handle of a lease that has ended releases nothing, and the next holder keeps the item.")
    func staleHandle() throws {
        let world = PoolTestWorld()
        let pool = try Self.pool(world, PoolConfiguration(maximum: 1))
        let first = try #require(Self.lease(pool))
        pool.hub.releaseOwned(first.use)
        let second = try #require(Self.lease(pool))
        #expect(!pool.hub.release(first.use))
        #expect(pool.poolSample().leased == 1)
        #expect(pool.poolSample().staleReturns == 1)
        pool.hub.releaseOwned(second.use)
        #expect(pool.poolSample().idle == 1)
    }

    @Test("An item past its lifetime is retired when a lease that took no lock ends.")
    func lifetime() throws {
        let world = PoolTestWorld()
        var configuration = PoolConfiguration(maximum: 1)
        configuration.maximumLifetime = .seconds(60)
        let pool = try Self.pool(world, configuration)
        let grant = try #require(Self.lease(pool))
        world.simulation.run(for: .seconds(120))
        pool.hub.releaseOwned(grant.use)
        world.simulation.run(for: .seconds(1))
        #expect(pool.poolSample().retired == 1)
        #expect(pool.poolSample().idle == 0)
    }

    @Test("A lease that took no lock and is held past the threshold is suspected.")
    func suspicion() throws {
        let world = PoolTestWorld()
        let pool = try Self.pool(world, PoolConfiguration(maximum: 1, leakThreshold: .seconds(10)))
        world.simulation.run(for: .seconds(60))
        var grant = try #require(Self.lease(pool))
        pool.hub.releaseOwned(grant.use)
        grant = try #require(Self.lease(pool))
        world.simulation.run(for: .seconds(9))
        #expect(pool.poolSample().leaksSuspected == 0)
        world.simulation.run(for: .seconds(2))
        #expect(pool.poolSample().leaksSuspected == 1)
        pool.hub.releaseOwned(grant.use)
        #expect(pool.poolSample().leaksWithdrawn == 1)
    }

    // MARK: Windows

    /// An act of another thread in a gap of a lease or of a release.
    enum Act: String, CaseIterable, Sendable {
        case nothing, sample, lease, wait, scope, expire, shrink, close
    }

    /// Performs an act at one gap, and keeps what it got.
    private final class Gap: Sendable {
        private let state = Lock((passed: -1, step: 0, act: nil as (@Sendable () -> Void)?))
        let grant = Lock<PoolHub.Grant?>(nil)
        let request = Lock<PoolRequests.ID?>(nil)

        func begin(_ step: Int, _ act: @escaping @Sendable () -> Void) {
            self.state.withLock { $0 = (0, step, act) }
        }

        func pass() {
            let act = self.state.withLock { state -> (@Sendable () -> Void)? in
                guard state.passed >= 0 else { return nil }
                defer { state.passed += 1 }
                return state.passed == state.step ? state.act.take() : nil
            }
            act?()
        }

        /// Ends counting. Returns whether the act was performed.
        func end() -> Bool {
            self.state.withLock { state in
                defer { state = (-1, 0, nil) }
                return state.act == nil
            }
        }
    }

    private static func perform(_ act: Act, _ pool: ResourcePool<Ticket>, _ world: PoolTestWorld, _ gap: Gap) {
        let now = world.time.now
        switch act {
        case .nothing: break
        case .sample: _ = pool.poolSample()
        case .lease: gap.grant.withLock { $0 = Self.lease(pool) }
        case .wait:
            let request = pool.hub.update { state -> PoolRequests.ID? in
                let beginning = state.machine.begin(.nobody, at: now, deadline: now + .seconds(60))
                guard case .request(let id) = beginning else { return nil }
                _ = state.machine.enqueue(id, at: now)
                return id
            }
            gap.request.withLock { $0 = request }
        case .scope: pool.scopeClosed(.root)
        case .expire: pool.expireAll()
        case .shrink: try? pool.resize(maximum: 1)
        case .close: pool.hub.update { $0.machine.beginDraining() }
        }
    }

    #if SCHEDULE_POINTS
        @Test("An act in any gap of a lease or a release gives no item two holders and misses no request.", arguments: Act.allCases)
        func windows(act: Act) throws {
            for maximum in [1, 2] {
                var (step, isReached) = (0, true)
                while isReached {
                    isReached = try self.window(act, maximum: maximum, step: step)
                    step += 1
                }
                #expect(step > 3)
            }
        }

        /// Leases and releases with an act at one gap. Returns whether there is such a gap.
        private func window(_ act: Act, maximum: Int, step: Int) throws -> Bool {
            let (world, gap) = (PoolTestWorld(), Gap())
            let pool = try Self.pool(world, PoolConfiguration(maximum: maximum)) { gap.pass() }
            gap.begin(step) { Self.perform(act, pool, world, gap) }
            let own = Self.lease(pool)
            let other = gap.grant.withLock { $0 }
            if let own, let other { #expect(own.use.slot != other.use.slot) }
            #expect(pool.hub.state.withLock { $0.machine.leased + $0.machine.exposed.count } <= maximum)
            if let own { pool.hub.releaseOwned(own.use) }
            let isReached = gap.end()
            if let grant = gap.grant.withLock({ $0 }) { #expect(pool.hub.release(grant.use)) }
            if let request = gap.request.withLock({ $0 }) {
                // The request was granted by the release, or at once, and its item is released in turn.
                let outcome = pool.hub.update { $0.machine.collect(request) }
                guard case .lease(let use, _) = outcome else { throw WindowFault(description: "\(act) at \(step): \(outcome)") }
                #expect(pool.hub.release(use))
            }
            let sample = pool.poolSample()
            #expect(sample.isBalanced, "\(act) at \(step)")
            #expect(sample.leased == 0, "\(act) at \(step)")
            #expect(sample.waiting == 0, "\(act) at \(step)")
            #expect(sample.leases == sample.holds.total, "\(act) at \(step)")
            return isReached
        }

        private struct WindowFault: Error, CustomStringConvertible {
            let description: String
        }
    #endif

    // MARK: Real threads

    private final class End: Sendable {
        let isReached = Lock(false)
    }

    @Test("Every sample of a pool under load counts each item once.")
    func samplesUnderLoad() async throws {
        let pool = try ResourcePool(name: "Numbers", configuration: PoolConfiguration(maximum: 6), make: { 1 })
        let rounds = Soak.count(20_000, full: 2_000_000)
        let end = End()
        let faults = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<rounds { try? await pool.withLease { _ in } }
                    return 0
                }
            }
            let sampler = Task.detached {
                var faults = 0
                while !end.isReached.withLock({ $0 }) {
                    let sample = pool.poolSample()
                    if !sample.isBalanced || sample.leased > 6 || sample.idle < 0 { faults += 1 }
                    await Task.yield()
                }
                return faults
            }
            await group.waitForAll()
            end.isReached.withLock { $0 = true }
            return await sampler.value
        }
        #expect(faults == 0)
        let sample = pool.poolSample()
        #expect(sample.leases == 8 * rounds)
        #expect(sample.holds.total == 8 * rounds)
        #expect(sample.leased == 0)
        #expect(sample.idle == sample.made)
    }
}
