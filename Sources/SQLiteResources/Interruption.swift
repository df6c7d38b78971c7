import GRDB
import GRDBSQLite
import Synchronization

/// Ends the statements of a connection, the one that is running and those that follow.
///
/// SQLite asks every few thousand steps of a statement. Its own `sqlite3_interrupt` reaches no statement that begins a moment later.
final class Interruption: Sendable {
    private static let steps: Int32 = 4096

    private let isOn = Atomic<Bool>(false)

    var hasBegun: Bool {
        self.isOn.load(ordering: .relaxed)
    }

    func begin() {
        self.isOn.store(true, ordering: .relaxed)
    }

    /// Has `database` ask. The caller keeps this object until the database is closed.
    func watch(_ database: Database) {
        sqlite3_progress_handler(
            database.sqliteConnection,
            Self.steps,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Interruption>.fromOpaque(context).takeUnretainedValue().hasBegun ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
