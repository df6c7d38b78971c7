import ResourceContainer
import ResourceSimulation
import ResourceTesting
import Testing

private final class Database: Resource {}
private final class Orders: Resource {
    let database: Database
    init(database: Database) { self.database = database }
}

private protocol Mailer: Sendable {
    func send(_ text: String) -> [String]
}

private struct RealMailer: Mailer {
    func send(_ text: String) -> [String] { [] }
}

private struct RecordingMailer: Mailer {
    func send(_ text: String) -> [String] { [text] }
}

private let shop = Container("shop")

private func placeOrder(in container: Container) async throws -> [String] {
    try await container.withScope("order") { try await $0.get((any Mailer).self).send("your order") }
}

@Suite("Orders", .reportsExpectations, .overriding(in: shop) { Bind((any Mailer).self) { RecordingMailer() } })
struct OrderTests {
    @Test("An order is confirmed by mail.")
    func confirmation() async throws {
        try await expectNoLeaks(in: shop) {
            let sent = try await placeOrder(in: shop)
            #expect(sent == ["your order"])
        }
    }
}

/// Compiles and runs the samples of the library's documentation catalog.
@Suite("Samples of the documentation: ResourceTesting")
struct DocumentationSampleTests {
    @Test("Outside the suite with the trait, the container has its own binding of the mailer.")
    func withoutTrait() async throws {
        let container = Container("shop")
        try container.bind((any Mailer).self, lifetime: .singleton) { RealMailer() }
        #expect(try await placeOrder(in: container).isEmpty)
        try await container.close()
    }

    @Test("For every seed, the end of a scope disposes the orders and not the database.")
    func disposal() async throws {
        try await sweep(seeds: 0..<100) { simulation in
            try await withTestContainer(environment: simulation.environment) {
                Bind(Database.self, lifetime: .singleton) { Database() }
                Bind(Orders.self, Orders.init)
            } body: { container in
                try await expectDisposal(in: container, order: ["Orders"]) {
                    try await container.withScope("request") { _ = try await $0.get(Orders.self) }
                }
            }
        }
    }
}
