import ResourceContainer

// MARK: Values of a scope, arguments, collections, providers, and key constants

struct Request: Sendable {
    var path: String
}

struct User: Sendable {
    var name: String
}

struct Cart: Sendable {
    var user: User
    var request: Request

    init(_ user: User, _ request: Request) {
        self.user = user
        self.request = request
    }
}

struct InvoiceID: Sendable {
    var number: Int
}

struct Invoice: Sendable {
    var id: InvoiceID
    var store: any Store

    var title: String { "invoice \(self.id.number) in \(self.store.name)" }
}

protocol Plugin: Sendable {
    var name: String { get }
}

struct AuditPlugin: Plugin {
    var name = "audit"
}

struct MetricsPlugin: Plugin {
    var name = "metrics"
}

struct PluginHost: Sendable {
    var plugins: [any Plugin]

    init(_ plugins: [any Plugin]) { self.plugins = plugins }
}

final class Backups: Sendable {
    private let database: Provider<Database>
    let log = SampleLog()

    init(_ database: Provider<Database>) { self.database = database }

    func run() async throws { try await self.log.append(self.database.get().find(7)) }
}

extension ResourceKey where Value == Database {
    static let replica = ResourceKey("replica")
}

extension DocumentationSamples {
    static func declaringValues(_ container: Container) throws {
        try container.bindValue(Request.self, in: "request")
        try container.bindValue(User.self, in: "request")
        try container.bindValue(String.self, name: "traceID")
        try container.bind(Cart.self) { (user: User, request: Request) in Cart(user, request) }
    }

    static func providingValues(_ container: Container, _ request: Request, _ user: User, _ log: SampleLog) async throws {
        try await container.withScope("request", providing: request, user, Provide(name: "traceID", "4bf92f")) { scope in
            let cart = try await scope.get(Cart.self)
            log.append("\(cart.user.name) at \(cart.request.path), \(try await scope.get(String.self, name: "traceID"))")
        }
    }

    static func keyConstants(_ container: Container, _ scope: Scope) async throws -> [Database] {
        try container.bind(.replica, Database.init)
        let replica = try await scope.get(.replica)
        let same: Database = try await scope.get(name: "replica")  // the type follows from the context
        return [replica, same]
    }

    static func bindingWithArgument(_ container: Container) throws {
        try container.bind(Invoice.self, argument: InvoiceID.self, Invoice.init)
        try container.bind(String.self, name: "title", argument: InvoiceID.self) { resolver, id in
            try await resolver.get(Invoice.self, id).title
        }
    }

    static func argument(_ scope: Scope) async throws -> [String] {
        let invoice = try await scope.get(Invoice.self, InvoiceID(number: 7))
        let title = try await scope.get(String.self, name: "title", InvoiceID(number: 8))
        return [invoice.title, title]
    }

    static func contributing(_ container: Container) throws {
        try container.bind((any Plugin).self, name: "audit") { AuditPlugin() }
        try container.bind((any Plugin).self, name: "metrics") { MetricsPlugin() }
        try container.bind(PluginHost.self) { (plugins: All<any Plugin>) in PluginHost(Array(plugins)) }
    }

    static func collecting(_ scope: Scope) async throws -> [String] {
        let names = try await scope.getAll((any Plugin).self).map(\.name)
        return names
    }

    static func provider(_ container: Container) throws {
        try container.bind(Backups.self) { (database: Provider<Database>) in Backups(database) }
    }
}
