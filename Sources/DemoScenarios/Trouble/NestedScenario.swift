import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// Scopes in scopes in scopes: searches that divide what they look through, each part with a scope of its own. Sometimes a part far down
/// gets stuck, and with it everything above.
public struct NestedScenario: Scenario {
    public static let name = "nested"
    public static let summary =
        "searches as deep trees of scopes, one of which gets stuck seven levels down: which scope keeps the others open"
    public static let findings: Set<Finding.Kind> = [.scopeOpenLong]

    private static let workers = 3
    /// How deep a search divides.
    public static let depth = 7
    /// One search in so many gets stuck, unless another one is: the rest go on.
    private static let stuck = 20

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind(Index.self, lifetime: .singleton) { Index() }
        try container.bind(Hits.self, lifetime: .tagged("search")) { (_: Index) in Hits() }
        try container.bind(Cursor.self, options: BindingOptions(allowsFaults: true)) { (_: Index, hits: Hits) in Cursor(hits: hits) }
    }

    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        let place = StuckPlace()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        let number = numbers.next()
                        let sticks = number % Self.stuck == 0 && place.take()
                        try? await container.withScope("search-\(number)", tag: "search") { search in
                            try await Self.divide(search, "\(number)", 1, sticks: sticks, world)
                        }
                        if sticks { place.leave() }
                        try? await world.turn(.milliseconds(100), .milliseconds(400))
                    }
                }
            }
        }
    }

    /// One part of a search: its left half goes on dividing, its right half is looked through at once.
    private static func divide(_ scope: Scope, _ name: String, _ level: Int, sticks: Bool, _ world: ScenarioWorld) async throws {
        try await scope.get(Cursor.self).advance()
        guard level < Self.depth else {
            if sticks { try await world.pause(.seconds(45), .seconds(60)) }
            return try await world.pause(.milliseconds(20), .milliseconds(200))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await scope.withScope("\(name)l", tag: "part") { part in
                    try await Self.divide(part, "\(name)l", level + 1, sticks: sticks, world)
                }
            }
            group.addTask {
                try await scope.withScope("\(name)r", tag: "part") { part in
                    try await part.get(Cursor.self).advance()
                    try await world.pause(.milliseconds(10), .milliseconds(100))
                }
            }
            try await group.waitForAll()
        }
    }
}

/// What is searched.
final class Index: SyncResource {}

/// What a search has found so far, in all its parts.
final class Hits: SyncResource {
    private let count = Lock(0)

    func add() {
        self.count.withLock { $0 += 1 }
    }
}

/// Where one part of a search is.
final class Cursor: SyncResource {
    private let hits: Hits

    init(hits: Hits) {
        self.hits = hits
    }

    func advance() async throws {
        self.hits.add()
    }
}

/// Where one search can be stuck at a time.
private final class StuckPlace: Sendable {
    private let isTaken = Lock(false)

    func take() -> Bool {
        self.isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    func leave() {
        self.isTaken.withLock { $0 = false }
    }
}
