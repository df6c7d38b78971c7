import GRDB
import ResourceContainer

extension ResourcePool where Element == SQLiteConnection {
    /// Creates a pool of connections to one database. Each connection is opened on demand and closed with the pool. Connections are opened
    /// one at a time, regardless of the configuration's `creationConcurrency`.
    ///
    /// For one writer with several readers, use ``SQLiteDatabase``.
    ///
    /// - Parameters:
    ///   - location: A file. In memory, every connection would have a separate database, so use `.memory` with a maximum of 1 only.
    ///   - access: The access of the connections.
    ///   - name: The name of the pool in errors and samples.
    ///   - configuration: The limits, budgets, and thresholds.
    ///   - busyTimeout: How long a statement waits for another connection's lock.
    ///   - environment: The source of time, jitter, and tasks.
    ///   - migrations: The migrations, which run on every new connection before it is leased, except on read-only connections. Applied
    ///     migrations are skipped.
    /// - Throws: `PoolError`, with code `invalidConfiguration`. Errors of opening and migrating appear in the errors of `withLease`.
    public static func connections(
        to location: SQLiteConnection.Location,
        access: SQLiteConnection.Access = .readWrite,
        name: String = "SQLite",
        configuration: PoolConfiguration,
        busyTimeout: Duration = .seconds(5),
        environment: ResourceEnvironment = .system,
        migrations: DatabaseMigrator = DatabaseMigrator()
    ) throws(PoolError) -> ResourcePool<SQLiteConnection> {
        try self.connections(name: name, configuration, environment) {
            try await SQLiteConnection.opened(location, access, busyTimeout, environment, migrations)
        }
    }

    static func connections(
        name: String,
        _ configuration: PoolConfiguration,
        _ environment: ResourceEnvironment,
        make: @escaping @Sendable () async throws -> SQLiteConnection
    ) throws(PoolError) -> ResourcePool<SQLiteConnection> {
        var configuration = configuration
        // Two connections that switch a new file to write-ahead mode, or migrate it, at the same time fail with "database is locked".
        configuration.creationConcurrency = min(1, configuration.creationConcurrency)
        return try ResourcePool(
            name: name,
            configuration: configuration,
            environment: environment,
            make: make,
            close: { try await $0.dispose() }
        )
    }
}

extension SQLiteConnection {
    /// Returns an open connection to a migrated database.
    static func opened(
        _ location: Location,
        _ access: Access,
        _ busyTimeout: Duration,
        _ environment: ResourceEnvironment,
        _ migrations: DatabaseMigrator
    ) async throws -> SQLiteConnection {
        let connection = SQLiteConnection(location, access: access, busyTimeout: busyTimeout, environment: environment)
        try await connection.initialize()
        do {
            if access == .readWrite { try await connection.migrate(migrations) }
        } catch {
            try? await connection.dispose()
            throw error
        }
        return connection
    }
}
