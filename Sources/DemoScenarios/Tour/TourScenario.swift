import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// The whole of resource management, one subject after the other: each is done in a scope that carries its name, and explained while it is done.
public struct TourScenario: Scenario {
    public static let name = "tour"
    public static let summary =
        "resource management from its first page to its last, done and explained step by step: scopes, pools, health"
    public static let findings: Set<Finding.Kind> = [.leak, .poolExhausted, .abandoned, .disposeThrew]
    /// A sentence is left to be read for about four seconds.
    public static let length = Duration.seconds(300)

    /// What is shown, in order.
    public static var headings: [String] { TourStop.all.map { $0.heading } }
    /// The part that each of them belongs to.
    public static var sections: [String] { TourStop.all.map { $0.section } }

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        // Its words are shown below every view.
        try container.bind(Guide.self, lifetime: .singleton, options: BindingOptions(tags: ["notes": "caption"])) { Guide() }
        try TourParts.bind(into: container, world: world)
    }

    public func run(_ container: Container, world: ScenarioWorld) async {
        guard let guide = try? await container.get(Guide.self) else { return }
        while !Task.isCancelled {
            for stop in TourStop.all where !Task.isCancelled {
                guide.say("[\(stop.section)] \(stop.heading)")
                try? await world.turn(.seconds(1), .seconds(2))
                let tour = Tour(container: container, world: world, guide: guide, heading: stop.heading)
                await stop.run(with: tour)
            }
        }
    }
}

/// One subject.
struct TourStop: Sendable {
    /// The part it belongs to.
    var section: String
    var heading: String
    /// Does it, and says what is to be seen.
    var act: @Sendable (Tour) async throws -> Void

    /// Does it to its end. What goes wrong on purpose is caught in the stop itself; a stop that ends early is at fault, and says so.
    func run(with tour: Tour) async {
        do {
            try await self.act(tour)
        } catch  where !Task.isCancelled {
            tour.guide.say("\(Self.brokenOff)\(self.heading): \(error)")
        } catch {
            // The scenario ends.
        }
    }

    /// What the guide says of a stop that ended early begins so.
    static let brokenOff = "broken off: "

    /// All of them, in order.
    static let all = Self.lifecycle + Self.types + Self.patterns + Self.goodPractice + Self.badPractice + Self.monitoring
}

/// What a stop works with.
struct Tour: Sendable {
    let container: Container
    let world: ScenarioWorld
    let guide: Guide
    let heading: String

    /// Says something, and leaves time to read it and to look.
    func say(_ text: String) async throws {
        self.guide.say(text)
        try await self.world.turn(.milliseconds(3_800), .milliseconds(4_200))
    }

    /// Runs `body` in a scope that carries the subject's name.
    nonisolated(nonsending) func scope<Result>(
        _ name: String? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        try await self.container.withScope(name ?? self.heading, tag: "tour", fileID: fileID, line: line, body: body)
    }
}

/// Tells what is being done: its words stand among the events, and the last of them below every view.
final class Guide: SyncResource, ContextualResource {
    private let context = Lock<ResourceContext?>(nil)

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func say(_ text: String) {
        self.context.withLock { $0 }?.note(text)
    }
}
