import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario for the application's container: more customers than two printers can serve.
struct RushHour: Scenario {
    static let name = "rush-hour"
    static let summary = "six customers at two printers, which sometimes jam: customers wait, and some time out"
    static let findings: Set<Finding.Kind> = [.acquireSlow]

    func bind(into container: Container, world: ScenarioWorld) throws {
        try PrintShop.bind(into: container, environment: world.environment) { SlowPrinter(world: world) }
    }

    func run(_ container: Container, world: ScenarioWorld) async {
        await withTaskGroup(of: Void.self) { group in
            for customer in 1...6 {
                group.addTask {
                    var orders = 0
                    while !Task.isCancelled {
                        orders += 1
                        // An order reports its failure itself; the customer continues with the next one.
                        try? await PrintShop.serve(customer * 1_000 + orders, pages: world.number(in: 1...4), container)
                        try? await world.turn(.milliseconds(100), .milliseconds(600))
                    }
                }
            }
        }
    }
}

/// A slow printer that jams once in twenty pages.
private struct SlowPrinter: Printer {
    let world: ScenarioWorld

    func print(_ page: String) async throws {
        try await self.world.pause(.milliseconds(300), .milliseconds(1_200))
        if self.world.happens(onceIn: 20) { throw Jam() }
    }
}

private struct Jam: Error, CustomStringConvertible {
    let description = "the printer jammed"
}
