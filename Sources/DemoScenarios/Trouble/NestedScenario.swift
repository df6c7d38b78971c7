import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario with deeply nested scopes. A search divides into parts, and each part runs in a scope inside the scope of the part that it
/// comes from. Sometimes the innermost part gets stuck; all scopes around it then stay open.
public struct NestedScenario: Scenario {
    /// The scenario's name, `nested`.
    public static let name = "nested"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "searches in scopes nested seven deep: a search gets stuck in the innermost scope, which keeps the scopes around it open"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.scopeOpenLong]

    private static let workers = 3
    /// The depth of a search's tree of scopes.
    public static let depth = 7
    /// One search in `stuck` gets stuck, unless another search is already stuck.
    private static let stuck = 20

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        try container.bind(Index.self, lifetime: .singleton) { Index() }
        try container.bind(Hits.self, lifetime: .tagged("search")) { (_: Index) in Hits() }
        try container.bind(Cursor.self, options: BindingOptions(allowsFaults: true)) { (_: Index, hits: Hits) in Cursor(hits: hits) }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let numbers = Numbers()
        let slot = StuckSlot()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        let number = numbers.next()
                        let sticks = number % Self.stuck == 0 && slot.take()
                        try? await container.withScope("search-\(number)", tag: "search") { search in
                            try await Self.divide(search, "\(number)", 1, sticks: sticks, world)
                        }
                        if sticks { slot.leave() }
                        try? await world.turn(.milliseconds(100), .milliseconds(400))
                    }
                }
            }
        }
    }

    /// Runs one part of a search: the left half divides further, the right half is searched directly.
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

/// The search index.
final class Index: SyncResource {}

/// The hits of one search, shared by all of its parts.
final class Hits: SyncResource {
    private let count = Lock(0)

    func add() {
        self.count.withLock { $0 += 1 }
    }
}

/// The position of one part of a search.
final class Cursor: SyncResource {
    private let hits: Hits

    init(hits: Hits) {
        self.hits = hits
    }

    func advance() async throws {
        self.hits.add()
    }
}

/// Limits the number of stuck searches to one.
private final class StuckSlot: Sendable {
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
