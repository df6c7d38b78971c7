import GRDB
import ResourceContainer

/// Where a ``SQLiteDatabase`` is, its limits and its budgets.
public struct SQLiteConfiguration: Sendable {
    /// ``SQLiteConnection/Location``, for files that import GRDB as well, which has another `SQLiteConnection`.
    public typealias Location = SQLiteConnection.Location

    /// Where the database is.
    public var location: Location
    /// How many readers there may be, and their budgets. Not used in memory.
    public var readers: PoolConfiguration
    /// The budgets of those who wait for the writer; its `maximum` is always 1.
    public var writer: PoolConfiguration
    /// How long a statement waits for the lock of another process before it fails with ``SQLiteError/Code/busy``.
    public var busyTimeout: Duration
    /// Brings the database to its present form when the writer is opened.
    public var migrations: DatabaseMigrator

    /// A configuration. What it says is checked when pools are made with it: see `PoolError.Code.invalidConfiguration`.
    public init(
        _ location: Location,
        readers: PoolConfiguration = PoolConfiguration(maximum: 4),
        writer: PoolConfiguration = PoolConfiguration(maximum: 1),
        busyTimeout: Duration = .seconds(5),
        migrations: DatabaseMigrator = DatabaseMigrator()
    ) {
        self.location = location
        self.readers = readers
        self.writer = writer
        self.busyTimeout = busyTimeout
        self.migrations = migrations
    }

    /// Refuses a location that is none, before anything is opened.
    func check(_ part: String) throws(PoolError) {
        guard let fault = self.location.fault else { return }
        throw PoolError(.invalidConfiguration, pool: self.name(part), "pool \(self.name(part)) cannot be made: \(fault)")
    }

    /// What a pool is called: the file's name without its directories, and its part.
    func name(_ part: String) -> String {
        "\(self.location.label.split(separator: "/").last.map(String.init) ?? self.location.label) \(part)"
    }
}
