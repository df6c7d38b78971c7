import GRDB
import ResourceContainer

/// Connections of a ``SQLiteDatabase`` as a resource under a name of their own: ``SQLiteWriter`` and ``SQLiteReaders``.
public protocol SQLitePool: NamedPool, HealthCheckable where Element == SQLiteConnection {
    /// The connections that are being used.
    var used: SQLiteConnectionsInUse { get }
}

/// The connections of a pool that are being used, to be interrupted when their scope is closed by force.
public final class SQLiteConnectionsInUse: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: SQLiteConnection] = [:]
        var isHurried = false
    }

    private let state = Lock(State())

    init() {}

    fileprivate func insert(_ connection: SQLiteConnection) {
        let isHurried = self.state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = connection
            return state.isHurried
        }
        if isHurried { connection.hurry() }
    }

    fileprivate func remove(_ connection: SQLiteConnection) {
        _ = self.state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    fileprivate func hurry() {
        let connections = self.state.withLock { state in
            state.isHurried = true
            return Array(state.connections.values)
        }
        for connection in connections { connection.hurry() }
    }
}

extension SQLitePool {
    /// Stops waiting for leases, and interrupts the statements that are running.
    public func hurry() {
        self.pool.hurry()
        self.used.hurry()
    }

    /// Runs `body` with a connection, which is closed instead of lent again if it met what connections do not survive.
    nonisolated(nonsending) func use<Result: Sendable>(
        _ budget: Duration?,
        _ fileID: StaticString,
        _ line: UInt,
        _ body: nonisolated(nonsending) (SQLiteConnection) async throws -> Result
    ) async throws -> Result {
        try await self.pool.withLease(budget: budget, fileID: fileID, line: line) { connection, lease in
            self.used.insert(connection)
            defer { self.used.remove(connection) }
            do {
                return try await body(connection)
            } catch let error as SQLiteError where error.isFatalForConnection {
                // Never stale: the lease ends after this.
                try? lease.markBroken()
                throw error
            }
        }
    }
}

/// The one connection of a ``SQLiteDatabase`` that writes. Initialised by opening it - what is wrong with the file shows here, and at once -
/// and by migrating the database.
public final class SQLiteWriter: SQLitePool {
    /// Where the database is.
    public let location: SQLiteConnection.Location
    public let pool: ResourcePool<SQLiteConnection>
    public let used = SQLiteConnectionsInUse()
    private let first: FirstConnection

    /// A writer that is opened by ``initialize()``.
    ///
    /// - Throws: `PoolError`, with code `invalidConfiguration`.
    public init(_ configuration: SQLiteConfiguration, environment: ResourceEnvironment = .system) throws(PoolError) {
        try configuration.check("writer")
        let first = FirstConnection {
            try await SQLiteConnection.opened(
                configuration.location,
                .readWrite,
                configuration.busyTimeout,
                environment,
                configuration.migrations
            )
        }
        var limits = configuration.writer
        limits.maximum = 1
        limits.minimumSize = min(1, limits.minimumSize)
        // A database in memory is gone with its connection, which so lives as long as the pool.
        if configuration.location == .memory {
            limits.idleTimeout = nil
            limits.maximumLifetime = nil
        }
        self.location = configuration.location
        self.first = first
        self.pool = try .connections(name: configuration.name("writer"), limits, environment) { try await first.take() }
    }

    /// Opens the database and migrates it.
    ///
    /// - Throws: ``SQLiteError``; what a migration throws.
    public func initialize() async throws {
        try await self.first.open()
        try await self.pool.initialize()
    }

    public func dispose() async throws {
        try await self.pool.dispose()
        try await self.first.close()
    }
}

/// The connections of a ``SQLiteDatabase`` that only read, several at a time. They need the writer to have made the file: bind them
/// after it, as ``SQLiteDatabase/module(_:name:lifetime:environment:)`` does.
public final class SQLiteReaders: SQLitePool {
    /// Where the database is.
    public let location: SQLiteConnection.Location
    public let pool: ResourcePool<SQLiteConnection>
    public let used = SQLiteConnectionsInUse()

    /// Readers that are opened when they are needed.
    ///
    /// - Throws: `PoolError`, with code `invalidConfiguration`.
    public init(_ configuration: SQLiteConfiguration, environment: ResourceEnvironment = .system) throws(PoolError) {
        try configuration.check("readers")
        self.location = configuration.location
        self.pool = try .connections(name: configuration.name("readers"), configuration.readers, environment) {
            try await SQLiteConnection.opened(
                configuration.location,
                .readOnly,
                configuration.busyTimeout,
                environment,
                configuration.migrations
            )
        }
    }
}

/// The connection that was opened to see whether it can be: the first that the pool lends.
private final class FirstConnection: Sendable {
    private let make: @Sendable () async throws -> SQLiteConnection
    private let connection = Lock<SQLiteConnection?>(nil)

    init(_ make: @escaping @Sendable () async throws -> SQLiteConnection) {
        self.make = make
    }

    func open() async throws {
        let connection = try await self.make()
        self.connection.withLock { $0 = connection }
    }

    func take() async throws -> SQLiteConnection {
        if let connection = self.connection.withLock({ $0.take() }) { return connection }
        return try await self.make()
    }

    /// Closes it if nobody ever wanted it.
    func close() async throws {
        try await self.connection.withLock { $0.take() }?.dispose()
    }
}
