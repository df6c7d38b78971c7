import ResourceContainer
import SQLiteResources
import Testing

/// Compiles and runs the sample of the library's documentation catalog.
@Suite("Sample of the documentation: SQLiteResources")
struct DocumentationSampleTests {
    @Test("A database that a module binds is written, read, and closed with its container.")
    func database() async throws {
        try await withFile { path in
            let container = Container("shop")
            try container.install(SQLiteDatabase.module(SQLiteConfiguration(.file(path))))
            let database = try await container.get(SQLiteDatabase.self)
            try await database.execute("CREATE TABLE orders (article TEXT, cents INTEGER)")
            try await database.execute("INSERT INTO orders VALUES (?, ?)", ["a kettle", 4900])
            try await database.transaction { tx in
                try tx.execute("INSERT INTO orders VALUES (?, ?)", ["a cup", 900])
                try tx.execute("UPDATE orders SET cents = cents - ? WHERE article = ?", [100, "a kettle"])
            }
            let rows = try await database.query("SELECT article FROM orders WHERE cents > ?", [1000])
            let report = try await container.close()
            #expect(rows == [["a kettle"]])
            #expect(report.isClean)
        }
    }
}
