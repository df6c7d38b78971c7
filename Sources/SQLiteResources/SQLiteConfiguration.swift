import GRDB
import ResourceContainer

/// The configuration of a ``SQLiteDatabase``: its location, its limits, and its budgets. It is validated when a database or its pools are
/// created.
public struct SQLiteConfiguration: Sendable {
    /// ``SQLiteConnection/Location``, for files that also import GRDB, which has its own `SQLiteConnection`.
    public typealias Location = SQLiteConnection.Location

    /// The location of the database.
    public var location: Location
    /// The limits and budgets of the pool of readers. Not used in memory.
    public var readers: PoolConfiguration
    /// The budgets of the pool of the one writer; its `maximum` is always 1.
    public var writer: PoolConfiguration
    /// How long a statement waits for a lock of another connection or process before it fails with ``SQLiteError/Code/busy``.
    public var busyTimeout: Duration
    /// The migrations that run when the writer opens the database.
    public var migrations: DatabaseMigrator

    /// Creates a configuration. The values are validated when pools are created with it: see `PoolError.Code.invalidConfiguration`.
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

    /// Rejects a location that is not valid before anything is opened.
    func check(_ part: String) throws(PoolError) {
        guard let fault = self.location.fault else { return }
        throw PoolError(.invalidConfiguration, pool: self.name(part), "pool \(self.name(part)) cannot be created: \(fault)")
    }

    /// The file name without directories, or `:memory:`.
    var fileName: String {
        self.location.label.split(separator: "/").last.map(String.init) ?? self.location.label
    }

    /// The name of a pool: the file name and the part.
    func name(_ part: String) -> String {
        "\(self.fileName) \(part)"
    }
}
