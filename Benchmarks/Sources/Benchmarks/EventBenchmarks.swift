import BareFloors
import ResourceContainer

/// What subscribers cost those who are watched.
struct EventBenchmarks {
    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        for subscribers in [0, 1, 4] {
            let container = Container()
            try container.bind(Plain.self) { Plain() }
            let subscriptions = (0..<subscribers).map { _ in container.subscribe() }
            table.add(
                try await Comparison(name: "open + get a value + close, \(subscribers) subscribers that drain now and then: 7 events").run(
                    count: 50_000
                ) {
                    count in
                    for number in 0..<count {
                        try await container.withScope { use(try await $0.get(Plain.self)) }
                        if number % 2000 == 0 {
                            for subscription in subscriptions { use(subscription.drain().events.isEmpty ? nil : container) }
                        }
                    }
                }
            )
        }
    }
}
