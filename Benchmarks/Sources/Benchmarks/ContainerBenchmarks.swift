import BareFloors
import ResourceContainer

final class AsyncResource: Resource {}
final class SyncedResource: SyncResource {}

final class NeedsThree: Sendable {
    init(a: A, b: B, c: C) {}
    final class A: Sendable {}
    final class B: Sendable {}
    final class C: Sendable {}
}

/// The costs of resolving resources, and of opening and closing scopes.
struct ContainerBenchmarks {
    let container = Container()
    let bare = BareRegistry()

    init() throws {
        try self.container.bind(Plain.self) { Plain() }
        try self.container.bind(AsyncResource.self) { AsyncResource() }
        try self.container.bind(SyncedResource.self) { SyncedResource() }
        try self.container.bind(NeedsThree.A.self) { NeedsThree.A() }
        try self.container.bind(NeedsThree.B.self) { NeedsThree.B() }
        try self.container.bind(NeedsThree.C.self) { NeedsThree.C() }
        try self.container.bind(NeedsThree.self, lifetime: .transient, NeedsThree.init)
    }

    nonisolated(nonsending) private func floor(_ count: Int) async {
        for _ in 0..<count { use(self.bare.get()) }
    }

    nonisolated(nonsending) func run(_ table: inout Table) async throws {
        try await self.gets(&table)
        try await self.scopes(&table)
        try await self.thousands(&table)
    }

    nonisolated(nonsending) private func gets(_ table: inout Table) async throws {
        let bare = "Mutex + Dictionary"
        for depth in [1, 4, 16] {
            var scope = try self.container.openScope("outermost")
            let outermost = scope
            use(try await scope.get(Plain.self))
            for _ in 1..<depth { scope = try scope.openScope("inner") }
            let here = scope
            table.add(
                try await Comparison(name: "`scope.get`, ready, \(depth) deep", floor: bare, goal: 1.5).run(count: 300_000) { count in
                    for _ in 0..<count { use(try await here.get(Plain.self)) }
                } floor: {
                    await self.floor($0)
                }
            )
            try await outermost.close()
        }
        try await self.container.withScope { _ in
            use(try await self.container.get(Plain.self))
            table.add(
                try await Comparison(name: "`container.get`, ready", floor: bare, goal: 4).run(count: 300_000) { count in
                    for _ in 0..<count { use(try await self.container.get(Plain.self)) }
                } floor: {
                    await self.floor($0)
                }
            )
            table.add(
                try await Comparison(name: "`get` of an unbound key", floor: bare).run(count: 20_000) { count in
                    for _ in 0..<count { _ = try? await self.container.get(Table.self) }
                } floor: {
                    await self.floor($0)
                }
            )
        }
        try await self.container.withScope { scope in
            use(try await scope.get(NeedsThree.A.self))
            use(try await scope.get(NeedsThree.B.self))
            use(try await scope.get(NeedsThree.C.self))
            table.add(
                try await Comparison(name: "transient with three dependencies").run(count: 20_000) { count in
                    try await scope.withScope { inner in
                        for _ in 0..<count { use(try await inner.get(NeedsThree.self)) }
                    }
                }
            )
        }
    }

    nonisolated(nonsending) private func scopes(_ table: inout Table) async throws {
        let subscription = self.container.subscribe()
        table.add(
            try await Comparison(name: "open + close, events on").run(count: 50_000) { count in
                for _ in 0..<count { try await self.container.withScope { _ in } }
            }
        )
        table.add(
            try await Comparison(name: "open + get a value + close, events on").run(count: 50_000) { count in
                for _ in 0..<count { try await self.container.withScope { use(try await $0.get(Plain.self)) } }
            }
        )
        table.add(
            try await Comparison(name: "open + get a `Resource` + close, events on (goal 2,000 ns)").run(count: 50_000) { count in
                for _ in 0..<count { try await self.container.withScope { use(try await $0.get(AsyncResource.self)) } }
            }
        )
        table.add(
            try await Comparison(name: "open + get a `SyncResource` + close, events on").run(count: 50_000) { count in
                for _ in 0..<count { try await self.container.withScope { use(try await $0.get(SyncedResource.self)) } }
            }
        )
        table.add(
            try await Comparison(name: "open + get a `SyncResource` + close, synchronous (goal 1,500 ns)").run(count: 50_000) { count in
                await onThread {
                    for _ in 0..<count {
                        do { try self.container.withScope { use(try $0.get(SyncedResource.self)) } } catch { print(error) }
                    }
                }
            }
        )
        withExtendedLifetime(subscription) {}
    }

    /// The memory of a million resources, with one scope for every ten.
    nonisolated(nonsending) private func thousands(_ table: inout Table) async throws {
        let container = Container()
        try container.bind(Plain.self, lifetime: .transient) { Plain() }
        let before = residentBytes()
        let start = now()
        for _ in 0..<100_000 {
            let scope = try container.openScope("s")
            for _ in 0..<10 { use(try await scope.get(Plain.self)) }
        }
        let (elapsed, bytes) = (now() - start, residentBytes() - before)
        table.add("")
        table.add(
            "1,000,000 live resources in 100,000 scopes: \(bytes / 1_000_000) bytes each, scopes included; created in \(elapsed / 1_000_000) ms."
        )
        let closing = now()
        try await container.close()
        table.add("Closed in \((now() - closing) / 1_000_000) ms.")
        table.add("")
    }
}
