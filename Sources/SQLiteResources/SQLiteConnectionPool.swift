import GRDB
import ResourceContainer

extension ResourcePool where Element == SQLiteConnection {
    /// A pool of connections to one database, each opened when it is first needed and closed with the pool.
    /// They are opened one at a time, whatever the configuration's `creationConcurrency`.
    ///
    /// - Parameters:
    ///   - location: a file; connections in memory would each have a database of their own, so those make sense with a maximum of 1 only.
    ///   - migrations: brings the database to its present form. Runs on every new connection before it is lent, and does nothing on one
    ///     whose database is there already.
    /// - Throws: ``PoolError/Code/invalidConfiguration``. What opening or migrating throws is found in the errors of `withLease`.
    public static func connections(
        to location: SQLiteConnection.Location,
        name: String = "SQLite",
        configuration: PoolConfiguration,
        busyTimeout: Duration = .seconds(5),
        environment: ResourceEnvironment = .system,
        migrations: DatabaseMigrator = DatabaseMigrator()
    ) throws(PoolError) -> ResourcePool<SQLiteConnection> {
        var configuration = configuration
        // Two connections that switch a new file to write-ahead mode or migrate it at the same time meet as "database is locked".
        configuration.creationConcurrency = min(1, configuration.creationConcurrency)
        return try ResourcePool(
            name: name,
            configuration: configuration,
            environment: environment,
            make: {
                let connection = SQLiteConnection(location, busyTimeout: busyTimeout)
                try await connection.initialize()
                do {
                    try await connection.migrate(migrations)
                } catch {
                    try? await connection.dispose()
                    throw error
                }
                return connection
            },
            close: { try await $0.dispose() }
        )
    }
}
