import Configuration
import ResourceConfiguration
import ResourceContainer
import Testing

private final class NumberPool: NamedPool {
    let pool: ResourcePool<Int>

    init(_ pool: ResourcePool<Int>) { self.pool = pool }
}

@Suite("Pools that follow a configuration")
struct PoolReloadTests {
    /// Runs `body` while `follow` runs, with the changes that it reports.
    private static func following(
        _ follow: @escaping @Sendable (@escaping @Sendable (PoolReload) -> Void) async throws -> Void,
        _ body: (AsyncStream<PoolReload>) async throws -> Void
    ) async throws {
        let (stream, continuation) = AsyncStream<PoolReload>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follow { continuation.yield($0) } }
            try await body(stream)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Expects that the next change is `expected`.
    private static func expect(
        _ expected: PoolReload,
        from changes: AsyncStream<PoolReload>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let change = await changes.first { _ in true }
        #expect(change == expected, sourceLocation: sourceLocation)
    }

    /// The reason of a refused change; nil for another one.
    private static func reason(_ change: PoolReload?) -> String? {
        if case .refused(let reason) = change { reason } else { nil }
    }

    @Test("A pool has the limits of its configuration, and those of every change; it keeps them if the new ones are not valid.")
    func resizes() async throws {
        let provider = MutableInMemoryProvider(initialValues: ["orders.maximum": 4])
        let config = ConfigReader(provider: provider).scoped(to: "orders")
        let pool = try ResourcePool<Int>(name: "orders", configuration: PoolConfiguration(maximum: 2, minimumSize: 1), make: { 1 })
        try await Self.following({ report in try await pool.followLimits(in: config, report: report) }) { changes in
            await Self.expect(.resized(maximum: 4, minimum: 1), from: changes)
            #expect(pool.poolSample().maximum == 4)
            provider.setValue(8, forKey: "orders.maximum")
            await Self.expect(.resized(maximum: 8, minimum: 1), from: changes)
            #expect(pool.poolSample().maximum == 8)
            provider.setValue("many", forKey: "orders.maximum")
            let text = Self.reason(await changes.first { _ in true })
            #expect(text?.contains("\"many\"") == true)
            #expect(pool.poolSample().maximum == 8)
            provider.setValue(3, forKey: "orders.maximum")
            await Self.expect(.resized(maximum: 3, minimum: 1), from: changes)
            provider.setValue(5, forKey: "orders.minimumSize")
            let minimum = Self.reason(await changes.first { _ in true })
            #expect(minimum?.contains("cannot be resized") == true)
            // A key of another pool does not change this one, so the next change is the removal of the minimum.
            provider.setValue(1, forKey: "users.maximum")
            provider.setValue(nil, forKey: "orders.minimumSize")
            await Self.expect(.resized(maximum: 3, minimum: 1), from: changes)
            provider.setValue(nil, forKey: "orders.maximum")
            await Self.expect(.resized(maximum: 2, minimum: 1), from: changes)
        }
        await pool.close()
    }

    @Test("A named pool follows a configuration as well.")
    func named() async throws {
        let config = ConfigReader(provider: InMemoryProvider(values: ["maximum": 6]))
        let named = NumberPool(try ResourcePool<Int>(name: "named", configuration: PoolConfiguration(maximum: 2), make: { 1 }))
        try await Self.following({ report in try await named.followLimits(in: config, report: report) }) { changes in
            await Self.expect(.resized(maximum: 6, minimum: 0), from: changes)
        }
        #expect(named.poolSample().maximum == 6)
    }

    @Test("A keyed pool follows the maximum of a configuration, and no minimum, because it keeps none.")
    func keyed() async throws {
        let provider = MutableInMemoryProvider(initialValues: ["maximum": 6, "minimumSize": 3])
        let config = ConfigReader(provider: provider)
        let keyed = try KeyedResourcePool<String, Int>(
            name: "keyed",
            configuration: PoolConfiguration(maximum: 2),
            maximumPerKey: 1,
            make: { _ in 1 }
        )
        try await Self.following({ report in try await keyed.followLimits(in: config, report: report) }) { changes in
            await Self.expect(.resized(maximum: 6, minimum: 0), from: changes)
            // A change of the minimum is none of the pool, so the next change is that of the maximum.
            provider.setValue("many", forKey: "minimumSize")
            provider.setValue(7, forKey: "maximum")
            await Self.expect(.resized(maximum: 7, minimum: 0), from: changes)
        }
        #expect(keyed.poolSample().maximum == 7)
    }
}
