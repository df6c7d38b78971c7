import ResourceContainer
import Synchronization

// The Swift samples of the documentation's articles are compiled here and run by `DocumentationTests`, which also compares
// every block of the articles with this file and its neighbors of the same name.

// MARK: Getting started

final class Database: Resource {
    private let log: SampleLog

    init(log: SampleLog) { self.log = log }

    func initialize() async throws { self.log.append("database opened") }
    func dispose() async throws { self.log.append("database closed") }

    func find(_ user: Int) async throws -> String { "user \(user)" }
}

final class Orders: Resource {
    private let database: Database
    private let log: SampleLog

    init(database: Database, log: SampleLog) {
        self.database = database
        self.log = log
    }

    func place(_ article: String) async throws { self.log.append("ordered \(article)") }
    func dispose() async throws { self.log.append("orders written") }
}

/// Where the samples leave what they did.
final class SampleLog: Sendable {
    private let entries = Lock<[String]>([])

    func append(_ line: String) { self.entries.withLock { $0.append(line) } }

    var lines: [String] { self.entries.withLock { $0 } }
}

/// A type that knows nothing of resources.
final class RedisClient: Sendable {
    private let log: SampleLog

    init(log: SampleLog) { self.log = log }

    func connect() async throws { self.log.append("connected") }
    func disconnect() async throws { self.log.append("disconnected") }
}

protocol Store: Sendable {
    var name: String { get }
}

struct SQLStore: Store {
    var name = "sql"
}

struct MemoryStore: Store {
    var name = "memory"
}

struct Report: Sendable {
    var database: Database
    var store: any Store
}

struct Settings: Sendable {
    var retries: Int

    init(retries: Int = 3) { self.retries = retries }
}

struct PoolConfig: Sendable {
    var database: String
    var size: Int
}

final class Connection: Pingable {
    private let log: SampleLog
    private let alive = Lock(true)

    init(log: SampleLog) { self.log = log }

    func execute(_ query: String) async throws -> String {
        try await self.ping()
        return "rows of \(query)"
    }

    func ping() async throws {
        guard self.alive.withLock({ $0 }) else { throw Unreachable() }
    }

    func rollBack() async throws { self.log.append("rolled back") }
    func sever() { self.alive.withLock { $0 = false } }
    func close() async { self.log.append("connection closed") }
}

struct Unreachable: Error, CustomStringConvertible {
    var description = "unreachable"
}

protocol Mailer: Sendable {
    func send(_ text: String) async throws
}

struct SMTPMailer: Mailer {
    func send(_ text: String) async throws { throw Unreachable() }
}

/// The application, which knows only its container.
func placeOrder(_ container: Container) async throws {
    try await container.withScope("request") { scope in
        try await scope.get((any Mailer).self).send("a kettle")
    }
}

enum DocumentationSamples {
    static func gettingStarted(_ log: SampleLog) async throws {
        let container = Container("shop")
        try container.bind(SampleLog.self, instance: log)
        try container.bind(Database.self, lifetime: .singleton, Database.init)
        try container.bind(Orders.self, Orders.init)

        try await container.withScope("request") { scope in
            let orders = try await scope.get(Orders.self)  // opens the database, once
            try await orders.place("a kettle")
        }  // the orders are disposed here
        try await container.close()  // and the database here
    }

    static func validating(_ container: Container) {
        for problem in container.validate().problems { print(problem) }
    }

    // MARK: Lifetimes and scopes

    static func lifetimes(_ container: Container) throws {
        try container.bind(Database.self, lifetime: .singleton, Database.init)
        try container.bind(Orders.self, Orders.init)  // .scoped
        try container.bind(Settings.self, lifetime: .tagged("request")) { Settings() }
        try container.bind(RedisClient.self, lifetime: .transient, RedisClient.init)
    }

    static func nesting(_ container: Container, _ log: SampleLog) async throws {
        try await container.withScope("request", tag: "request") { request in
            let database = try await container.get(Database.self)
            try await request.withScope("attachment") { attachment in
                let same = try await container.get(Database.self)  // the outer scope's
                log.append("shared: \(same === database)")
                _ = try await attachment.get(Orders.self)
            }  // the orders are disposed here, the database is not
            log.append(try await database.find(7))
        }
    }

    static func synchronousKeys(_ container: Container) throws -> Int {
        try container.bind(Settings.self, name: "base") { Settings(retries: 2) }
        try container.bind(
            Bind(Settings.self, using: ResourceKey(Settings.self, name: "base")) { base in
                Settings(retries: base.retries + 1)
            }
        )
        let retries = try container.withScope { try $0.get(Settings.self).retries }
        return retries
    }

    static func openScope(_ container: Container) async throws -> DisposeReport {
        let session = try container.openScope("session")
        _ = try await session.get(Orders.self)
        let report = try await session.close()
        return report
    }

    static func enterScope(_ container: Container) async throws {
        let visit = try container.openScope("visit", tag: "visit")
        try await visit.asCurrent { try await container.get(Orders.self).place("a kettle") }
        try await visit.asCurrent { try await container.get(Orders.self).place("tea") }  // the same orders
        try await visit.close()
    }

    static func synchronous(_ container: Container) throws -> Int {
        let retries = try container.withScope { scope in
            try scope.get(Settings.self).retries
        }
        return retries
    }

    // MARK: Work that outlives a request

    static func detached(_ container: Container, _ log: SampleLog) async throws {
        let receipt = try await container.withScope("request") { request in
            try await request.get(Orders.self).place("a kettle")
            return Task {
                try await container.withDetachedScope("receipt", tag: "receipt") { scope in
                    log.append(try await scope.get(Database.self).find(7))
                }
            }
        }  // the request ends here, and does not wait for the receipt
        try await receipt.value
    }

    static func outcome(_ container: Container, _ log: SampleLog) async {
        let subscription = container.subscribe()
        try? await container.withDetachedScope("receipt") { _ in throw Unreachable() }
        for event in subscription.drain().events {
            guard case .scopeClosed(_, _, _, _, let outcome?) = event.kind else { continue }
            log.append("\(outcome)")  // threw Unreachable: unreachable
        }
    }

    // MARK: Bindings and modules

    static func bindings(_ container: Container, _ log: SampleLog) throws {
        try container.bind(SampleLog.self, instance: log, owned: false)
        try container.bind(Database.self, Database.init)
        try container.bind(Database.self, name: "replica", Database.init)
        try container.bind(Settings.self) { Settings() }  // default arguments need the closure form
        try container.bind((any Store).self) { SQLStore() }
        try container.bind(
            Bind(Report.self, using: ResourceKey(Database.self, name: "replica"), ResourceKey((any Store).self)) {
                Report(database: $0, store: $1)
            }
        )
        try container.bind(
            Bind(Orders.self) { (resolver: Resolver) async throws -> Orders in
                Orders(database: try await resolver.get(Database.self), log: try await resolver.get(SampleLog.self))
            }
        )
    }

    static func managed(_ container: Container) throws {
        try container.bind(
            RedisClient.self,
            lifecycle: .managed(onInitialize: { try await $0.connect() }, onDispose: { try await $0.disconnect() }),
            RedisClient.init
        )
    }

    static func alias(_ container: Container) throws {
        try container.bind(SQLStore.self) { SQLStore() }
        try container.bind(Bind((any Store).self, alias: SQLStore.self))
        try container.bind(Bind(String.self, name: "store", alias: SQLStore.self) { $0.name })
    }

    static func oneObject(_ container: Container, _ log: SampleLog) throws {
        let database = Database(log: log)
        try container.bind(Database.self, instance: database)
        try container.bind(Bind(Database.self, name: "replica", alias: Database.self))
        try container.bind(Database.self, name: "reports", instance: database, owned: false)
    }

    static func factory(_ container: Container) throws {
        let pools = ResourceFactory { (config: PoolConfig) in
            try ResourcePool(
                name: config.database,
                configuration: PoolConfiguration(maximum: config.size),
                make: { Connection(log: SampleLog()) },
                close: { await $0.close() }
            )
        }
        try container.bind(
            Bind(
                ResourcePool<Connection>.self,
                name: "orders",
                factory: pools,
                configuration: PoolConfig(database: "orders", size: 8)
            )
        )
        try container.bind(
            Bind(
                ResourcePool<Connection>.self,
                name: "users",
                factory: pools,
                configuration: PoolConfig(database: "users", size: 2)
            )
        )
    }

    static func module(_ log: SampleLog) throws -> Container {
        let storage = Module {
            Bind(Database.self, lifetime: .singleton, Database.init)
            Bind((any Store).self) { SQLStore() }
        }
        let container = try Container("shop") {
            storage
            Bind(SampleLog.self, instance: log)
            Bind(Orders.self, Orders.init)
        }
        return container
    }

    // MARK: When things go wrong

    static func failing(_ container: Container) async throws -> String {
        do {
            return try await container.withScope { try await $0.get(Database.self).find(7) }
        } catch let error as ResourceError where error.code == .initializationFailed {
            return "\(error.key ?? "") failed: \(error.underlying.map { "\($0)" } ?? "")"
        }
    }

    static func fallback(_ container: Container) throws {
        try container.bind(
            Bind((any Store).self) { () throws -> any Store in throw Unreachable() }
                .fallback(to: MemoryStore.self)
        )
        try container.bind(MemoryStore.self) { MemoryStore() }
        try container.bind(
            Bind((any Store).self, name: "reports") { () throws -> any Store in throw Unreachable() }
                .fallback { MemoryStore() }  // bound as Store(reports fallback)
        )
    }

    static func budgets(_ container: Container) throws {
        try container.bind(
            Database.self,
            options: BindingOptions(initializeTimeout: .seconds(5), disposeTimeout: .seconds(2)),
            Database.init
        )
    }

    static func reports(_ container: Container, _ log: SampleLog) async throws {
        try await container.withScope(
            "request",
            onClose: { report in
                for entry in report.allEntries where entry.outcome != .disposed {
                    log.append("\(entry.label) \(entry.outcome.rawValue): \(entry.error ?? "")")
                }
            }
        ) { scope in
            _ = try await scope.get(RedisClient.self)
        }
    }

    final class Cache: Resource, ContextualResource {
        private let context = Mutex<ResourceContext?>(nil)

        func attach(_ context: ResourceContext) { self.context.withLock { $0 = context } }

        func dispose() async throws {
            do { try await self.flush() } catch { self.context.withLock { $0 }?.report(error) }
        }

        private func flush() async throws { throw Unreachable() }
    }

    static func forcing(_ container: Container) async throws -> DisposeReport {
        let report = try await container.close(.force)
        return report
    }

    static func closingInTime(_ container: Container, _ log: SampleLog) async throws {
        let report = try await container.close(within: .seconds(20))
        for entry in report.allEntries where entry.outcome == .abandoned {
            log.append("\(entry.label): \(entry.error ?? "")")
        }
    }

    static func sideBySide(_ log: SampleLog) async throws {
        let container = Container("shop", disposal: .concurrent(limit: 8))
        try container.bind(SampleLog.self, instance: log, owned: false)
        try container.bind(Database.self, lifetime: .singleton, options: BindingOptions(eager: true), Database.init)
        try container.bind(Orders.self, Orders.init)
        try await container.start(.concurrent(limit: 4))
        try await container.withScope("import", disposal: .serial) { scope in
            _ = try await scope.get(Orders.self)
        }
        try await container.close()
    }

    // MARK: Testing with overrides

    final class RecordingMailer: Mailer {
        private let texts = Lock<[String]>([])

        var sent: [String] { self.texts.withLock { $0 } }

        func send(_ text: String) async throws { self.texts.withLock { $0.append(text) } }
    }

    static func overriding(_ container: Container) async throws -> [String] {
        let mailer = RecordingMailer()
        try await container.overriding {
            Bind((any Mailer).self) { mailer }
        } body: { _ in
            try await placeOrder(container)
        }
        return mailer.sent
    }

    static func nothingLeft(_ container: Container) -> Bool {
        let books = container.snapshot().books
        return books.active == 0 && books.errors == 0
    }
}
