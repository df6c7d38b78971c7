import ResourceContainer
import ResourceSimulation
import Testing

/// The page's "Resource Pool Pattern": one pool for any kind of resource.
///
/// Corrected here: the page's `release` takes an asynchronous lock in a synchronous function, which Python refuses; its queue lets a
/// borrower wait for ever; and its `dispose` closes what is still in use.
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

    /// A pool of numbers, counted up.
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

    @Test("Use pooled resources: a pool is bound like any resource, lends what it made, and closes it when the container ends")
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

    @Test("initialize pre-populates: a minimum as large as the maximum is there before the first borrower asks")
    func prepopulated() throws {
        let pool = try self.numbers(PoolConfiguration(maximum: 5, minimumSize: 5, prefill: .wait))
        let container = Container(environment: self.simulation.environment)
        try container.bind(ResourcePool<Int>.self, instance: pool)
        try self.simulation.run { _ = try await container.get(ResourcePool<Int>.self) }
        #expect(self.journal.entries == (1...5).map { "+\($0)" } && pool.poolSample().idle == 5)
        try self.simulation.run { try await pool.withLease { _ in } }
        #expect(self.journal.entries.count == 5)
    }

    @Test("initialize pre-populates: a factory that fails makes initialising fail within its budget, with the cause")
    func prepopulatingFails() throws {
        let pool: ResourcePool<Int> = try self.pool(
            PoolConfiguration(maximum: 5, minimumSize: 5, prefill: .wait, acquireBudget: .seconds(3)),
            make: { throw Refused() }
        )
        let error = #expect(throws: PoolError.self) { try self.simulation.run { try await pool.initialize() } }
        #expect(error?.code == .timedOut && error?.phase == .creating && error?.underlying is Refused)
        #expect(self.simulation.now.nanoseconds == 3_000_000_000)
    }

    @Test("A resource is lent to one borrower at a time", arguments: 0..<10 as Range<UInt64>)
    func oneBorrower(seed: UInt64) throws {
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
        let borrowers = Occupancy()
        try simulation.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        try await pool.withLease { number in
                            borrowers.enter(number)
                            try await simulation.environment.time.sleep(for: .milliseconds(1))
                            #expect(borrowers.now(number) == 1)
                            borrowers.leave(number)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(next.withLock { $0 } == 3)
    }

    @Test("acquire: who finds the pool empty waits, first come first served")
    func queue() throws {
        let pool = try self.numbers(maximum: 1)
        let (journal, time) = (self.journal, self.simulation.environment.time)
        try self.simulation.run {
            await withTaskGroup(of: Void.self) { group in
                for borrower in ["a", "b", "c", "d"] {
                    group.addTask {
                        try? await pool.withLease { _ in
                            journal.write(borrower)
                            try await time.sleep(for: .seconds(1))
                        }
                    }
                }
            }
        }
        #expect(self.journal.entries == ["+1", "a", "b", "c", "d"])
    }

    @Test("acquire: nobody waits for ever; the budget is finite unless said otherwise, and its error carries the pool's figures")
    func budget() throws {
        let pool = try self.numbers(maximum: 1)
        let time = self.simulation.environment.time
        try self.simulation.run {
            try await pool.withLease { _ in
                async let second = Result { try await pool.withLease(budget: .seconds(2)) { $0 } }
                let answer = await second
                let error = #expect(throws: PoolError.self) { try answer.get() }
                #expect(error?.code == .timedOut && error?.sample?.leased == 1)
                #expect(time.now.nanoseconds == 2_000_000_000)
                await #expect(throws: PoolError.self) { try await pool.withLease { $0 } }
                #expect(time.now.nanoseconds == 32_000_000_000)
            }
        }
    }

    @Test("release: the resource given back is the next one lent")
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

    @Test("release twice: the compiler refuses it of a lease; of a handle it is an error, and whoever holds the resource by then keeps it")
    func staleRelease() throws {
        let pool = try self.numbers(maximum: 1)
        try self.simulation.run {
            let old = try await pool.acquire().detach()
            try pool.release(old.handle)
            let lease = try await pool.acquire()
            let error = #expect(throws: PoolError.self) { try pool.release(old.handle) }
            #expect(error?.code == .staleLease && pool.poolSample().staleReturns == 1)
            #expect(pool.poolSample().leased == 1 && pool.poolSample().idle == 0)
            lease.release()
            #expect(pool.poolSample().idle == 1 && pool.poolSample().isBalanced)
        }
    }

    @Test("release to another pool is an error that changes neither of them")
    func foreignRelease() throws {
        let (pool, other) = (try self.numbers(maximum: 1), try self.numbers(maximum: 1))
        try self.simulation.run {
            let lent = try await pool.acquire().detach()
            let error = #expect(throws: PoolError.self) { try other.release(lent.handle) }
            #expect(error?.code == .foreignLease)
            #expect(pool.poolSample().leased == 1 && other.poolSample().idle == 0 && other.poolSample().made == 0)
            try pool.release(lent.handle)
            #expect(pool.poolSample().leased == 0)
        }
    }

    @Test("acquire twice: a task that holds the last resource and asks for another, which would wait for itself, is told at once")
    func reentrancy() throws {
        let pool = try self.numbers(PoolConfiguration(maximum: 1, reentrancy: .throw))
        try self.simulation.run {
            let error = await #expect(throws: PoolError.self) { try await pool.withLease { _ in try await pool.withLease { _ in } } }
            #expect(error?.code == .reentrant && pool.poolSample().reentrant == 1)
            #expect(pool.poolSample().leased == 0 && pool.poolSample().idle == 1)
        }
        #expect(self.simulation.now.nanoseconds == 0)
    }

    @Test("acquire twice: without that policy an event tells at once, and the second request ends with its budget")
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
            #expect(error?.code == .timedOut && time.now.nanoseconds == 2_000_000_000)
        }
        let told = subscription.drain().events.filter { $0.kind == .leaseReentrant }
        #expect(told.count == 1 && told.first?.time.nanoseconds == 0)
    }

    @Test("factory: one that throws fails the borrower with the cause, and the next borrower tries again")
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

    @Test("dispose: what is in use is not closed under its borrower: the pool waits for it, then closes everything")
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

    @Test("dispose: who does not give back within the drain timeout is named, and closing goes on without them")
    func disposeNames() throws {
        let pool = try self.pool(PoolConfiguration(maximum: 1, drainTimeout: .seconds(1)), make: { 1 })
        let time = self.simulation.environment.time
        try self.simulation.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await pool.withLease { _ in try await time.sleep(for: .seconds(60)) } }
                try? await time.sleep(for: .milliseconds(1))
                let report = await pool.close()
                #expect(report.unreturned.count == 1 && !report.isClean)
                #expect(time.now.nanoseconds == 1_001_000_000)
                group.cancelAll()
            }
        }
    }

    @Test("A borrower that is cancelled while it waits leaves no trace, and the resource goes to the next")
    func cancelledBorrower() throws {
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
