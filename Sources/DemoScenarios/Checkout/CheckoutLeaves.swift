import FileResources
import Foundation
import ResourceContainer
import ResourceScenarios
import SQLiteResources

/// A connection to the shop's database, as a request sees it.
protocol ShopConnection: StatementExecuting {
    /// Writes an order of `cents` for `customer` in one transaction and returns its number.
    func placeOrder(customer: String, cents: Int) async throws -> Int
    /// How many orders there are.
    func orderCount() async throws -> Int
    func close() async throws
}

/// Where receipts go.
protocol ReceiptFolder: Resource, HealthCheckable {
    /// Writes the receipt of an order.
    func write(order: Int, text: String) async throws
}

/// Where the scenario keeps its files; made before the first of them is opened, removed when all are closed, as what it depends on.
final class ShopDirectory: Resource {
    private let directory: ScratchDirectory?
    private let store: FileStore?

    /// A temporary directory; none in the simulated form.
    init(_ directory: ScratchDirectory?) {
        self.directory = directory
        self.store = directory.map { FileStore(directory: $0.url, removesDirectory: true) }
    }

    func initialize() async throws {
        // The store would make it readable for everybody.
        try self.directory?.make()
        try await self.store?.initialize()
    }

    func dispose() async throws { try await self.store?.dispose() }
}

/// What the checkout scenario touches outside of the process.
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

/// The orders that all simulated connections share.
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
        if self.world.happens(onceIn: 150) { throw Mishap(description: "SQLite error 5: database is locked") }
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

    /// How many orders are kept: the demo runs for days without growing.
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

/// Receipts as files in the scenario's temporary directory, which goes when the store is disposed.
final class ReceiptFiles: ReceiptFolder {
    private let store: FileStore

    /// How many receipts are kept.
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
