import Foundation
import ResourceSimulation
import Testing

@testable import ResourceContainer

@Suite("Nested synchronous calls check the remaining stack")
struct StackTests {
    /// Runs `body` on a thread with a stack of `size` bytes.
    private func run<Result: Sendable>(stack size: Int, _ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = size
            thread.start()
        }
    }

    @Test(
        "Nested scopes are refused before a small stack overflows, and a large stack allows a thousand of them.",
        arguments: [256 << 10, 512 << 10, 2 << 20, 64 << 20]
    )
    func scopes(size: Int) async {
        let (depth, error) = await self.run(stack: size) {
            let container = Container()
            var deepest = 0
            func nest(_ scope: Scope, _ depth: Int) throws {
                deepest = max(deepest, depth)
                try scope.withScope { try nest($0, depth + 1) }
            }
            do {
                try nest(container.root, 0)
                return (deepest, nil as ResourceError?)
            } catch {
                return (deepest, error as? ResourceError)
            }
        }
        #expect(error?.code == .nestedTooDeeply)
        #expect(depth >= 10)
        if size >= 64 << 20 {
            #expect(depth == 1000)
        } else if size <= 512 << 10 {
            #expect(error?.description.contains("\(size >> 10) kB stack of this thread is nearly used up") == true)
        }
    }

    @Test(
        "A synchronous dependency chain is refused before a small stack overflows, and the books balance.",
        arguments: [128 << 10, 256 << 10, 512 << 10]
    )
    func chain(size: Int) async {
        let (error, books) = await self.run(stack: size) {
            let container = Container()
            do {
                try Self.bindChain(container, 200)
                try container.withScope { _ = try $0.get(Int.self, name: "200") }
                return (nil as ResourceError?, container.books().books)
            } catch {
                return (error as? ResourceError, container.books().books)
            }
        }
        #expect(error?.code == .nestedTooDeeply)
        #expect(books.isBalanced)
        #expect(books.active == 0)
    }

    @Test("A synchronous chain in a task continues on separate stacks, independent of the thread's stack.")
    func asynchronousChain() throws {
        let simulation = Simulation(seed: 1)
        let container = Container(environment: simulation.environment)
        try container.bind(Int.self, name: "0") { 0 }
        for number in 1...200 {
            try container.bind(
                Bind(Int.self, name: "\(number)") { (resolver: Resolver) async throws -> Int in
                    try await resolver.get(Int.self, name: "\(number - 1)") + 1
                }
            )
        }
        let value = try simulation.run { try await container.withScope { try await $0.get(Int.self, name: "200") } }
        #expect(value == 200)
    }

    @Test("The report of a thousand nested scopes is counted, listed, described, and freed on a small stack.")
    func report() async {
        let (entries, count, text) = await self.run(stack: 512 << 10) {
            var report = DisposeReport(scope: .root, name: "innermost")
            for depth in 1...1000 {
                let entry = DisposeReport.Entry(
                    order: 1,
                    resource: ResourceID(UInt64(depth)),
                    label: "Int",
                    outcome: .threw,
                    took: .zero,
                    error: "no"
                )
                report = DisposeReport(scope: ScopeID(UInt64(depth)), name: "scope", children: [report], entries: [entry])
            }
            return (report.allEntries.map(\.resource.rawValue), report.count(.threw), "\(report)")
        }
        #expect(entries == Array(1...1000))
        #expect(count == 1000)
        #expect(text.contains("1000 threw"))
        #expect(text.contains("and 980 more"))
    }

    private static func bindChain(_ container: Container, _ length: Int) throws {
        try container.bind(Int.self, name: "0") { 0 }
        for number in 1...length {
            try container.bind(
                Bind(Int.self, name: "\(number)") { (resolver: Resolver) throws -> Int in
                    try resolver.get(Int.self, name: "\(number - 1)") + 1
                }
            )
        }
    }
}
