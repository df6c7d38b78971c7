import Foundation
import ResourceContainer
import SQLiteResources

/// The notes of one request, stored in the shared database.
final class Notes: Resource {
    private let database: SQLiteConnection

    init(database: SQLiteConnection) {
        self.database = database
    }

    static func bind(into container: Container) throws {
        try container.bind(SQLiteConnection.self, lifetime: .singleton) { SQLiteConnection(.memory) }
        try container.bind(Notes.self) { (database: SQLiteConnection) in Notes(database: database) }
    }

    func initialize() async throws {
        try await self.database.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL)")
    }

    func add(_ text: String) async throws {
        try await self.database.execute("INSERT INTO notes (text) VALUES (?)", [.text(text)])
    }

    func all() async throws -> Data {
        let rows = try await self.database.query("SELECT text FROM notes ORDER BY rowid")
        return Data(rows.map { row in if case .text(let text)? = row.first { text + "\n" } else { "" } }.joined().utf8)
    }
}
