import ResourceContainer
import ResourceSimulation
import Testing

private protocol Store: Sendable {}
private struct First: Sendable { let second: Second }
private final class Second: Sendable {
    let first: First
    init(first: First) { self.first = first }
}

@Suite("Errors name what exists, and print Swift that compiles")
struct ErrorTextTests {
    let simulation = Simulation(seed: 1)

    private func description<Value: Sendable>(_ container: Container, _ key: ResourceKey<Value>) throws -> String {
        let error = try self.simulation.run {
            await #expect(throws: ResourceError.self) { try await container.withScope("s") { _ = try await $0.get(key) } }
        }
        return try #require(error).description
    }

    @Test("An unbound key is printed as the arguments of a call.")
    func code() throws {
        let container = Container(environment: self.simulation.environment)
        let texts = [
            try self.description(container, ResourceKey(Int.self)),
            try self.description(container, ResourceKey(Int.self, name: "a \"b\"")),
            try self.description(container, ResourceKey((any Store).self, name: "x")),
            try self.description(container, ResourceKey((@Sendable (Int) -> Int).self)),
            try self.description(container, ResourceKey(Int?.self)),
        ]
        let calls = [
            "Int.self", #"Int.self, name: "a \"b\"""#, #"(any Store).self, name: "x""#, "(@Sendable (Int) -> Int).self",
            "Optional<Int>.self",
        ]
        for (text, call) in zip(texts, calls) {
            #expect(text.hasSuffix("requested in scope app ▸ s: add container.bind(\(call)) { … } before the request"))
        }
    }

    @Test("An unbound name is answered with the names that exist, at most five of them.")
    func names() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(Int.self, name: "primary") { 1 }
        try container.bind(Int.self, name: "replica") { 1 }
        let text = try self.description(container, ResourceKey(Int.self, name: "primray"))
        #expect(text.contains(#"the type is bound as "primary", as "replica"; request one of these, or add container.bind("#))
        try container.bind(Int.self) { 1 }
        for number in 0..<5 { try container.bind(Int.self, name: "\(number)") { 1 } }
        let more = try self.description(container, ResourceKey(Int.self, name: "primray"))
        #expect(more.contains(#"bound without a name, as "primary", as "replica", as "0", as "1", as "2", under 2 other names; "#))
        try container.bind(Bind(String.self, using: ResourceKey(Int.self, name: "primray")) { "\($0)" })
        let problem = try #require(container.validate().problems.first)
        #expect(problem.description.contains(#"the type is bound without a name, as "primary""#))
        #expect(problem.description.hasSuffix(#"add container.bind(Int.self, name: "primray") { … }"#))
    }

    @Test("The text of a cycle begins and ends with the key that its path begins with.")
    func cycle() throws {
        let container = Container(environment: self.simulation.environment)
        try container.bind(First.self, First.init)
        try container.bind(Second.self, Second.init)
        let path = try self.description(container, ResourceKey(First.self))
        #expect(path.hasPrefix("First depends on itself: First → Second → First; "))
        let problem = try #require(container.validate().problems.first)
        #expect(problem.description.hasPrefix("First depends on itself: First → Second → First; "))
    }
}
