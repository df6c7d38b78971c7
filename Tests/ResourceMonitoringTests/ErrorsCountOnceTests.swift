import ResourceContainer
import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("Every error is counted once, and consistently everywhere")
struct ErrorsCountOnceTests {
    private func run(_ world: FindingWorld, policy: PoolConfiguration) throws -> ResourcePool<Int> {
        let pool = try world.pool(policy)
        for _ in 0..<4 {
            world.spawn { world in
                try await world.container.withScope("job") { _ in
                    try await pool.withLease(budget: .seconds(2)) { _ in try await world.time.sleep(for: .seconds(5)) }
                }
            }
        }
        world.run(for: .seconds(8))
        return pool
    }

    @Test("Acquisitions that time out are errors of the pool in the books, the report, the rates, and the pool's row.")
    func timedOut() throws {
        let world = FindingWorld()
        let events = world.container.subscribe()
        _ = try self.run(world, policy: PoolConfiguration(maximum: 1))
        let delivered = events.drain().events.filter(\.kind.isError)
        let report = world.monitor.report()
        #expect(delivered.count == 3)
        #expect(world.container.books().books.errors == 3)
        #expect(report.overall.resourceErrors == 3)
        #expect(report.keys["ResourcePool<Int>"]?.resourceErrors == 3)
        let update = world.monitor.feed().next()
        #expect(update.resources.filter { $0.resource.id == ResourceID(1) }.map(\.errors) == [3])
        #expect(update.scopes.map(\.scope.books.errors) == [3])
        #expect(report.prometheusText().contains("resmon_resources_errors_total{container=\"app\",key=\"ResourcePool<Int>\"} 3\n"))
        #expect(world.standing(.booksUnbalanced).isEmpty)
    }

    @Test("Acquisitions refused because the pool is empty count as errors, too.")
    func refused() throws {
        let world = FindingWorld()
        _ = try self.run(world, policy: PoolConfiguration(maximum: 1, whenEmpty: .fail))
        #expect(world.monitor.report().overall.resourceErrors == 3)
        #expect(world.container.books().books.errors == 3)
    }

    @Test("A recording of a container that did not count its pools' refusals has balanced books.")
    func olderContainers() throws {
        let start = MadeUpHistory.start
        var replay = MonitorReplay(start)
        let time = start.time + .seconds(1)
        let begun = ResourceEvent(
            sequence: 1,
            time: time,
            scope: .root,
            resource: ResourceID(1),
            binding: BindingID(0),
            kind: .initializing
        )
        let refused = ResourceEvent(
            sequence: 2,
            time: time,
            scope: .root,
            resource: ResourceID(1),
            binding: BindingID(0),
            kind: .leaseExhausted
        )
        var books = Books()
        (books.created, books.initializing) = (1, 1)
        func judge(_ books: Books) -> [Finding.Kind] {
            let slow = MonitorSamples.Slow(outliving: [], forgottenScopes: [], books: books, booksSequence: 2)
            replay.take(MonitorInput(time: time, samples: MonitorSamples(slow: slow)))
            return replay.findings.map(\.kind).filter { $0 == .booksUnbalanced }
        }
        replay.take(MonitorInput(time: time, batch: EventBatch(events: [begun, refused])))
        #expect(judge(books) == [])
        books.errors = 1
        #expect(judge(books) == [])
        books.errors = 2
        #expect(judge(books) == [.booksUnbalanced])
    }
}
