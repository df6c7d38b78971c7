import GRDB
import GRDBSQLite
import Synchronization

/// Interrupts the statements of a connection, the running one and all later ones.
///
/// SQLite calls the progress handler every few thousand steps of a statement. `sqlite3_interrupt` would miss a statement that begins a
/// moment later.
final class Interruption: Sendable {
    private static let steps: Int32 = 4096

    private let isOn = Atomic<Bool>(false)

    var hasBegun: Bool {
        self.isOn.load(ordering: .relaxed)
    }

    func begin() {
        self.isOn.store(true, ordering: .relaxed)
    }

    /// Installs the progress handler in `database`. The caller keeps this object alive until the database is closed.
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
