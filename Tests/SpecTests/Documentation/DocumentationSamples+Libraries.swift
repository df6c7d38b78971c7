import ResourceContainer

// MARK: Providing resources from a library

final class StoragePool: NamedPool, HealthCheckable {
    let pool: ResourcePool<Connection>

    init(_ pool: ResourcePool<Connection>) { self.pool = pool }
}

enum Storage {
    /// The bindings of the storage library. They depend on a `SampleLog`, which the application binds.
    static func module(
        maximum: Int,
        name: String? = nil,
        lifetime: Lifetime = .singleton,
        environment: ResourceEnvironment = .system
    ) -> Module {
        Module {
            Bind(StoragePool.self, name: name, lifetime: lifetime) { (log: SampleLog) in
                try StoragePool(
                    ResourcePool(
                        name: name ?? "storage",
                        configuration: PoolConfiguration(maximum: maximum),
                        environment: environment,
                        make: { Connection(log: log) },
                        close: { await $0.close() }
                    )
                )
            }
            Bind((any Store).self, name: name) { SQLStore() }
        }
    }
}

extension DocumentationSamples {
    static func library(_ log: SampleLog) throws -> Container {
        let container = try Container("shop") {
            Bind(SampleLog.self, instance: log)
            Storage.module(maximum: 8)
        }
        return container
    }
}
