import GRDB
import ResourceContainer

/// A pool of connections of a ``SQLiteDatabase`` as a separate resource: ``SQLiteWriter`` and ``SQLiteReaders``.
public protocol SQLitePool: NamedPool, HealthCheckable where Element == SQLiteConnection {
    /// The leased connections.
    var used: SQLiteConnectionsInUse { get }
}

/// The leased connections of a pool. They are interrupted when their scope is closed by force.
public final class SQLiteConnectionsInUse: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: SQLiteConnection] = [:]
        var isExpedited = false
    }

    private let state = Lock(State())

    init() {}

    fileprivate func insert(_ connection: SQLiteConnection) {
        let isExpedited = self.state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = connection
            return state.isExpedited
        }
        if isExpedited { connection.expedite() }
    }

    fileprivate func remove(_ connection: SQLiteConnection) {
        _ = self.state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    fileprivate func expedite() {
        let connections = self.state.withLock { state in
            state.isExpedited = true
            return Array(state.connections.values)
        }
        for connection in connections { connection.expedite() }
    }
}

extension SQLitePool {
    /// Expedites a running close: leases are no longer waited for, and running statements are interrupted.
    public func expedite() {
        self.pool.expedite()
        self.used.expedite()
    }

    /// Runs `body` with a leased connection. The connection is closed instead of reused if an error made it unusable.
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

/// The one connection of a ``SQLiteDatabase`` that writes. Initialize opens and migrates the database, so a fault of the file is reported
/// at once.
public final class SQLiteWriter: SQLitePool {
    /// The location of the database.
    public let location: SQLiteConnection.Location
    /// The pool of the one connection.
    public let pool: ResourcePool<SQLiteConnection>
    /// The leased connections, at most one.
    public let used = SQLiteConnectionsInUse()
    private let first: FirstConnection

    /// Creates a writer, which ``initialize()`` opens.
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
        // A database in memory ends with its connection, which therefore lives as long as the pool.
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

    /// Closes the pool and its connection.
    ///
    /// - Throws: `PoolError`, with code `notCleanlyClosed`, if the connection was still leased; ``SQLiteError``.
    public func dispose() async throws {
        try await self.pool.dispose()
        try await self.first.close()
    }
}

/// The connections of a ``SQLiteDatabase`` that read, several at a time. The writer must have created the file first: bind the readers
/// after the writer, as ``SQLiteDatabase/module(_:name:lifetime:environment:)`` does.
public final class SQLiteReaders: SQLitePool {
    /// The location of the database.
    public let location: SQLiteConnection.Location
    /// The pool of the connections.
    public let pool: ResourcePool<SQLiteConnection>
    /// The leased connections.
    public let used = SQLiteConnectionsInUse()

    /// Creates readers, which are opened on demand.
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

/// The pools of a ``SQLiteDatabase`` that creates them itself, as one pool: the writer, and the readers if there are any.
struct SQLiteOwnPools: SampledPool, ScopeWatching {
    let name: String
    let writer: SQLiteWriter
    let readers: SQLiteReaders?

    func attach(_ context: ResourceContext) {
        self.writer.attach(context)
        self.readers?.attach(context)
    }

    func poolSample() -> PoolSample {
        var sample = self.writer.poolSample()
        if let readers = self.readers { sample.add(readers.poolSample()) }
        sample.name = self.name
        return sample
    }

    func scopeClosed(_ scope: ScopeID) {
        self.writer.scopeClosed(scope)
        self.readers?.scopeClosed(scope)
    }
}

/// The connection that initialize opens to validate the database; the pool leases it first.
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

    /// Closes the connection if the pool never took it.
    func close() async throws {
        try await self.connection.withLock { $0.take() }?.dispose()
    }
}
