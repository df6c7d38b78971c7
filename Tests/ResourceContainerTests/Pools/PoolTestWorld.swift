import ResourceContainer
import ResourceSimulation

/// An item of the tested pools, numbered from 1.
struct Ticket: Sendable, Hashable {
    let number: Int
}

/// A simulation with a plan of how the hooks of its pools behave.
final class PoolTestWorld: Sendable {
    struct Plan {
        var makeTime = Duration.milliseconds(10)
        var closeTime = Duration.zero
        var makeFails = false
        var closeFails = false
        var made = 0
        var attempts = 0
        var inMaking = 0
        var mostInMaking = 0
        var closed: [Int] = []
        /// The behavior of validation and reset. A pool gets only the hooks that are enabled.
        var validateTime = Duration.zero
        var resetTime = Duration.zero
        var invalid: Set<Int> = []
        var resetFails = false
        var validated: [Int] = []
        var reset: [Int] = []
    }

    let simulation: Simulation
    let diary = Diary()
    let plan = Lock(Plan())

    init(seed: UInt64 = 1, order: Simulation.JobOrder = .firstInFirstOut) {
        self.simulation = Simulation(seed: seed, order: order)
    }

    func change(_ body: (inout Plan) -> Void) {
        self.plan.withLock { plan in body(&plan) }
    }

    var time: TimeSource {
        self.simulation.environment.time
    }

    var milliseconds: Int64 {
        self.simulation.now.nanoseconds / 1_000_000
    }

    func pool(
        _ configuration: PoolConfiguration,
        environment: ResourceEnvironment? = nil,
        validates: Bool = false,
        resets: Bool = false
    ) throws -> ResourcePool<Ticket> {
        let validate: @Sendable (Ticket) async throws -> Bool = { try await self.validate($0) }
        let reset: @Sendable (Ticket) async throws -> Void = { try await self.reset($0) }
        return try ResourcePool(
            name: "Tickets",
            configuration: configuration,
            environment: environment ?? self.simulation.environment,
            make: { try await self.make() },
            validate: validates ? validate : nil,
            reset: resets ? reset : nil,
            close: { try await self.close($0) }
        )
    }

    private func validate(_ ticket: Ticket) async throws -> Bool {
        let pause = self.plan.withLock { $0.validateTime }
        if pause > .zero { try await self.time.sleep(for: pause) }
        return self.plan.withLock { plan in
            plan.validated.append(ticket.number)
            return !plan.invalid.contains(ticket.number)
        }
    }

    private func reset(_ ticket: Ticket) async throws {
        let (pause, fails) = self.plan.withLock { ($0.resetTime, $0.resetFails) }
        if pause > .zero { try await self.time.sleep(for: pause) }
        self.change { $0.reset.append(ticket.number) }
        if fails { throw Failure(description: "ticket \(ticket.number) cannot be reset") }
    }

    private func make() async throws -> Ticket {
        let (pause, fails) = self.plan.withLock { plan in
            plan.attempts += 1
            plan.inMaking += 1
            plan.mostInMaking = max(plan.mostInMaking, plan.inMaking)
            return (plan.makeTime, plan.makeFails)
        }
        defer { self.change { $0.inMaking -= 1 } }
        if pause > .zero { try await self.time.sleep(for: pause) }
        if fails { throw Failure(description: "no route to host") }
        return self.plan.withLock { plan in
            plan.made += 1
            return Ticket(number: plan.made)
        }
    }

    private func close(_ ticket: Ticket) async throws {
        let (pause, fails) = self.plan.withLock { ($0.closeTime, $0.closeFails) }
        if pause > .zero { try await self.time.sleep(for: pause) }
        self.change { $0.closed.append(ticket.number) }
        if fails { throw Failure(description: "ticket \(ticket.number) is stuck") }
    }

    /// Starts a task that holds an item for `hold` and records the outcome in the diary.
    @discardableResult
    func acquire(
        _ name: String,
        _ pool: ResourcePool<Ticket>,
        hold: Duration,
        yields: Int = 0,
        budget: Duration? = nil
    ) -> Task<Void, Never> {
        self.simulation.spawn {
            do {
                try await pool.withLease(budget: budget) { ticket in
                    self.diary.write("\(name) has \(ticket.number) at \(self.milliseconds)")
                    // A body may keep its item after a cancellation.
                    for _ in 0..<yields { await Task.yield() }
                    if hold > .zero { try? await self.time.sleep(for: hold) }
                }
            } catch let error as PoolError {
                self.diary.write("\(name) \(error.code) at \(self.milliseconds)")
            } catch {
                self.diary.write("\(name) \(error is CancellationError ? "canceled" : "\(error)") at \(self.milliseconds)")
            }
        }
    }
}
