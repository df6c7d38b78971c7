import FileResources
import Foundation
import ResourceContainer
import ResourceScenarios
import SQLiteResources

/// A connection to the shop's database.
protocol ShopConnection: StatementExecuting {
    /// Writes an order of `cents` for `customer` in one transaction and returns its number.
    func placeOrder(customer: String, cents: Int) async throws -> Int
    /// The number of orders.
    func orderCount() async throws -> Int
    func close() async throws
}

/// The storage for receipts.
protocol ReceiptFolder: Resource, HealthCheckable {
    /// Writes the receipt of an order.
    func write(order: Int, text: String) async throws
}

/// The directory of the scenario's files. It is a dependency of everything that opens a file there, so it is created first and removed
/// last.
final class ShopDirectory: Resource {
    private let directory: ScratchDirectory?
    private let store: FileStore?

    /// Creates the resource. `directory` is nil in the simulated form.
    init(_ directory: ScratchDirectory?) {
        self.directory = directory
        self.store = directory.map { FileStore(directory: $0.url, removesDirectory: true) }
    }

    func initialize() async throws {
        // Created here, because the store would make it readable by all users.
        try self.directory?.make()
        try await self.store?.initialize()
    }

    func dispose() async throws { try await self.store?.dispose() }
}

/// The leaves of the checkout scenario: database connections and receipts, live or simulated.
struct CheckoutLeaves: Sendable {
    let directory: ScratchDirectory?
    let connect: @Sendable () async throws -> any ShopConnection
    let openReceipts: @Sendable () throws -> any ReceiptFolder

    init(_ world: ScenarioWorld) {
        switch world.leaves {
        case .simulated:
            let orders = SimulatedOrders()
            self.directory = nil
            self.connect = {
                try await world.pause(.milliseconds(4), .milliseconds(30))
                return SimulatedShopConnection(world: world, orders: orders)
            }
            self.openReceipts = { SimulatedReceipts(world: world) }
        case .live:
            let directory = ScratchDirectory(in: world.directory)
            self.directory = directory
            self.connect = { try await SQLiteShopConnection(path: directory.url.appendingPathComponent("shop.sqlite").path) }
            self.openReceipts = { ReceiptFiles(directory: directory.url) }
        }
    }
}

// MARK: Simulated

/// The orders, shared by all simulated connections.
final class SimulatedOrders: Sendable {
    private let count = Lock(0)

    func add() -> Int {
        self.count.withLock {
            $0 += 1
            return $0
        }
    }

    var total: Int {
        self.count.withLock { $0 }
    }
}

struct SimulatedShopConnection: ShopConnection {
    let world: ScenarioWorld
    let orders: SimulatedOrders

    func placeOrder(customer: String, cents: Int) async throws -> Int {
        try await self.world.pause(.milliseconds(8), .milliseconds(60))
        if self.world.happens(onceIn: 150) { throw ScenarioFault(description: "SQLite error 5: database is locked") }
        return self.orders.add()
    }

    func orderCount() async throws -> Int {
        try await self.world.pause(.milliseconds(1), .milliseconds(6))
        return self.orders.total
    }

    func execute(_ statement: String) async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(3))
    }

    func close() async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(4))
    }
}

final class SimulatedReceipts: ReceiptFolder {
    private let world: ScenarioWorld

    init(world: ScenarioWorld) {
        self.world = world
    }

    func initialize() async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(5))
    }

    func write(order: Int, text: String) async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(5))
    }

    func healthCheck() async throws -> HealthReport {
        try await self.world.pause(.milliseconds(1), .milliseconds(3))
        return HealthReport(.healthy)
    }

    func dispose() async throws {
        try await self.world.pause(.milliseconds(1), .milliseconds(5))
    }
}

// MARK: Live

/// A real connection to the shop's SQLite file.
struct SQLiteShopConnection: ShopConnection {
    private let connection: SQLiteConnection

    /// The number of orders kept, so that the database of a demo that runs for days does not grow.
    private static let kept = 5_000

    init(path: String) async throws {
        self.connection = SQLiteConnection(.file(path))
        try await self.connection.initialize()
        try await self.connection.execute(
            "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT NOT NULL, cents INTEGER NOT NULL)"
        )
    }

    func placeOrder(customer: String, cents: Int) async throws -> Int {
        let order = try await self.connection.execute(
            "INSERT INTO orders (customer, cents) VALUES (?, ?)",
            [.text(customer), .integer(Int64(cents))]
        )
        if order % 100 == 0 {
            try await self.connection.execute("DELETE FROM orders WHERE id <= ?", [.integer(order - Int64(Self.kept))])
        }
        return Int(order)
    }

    func orderCount() async throws -> Int {
        guard case .integer(let count)? = try await self.connection.query("SELECT count(*) FROM orders").first?.first else { return 0 }
        return Int(count)
    }

    func execute(_ statement: String) async throws {
        try await self.connection.execute(statement)
    }

    func close() async throws {
        try await self.connection.dispose()
    }
}

/// Receipts as files in the scenario's temporary directory. The directory is removed when the store is disposed.
final class ReceiptFiles: ReceiptFolder {
    private let store: FileStore

    /// The number of receipts kept.
    private static let kept = 200

    init(directory: URL) {
        self.store = FileStore(
            directory: directory.appendingPathComponent("receipts"),
            removesDirectory: true,
            configuration: FileStoreConfiguration(durability: .buffered)
        )
    }

    func initialize() async throws {
        try await self.store.initialize()
    }

    func dispose() async throws {
        try await self.store.dispose()
    }

    func write(order: Int, text: String) async throws {
        let digits = String(order)
        try await self.store.write(text, to: "receipt-\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits).txt")
        if order % 50 == 0 { try await self.store.keepLast(Self.kept) }
    }

    func healthCheck() async throws -> HealthReport {
        try await self.store.healthCheck()
    }
}
