import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Canceled requests leave no trace in the pool")
struct PoolCancellationTests {
    let now = TimeSource.Instant(nanoseconds: 0)
    let later = TimeSource.Instant(nanoseconds: 1_000)

    private func request(_ machine: inout PoolStateMachine) throws -> PoolRequests.ID {
        guard case .request(let id) = machine.begin(.nobody, at: self.now, deadline: self.later) else {
            throw Failure(description: "refused")
        }
        return id
    }

    /// Creates a state machine whose only item is leased.
    private func exhausted() throws -> (PoolStateMachine, PoolStateMachine.Use) {
        var machine = PoolStateMachine(rules: PoolRules(maximum: 1))
        let first = try self.request(&machine)
        check(machine.enqueue(first, at: self.now), true)
        let step = try #require(machine.effects.take().steps.first)
        check(machine.creationSucceeded(step.use, at: self.now, fraction: 0), true)
        check(machine.effects.take().resumed, [first])
        guard case .lease(let lease, _) = machine.collect(first) else { throw Failure(description: "no lease") }
        return (machine, lease)
    }

    private func isCancelled(_ outcome: PoolStateMachine.Outcome) -> Bool {
        if case .cancelled = outcome { return true }
        return false
    }

    @Test("A request that is canceled before it queues does not queue.")
    func beforeQueueing() throws {
        var (machine, _) = try self.exhausted()
        let id = try self.request(&machine)
        machine.cancel(id, at: self.now)
        check(machine.enqueue(id, at: self.now), false)
        check(self.isCancelled(machine.collect(id)), true)
        #expect(machine.effects.isEmpty)
        #expect(machine.requests.count == 0)
        #expect(machine.requests.inUse == 0)
    }

    @Test("A request that is canceled in the queue leaves it, and the next one is served.")
    func whileQueued() throws {
        var (machine, lease) = try self.exhausted()
        let (id, next) = (try self.request(&machine), try self.request(&machine))
        check(machine.enqueue(id, at: self.now), true)
        check(machine.enqueue(next, at: self.now), true)
        machine.cancel(id, at: self.now)
        check(machine.effects.take().resumed, [id])
        check(self.isCancelled(machine.collect(id)), true)
        check(machine.release(lease, at: self.now), true)
        check(machine.effects.take().resumed, [next])
    }

    @Test("An item granted to a request that is then canceled goes to the next waiter or becomes idle.")
    func afterGrant() throws {
        var (machine, lease) = try self.exhausted()
        let (id, next) = (try self.request(&machine), try self.request(&machine))
        check(machine.enqueue(id, at: self.now), true)
        check(machine.enqueue(next, at: self.now), true)
        check(machine.release(lease, at: self.now), true)
        check(machine.effects.take().resumed, [id])
        machine.cancel(id, at: self.now)
        check(machine.effects.take().resumed, [next])
        check(self.isCancelled(machine.collect(id)), true)
        machine.cancel(next, at: self.now)
        check(machine.effects.isEmpty, true)
        check(self.isCancelled(machine.collect(next)), true)
        #expect(machine.idle == 1)
        #expect(machine.leased == 0)
        #expect(machine.counts.leases == 1)
    }

    @Test("A lease that has ended releases nothing, even if its slot is leased again.")
    func staleLease() throws {
        var (machine, old) = try self.exhausted()
        check(machine.release(old, at: self.now), true)
        check(machine.release(old, at: self.now), false)
        let lent = machine.lease(to: .nobody, at: self.now)
        let new = try #require(lent)
        check(machine.release(old, at: self.now), false)
        check(machine.markBroken(old), false)
        check(machine.release(PoolStateMachine.Use(slot: 9, generation: 1), at: self.now), false)
        #expect(machine.leased == 1)
        check(machine.release(new, at: self.now), true)
        check(machine.release(new, at: self.now), false)
        #expect(machine.counts.staleReturns == 4)
    }

    @Test("A million waiters that time out leave no residue.")
    func memory() throws {
        var (machine, _) = try self.exhausted()
        for round in 0..<10_000 {
            for _ in 0..<100 {
                let id = try self.request(&machine)
                _ = machine.enqueue(id, at: self.now)
            }
            machine.sweep(at: self.later, fraction: 0.5)
            let expired = machine.effects.take().resumed
            for id in expired { _ = machine.collect(id) }
            if round == 0 { #expect(expired.count == 100) }
        }
        #expect(machine.requests.count == 0)
        #expect(machine.requests.inUse == 0)
        #expect(machine.requests.capacity == 100)
        #expect(machine.counts.timedOut == 1_000_000)
    }

    @Test("Requests canceled at any point of any interleaving lose no item and leave no waiter.", arguments: Array(UInt64(1)...150))
    func anyMoment(seed: UInt64) throws {
        let world = PoolTestWorld(seed: seed, order: .random)
        world.change { $0.makeTime = .milliseconds(Int64(seed % 3)) }
        let pool = try world.pool(PoolConfiguration(maximum: 2))
        var random = SeededRandom(seed: seed)
        for round in 0..<6 {
            var tasks: [Task<Void, Never>] = []
            for number in 0..<8 {
                tasks.append(world.acquire("\(round).\(number)", pool, hold: .zero, yields: Int.random(in: 0...3, using: &random)))
                let victim = Int.random(in: 0..<16, using: &random)
                if tasks.indices.contains(victim) { tasks[victim].cancel() }
            }
            // Cancels between jobs as well. Holders and cancelers are runnable at the same time.
            for task in tasks where Bool.random(using: &random) {
                let pauses = Int.random(in: 0...12, using: &random)
                world.simulation.spawn {
                    for _ in 0..<pauses { await Task.yield() }
                    task.cancel()
                }
            }
            world.simulation.run(for: .milliseconds(Int64.random(in: 1...10, using: &random)))
            #expect(pool.poolSample().isBalanced)
        }
        world.simulation.run(for: .seconds(1))
        let sample = pool.poolSample()
        #expect(sample.leased == 0)
        #expect(sample.waiting == 0)
        #expect(sample.pending == 0)
        #expect(sample.idle == sample.made)
        #expect(sample.isBalanced)
        #expect(world.diary.entries.count == 48)
    }
}

/// `#expect` for the value of a mutating call, which the macro cannot expand.
private func check<Value: Equatable>(_ value: Value, _ expected: Value, at location: SourceLocation = #_sourceLocation) {
    #expect(value == expected, sourceLocation: location)
}
