import BareFloors
import ResourceContainer
import ResourceMonitoring

/// The cost of subscribers for the observed container.
struct EventBenchmarks {
    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        for subscribers in [0, 1, 4] {
            let container = Container()
            try container.bind(Plain.self) { Plain() }
            let subscriptions = (0..<subscribers).map { _ in container.subscribe() }
            table.add(
                try await Comparison(name: "open + get a value + close, \(subscribers) subscribers that drain regularly: 7 events").run(
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
        try await self.formerSubscriber(&table)
        try await self.deadSubscriber(&table)
    }

    /// The ring of events is freed with its last subscriber, so a container that was watched costs what one costs that never was.
    private nonisolated(nonsending) func formerSubscriber(_ table: inout Table) async throws {
        let (watched, floor) = (Container(), Container())
        try watched.bind(Plain.self) { Plain() }
        try floor.bind(Plain.self) { Plain() }
        do {
            let (monitor, subscription) = (ResourceMonitor(watched), watched.subscribe())
            for _ in 0..<10_000 { try await watched.withScope { use(try await $0.get(Plain.self)) } }
            monitor.refresh()
            use(subscription.drain().events.isEmpty ? nil : watched)
        }
        table.add(
            try await Comparison(
                name: "open + get a value + close, after the last subscriber has gone",
                floor: "never subscribed",
                goal: 1.02
            ).run(count: 50_000) { count in
                for _ in 0..<count { try await watched.withScope { use(try await $0.get(Plain.self)) } }
            } floor: { count in
                for _ in 0..<count { try await floor.withScope { use(try await $0.get(Plain.self)) } }
            }
        )
    }

    /// Events are written once there is a subscriber, whether it reads or not. The floor therefore has a subscriber that reads regularly.
    private nonisolated(nonsending) func deadSubscriber(_ table: inout Table) async throws {
        let (watched, floor) = (Container(), Container())
        try watched.bind(Plain.self) { Plain() }
        try floor.bind(Plain.self) { Plain() }
        let (dead, deadMonitorsOwn) = (ResourceMonitor(watched), watched.subscribe())
        let reading = floor.subscribe()
        let before = residentBytes()
        table.add(
            try await Comparison(
                name: "open + get a value + close, a monitor and a subscriber that never read",
                floor: "with one that reads every 14,000 events",
                goal: 1.05
            ).run(count: 50_000) { count in
                for _ in 0..<count { try await watched.withScope { use(try await $0.get(Plain.self)) } }
            } floor: { count in
                for number in 0..<count {
                    try await floor.withScope { use(try await $0.get(Plain.self)) }
                    if number % 2000 == 0 { use(reading.drain().events.isEmpty ? nil : floor) }
                }
            }
        )
        let grown = Double(residentBytes() - before) / 1_048_576
        table.add("")
        table.add("Memory growth after \(watched.snapshot().sequence) unread events: \(oneDigit(grown)) MiB.")
        use(dead)
        use(deadMonitorsOwn)
    }
}
