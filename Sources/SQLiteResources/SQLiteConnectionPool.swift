import GRDB
import ResourceContainer

extension ResourcePool where Element == SQLiteConnection {
    /// A pool of connections to one database, each opened when it is first needed and closed with the pool.
    /// They are opened one at a time, whatever the configuration's `creationConcurrency`.
    ///
    /// For readers beside one writer see ``SQLiteDatabase``.
    ///
    /// - Parameters:
    ///   - location: a file; connections in memory would each have a database of their own, so those make sense with a maximum of 1 only.
    ///   - access: what the connections may do.
    ///   - name: what the pool is called in errors and in figures.
    ///   - configuration: its limits, budgets and thresholds.
    ///   - busyTimeout: how long a statement waits for another connection's lock.
    ///   - environment: where its time, its jitter and its tasks come from.
    ///   - migrations: brings the database to its present form. Runs on every new connection before it is lent, and does nothing on one
    ///     whose database is there already. Not on connections for reading only.
    /// - Throws: `PoolError`, with code `invalidConfiguration`. What opening or migrating throws is found in the errors of `withLease`.
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
        // Two connections that switch a new file to write-ahead mode or migrate it at the same time meet as "database is locked".
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
    /// A connection that is open, to a database in its present form.
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
