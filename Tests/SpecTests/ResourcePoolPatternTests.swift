import ResourceContainer
import ResourceSimulation
import Testing

/// The specification's "Resource Pool Pattern": one pool for any kind of resource.
///
/// Corrected here: the page's `release` takes an asynchronous lock in a synchronous function, which Python refuses. Its queue lets a
/// request wait forever, and its `dispose` closes resources that are in use.
@Suite("Spec: Resource Pool Pattern")
struct ResourcePoolPatternTests {
    let simulation = Simulation(seed: 1)
    let journal = Journal()

    private func pool<Element: Sendable>(
        _ configuration: PoolConfiguration,
        make: @escaping @Sendable () async throws -> Element,
        close: @escaping @Sendable (Element) async throws -> Void = { _ in }
    ) throws -> ResourcePool<Element> {
        try ResourcePool(name: "generic", configuration: configuration, environment: self.simulation.environment, make: make, close: close)
    }

    /// A pool of consecutive numbers.
    private func numbers(maximum: Int) throws -> ResourcePool<Int> {
        try self.numbers(PoolConfiguration(maximum: maximum))
    }

    private func numbers(_ configuration: PoolConfiguration) throws -> ResourcePool<Int> {
        let next = Lock(0)
        let journal = self.journal
        return try self.pool(
            configuration,
            make: {
                next.withLock { count in
                    count += 1
                    journal.write("+\(count)")
                    return count
                }
            },
            close: { journal.write("-\($0)") }
        )
    }

    @Test("Use pooled resources: A pool is bound like any resource, leases its items, and closes them with the container.")
    func usage() throws {
        let container = Container(environment: self.simulation.environment)
        let pool = try self.pool(PoolConfiguration(maximum: 5), make: { RawConnection() }, close: { $0.close() })
        try container.bind(ResourcePool<RawConnection>.self, instance: pool)
        let lent = try self.simulation.run {
            let lent = try await container.withScope { scope in
                try await scope.get(ResourcePool<RawConnection>.self).withLease { connection in
                    let answer = try connection.execute("SELECT * FROM users")
                    #expect(answer == "1: SELECT * FROM users")
                    return connection
                }
            }
            #expect(lent.isOpen)
            try await container.close()
            return lent
        }
        #expect(!lent.isOpen)
    }

    @Test("initialize: A minimum as large as the maximum exists before the first request.")
    func prepopulated() throws {
        let pool = try self.numbers(PoolConfiguration(maximum: 5, minimumSize: 5, prefill: .wait))
        let container = Container(environment: self.simulation.environment)
        try container.bind(ResourcePool<Int>.self, instance: pool)
        try self.simulation.run { _ = try await container.get(ResourcePool<Int>.self) }
        #expect(self.journal.entries == (1...5).map { "+\($0)" })
        #expect(pool.poolSample().idle == 5)
        try self.simulation.run { try await pool.withLease { _ in } }
        #expect(self.journal.entries.count == 5)
    }

    @Test("initialize: A factory that fails makes the initialization fail within its budget, with the cause.")
    func prepopulatingFails() throws {
        let pool: ResourcePool<Int> = try self.pool(
            PoolConfiguration(maximum: 5, minimumSize: 5, prefill: .wait, acquireBudget: .seconds(3)),
            make: { throw Refused() }
        )
        let error = #expect(throws: PoolError.self) { try self.simulation.run { try await pool.initialize() } }
        #expect(error?.code == .timedOut)
        #expect(error?.phase == .creating)
        #expect(error?.underlying is Refused)
        #expect(self.simulation.now.nanoseconds == 3_000_000_000)
    }

    @Test("A resource is leased to one holder at a time.", arguments: 0..<10 as Range<UInt64>)
    func oneHolder(seed: UInt64) throws {
        let simulation = Simulation(seed: seed, order: .random)
        let next = Lock(0)
        let pool = try ResourcePool(
            name: "generic",
            configuration: PoolConfiguration(maximum: 3),
            environment: simulation.environment,
            make: {
                next.withLock { count in
                    count += 1
                    return count
                }
            }
        )
        let requesters = Occupancy()
        try simulation.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        try await pool.withLease { number in
                            requesters.enter(number)
                            try await simulation.environment.time.sleep(for: .milliseconds(1))
                            #expect(requesters.now(number) == 1)
                            requesters.leave(number)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(next.withLock { $0 } == 3)
    }

    @Test("acquire: Requests to an empty pool wait and are served in order of arrival.")
    func queue() throws {
        let pool = try self.numbers(maximum: 1)
        let (journal, time) = (self.journal, self.simulation.environment.time)
        try self.simulation.run {
            await withTaskGroup(of: Void.self) { group in
                for requester in ["a", "b", "c", "d"] {
                    group.addTask {
                        try? await pool.withLease { _ in
                            journal.write(requester)
                            try await time.sleep(for: .seconds(1))
                        }
                    }
                }
            }
        }
        #expect(self.journal.entries == ["+1", "a", "b", "c", "d"])
    }

    @Test("acquire: No request waits forever; the default budget is finite, and its error contains the pool's figures.")
    func budget() throws {
        let pool = try self.numbers(maximum: 1)
        let time = self.simulation.environment.time
        try self.simulation.run {
            try await pool.withLease { _ in
                async let second = Result { try await pool.withLease(budget: .seconds(2)) { $0 } }
                let answer = await second
                let error = #expect(throws: PoolError.self) { try answer.get() }
                #expect(error?.code == .timedOut)
                #expect(error?.sample?.leased == 1)
                #expect(time.now.nanoseconds == 2_000_000_000)
                await #expect(throws: PoolError.self) { try await pool.withLease { $0 } }
                #expect(time.now.nanoseconds == 32_000_000_000)
            }
        }
    }

    @Test("release: The resource released last is the next one leased.")
    func reuse() throws {
        let pool = try self.numbers(maximum: 5)
        try self.simulation.run {
            for _ in 0..<5 {
                let number = try await pool.withLease { $0 }
                #expect(number == 1)
            }
        }
        #expect(self.journal.entries == ["+1"])
    }

    @Test("release twice: A second release by a handle is an error, and the current holder keeps the resource.")
    func staleRelease() throws {
        let pool = try self.numbers(maximum: 1)
        try self.simulation.run {
            let old = try await pool.acquire().detach()
            try pool.release(old.handle)
            let lease = try await pool.acquire()
            let error = #expect(throws: PoolError.self) { try pool.release(old.handle) }
            #expect(error?.code == .staleLease)
            #expect(pool.poolSample().staleReturns == 1)
            #expect(pool.poolSample().leased == 1)
            #expect(pool.poolSample().idle == 0)
            lease.release()
            #expect(pool.poolSample().idle == 1)
            #expect(pool.poolSample().isBalanced)
        }
    }

    @Test("release: A release to another pool is an error that changes neither pool.")
    func foreignRelease() throws {
        let (pool, other) = (try self.numbers(maximum: 1), try self.numbers(maximum: 1))
        try self.simulation.run {
            let lent = try await pool.acquire().detach()
            let error = #expect(throws: PoolError.self) { try other.release(lent.handle) }
            #expect(error?.code == .foreignLease)
            #expect(pool.poolSample().leased == 1)
            #expect(other.poolSample().idle == 0)
            #expect(other.poolSample().made == 0)
            try pool.release(lent.handle)
            #expect(pool.poolSample().leased == 0)
        }
    }

    @Test("acquire twice: A task that holds the last resource and requests another fails immediately.")
    func reentrancy() throws {
        let pool = try self.numbers(PoolConfiguration(maximum: 1, reentrancy: .throw))
        try self.simulation.run {
            let error = await #expect(throws: PoolError.self) { try await pool.withLease { _ in try await pool.withLease { _ in } } }
            #expect(error?.code == .reentrant)
            #expect(pool.poolSample().reentrant == 1)
            #expect(pool.poolSample().leased == 0)
            #expect(pool.poolSample().idle == 1)
        }
        #expect(self.simulation.now.nanoseconds == 0)
    }

    @Test("acquire twice: With the default policy an event is immediate, and the second request times out.")
    func reentrancyReported() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(ResourcePool<Int>.self, instance: try self.numbers(maximum: 1))
        let subscription = container.subscribe()
        let time = self.simulation.environment.time
        try self.simulation.run {
            let pool = try await container.get(ResourcePool<Int>.self)
            let error = await #expect(throws: PoolError.self) {
                try await pool.withLease { _ in try await pool.withLease(budget: .seconds(2)) { _ in } }
            }
            #expect(error?.code == .timedOut)
            #expect(time.now.nanoseconds == 2_000_000_000)
        }
        let events = subscription.drain().events.filter { $0.kind == .leaseReentrant }
        #expect(events.count == 1)
        #expect(events.first?.time.nanoseconds == 0)
    }

    @Test("factory: A failed creation is retried, and the waiting request is served.")
    func failingFactory() throws {
        let attempts = Lock(0)
        let pool = try self.pool(
            PoolConfiguration(maximum: 1, acquireBudget: .seconds(5)),
            make: {
                let attempt = attempts.withLock { count in
                    count += 1
                    return count
                }
                if attempt == 1 { throw Refused() }
                return attempt
            }
        )
        try self.simulation.run {
            let number = try await pool.withLease { $0 }
            #expect(number == 2)
        }
        #expect(attempts.withLock { $0 } == 2)
    }

    @Test("dispose: A resource in use is not closed under its holder; the pool waits for it and then closes everything.")
    func disposeWaits() throws {
        let pool = try self.numbers(maximum: 2)
        let (journal, time) = (self.journal, self.simulation.environment.time)
        try self.simulation.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await pool.withLease { number in
                        try await time.sleep(for: .seconds(2))
                        journal.write("used \(number)")
                    }
                }
                try? await time.sleep(for: .seconds(1))
                let report = await pool.close()
                #expect(report.isClean)
            }
        }
        #expect(self.journal.entries == ["+1", "used 1", "-1"])
        #expect(self.simulation.now.nanoseconds == 2_000_000_000)
    }

    @Test("dispose: A lease not released within the drain timeout is named with its holder, and the close continues.")
    func disposeNames() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1, drainTimeout: .seconds(1)), make: { 1 })
        let time = self.simulation.environment.time
        try self.simulation.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await pool.withLease { _ in try await time.sleep(for: .seconds(60)) } }
                try? await time.sleep(for: .milliseconds(1))
                let report = await pool.close()
                #expect(report.unreturned.count == 1)
                #expect(!report.isClean)
                #expect(time.now.nanoseconds == 1_001_000_000)
                group.cancelAll()
            }
        }
    }

    @Test("acquire: A waiter that is canceled leaves no trace, and the resource goes to the next one.")
    func cancelledWaiter() throws {
        let pool = try self.numbers(maximum: 1)
        let time = self.simulation.environment.time
        try self.simulation.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await pool.withLease { _ in try await time.sleep(for: .seconds(2)) } }
                try? await time.sleep(for: .milliseconds(1))
                let isCancelled = await withTaskGroup(of: Bool.self) { inner in
                    inner.addTask {
                        do { try await pool.withLease { _ in } } catch { return error is CancellationError }
                        return false
                    }
                    try? await time.sleep(for: .milliseconds(1))
                    #expect(pool.poolSample().waiting == 1)
                    inner.cancelAll()
                    return await inner.next()
                }
                #expect(isCancelled == true)
                #expect(pool.poolSample().waiting == 0)
            }
            let number = try await pool.withLease { $0 }
            #expect(number == 1)
            #expect(pool.poolSample().leased == 0)
        }
    }
}
