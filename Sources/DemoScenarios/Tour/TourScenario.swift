import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A guided tour of resource management. Each stop demonstrates one subject in a scope that has the subject's name, with explanations.
public struct TourScenario: Scenario {
    /// The scenario's name, `tour`.
    public static let name = "tour"
    /// One line that states what the scenario demonstrates.
    public static let summary =
        "a guided tour of resource management, explained step by step: scopes, pools, errors, health"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.leak, .poolExhausted, .abandoned, .disposeThrew]
    /// 300 s: each sentence is shown for about four seconds.
    public static let length = Duration.seconds(300)

    /// The headings of the stops, in order.
    public static var headings: [String] { TourStop.all.map { $0.heading } }
    /// The section of each stop, in the same order.
    public static var sections: [String] { TourStop.all.map { $0.section } }

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        // The tag shows the guide's latest note below every view.
        try container.bind(Guide.self, lifetime: .singleton, options: BindingOptions(tags: ["notes": "caption"])) { Guide() }
        try TourParts.bind(into: container, world: world)
    }

    /// Runs the scenario's load until the task is canceled.
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

/// A stop of the tour: one subject.
struct TourStop: Sendable {
    /// The section that the stop belongs to.
    var section: String
    var heading: String
    /// Demonstrates and explains the subject.
    var act: @Sendable (Tour) async throws -> Void

    /// Runs the stop. Intentional errors are caught in the stop itself, so an error here is a fault of the stop, which the guide reports.
    func run(with tour: Tour) async {
        do {
            try await self.act(tour)
        } catch  where !Task.isCancelled {
            tour.guide.say("\(Self.brokenOff)\(self.heading): \(error)")
        } catch {
            // Canceled: the scenario ends.
        }
    }

    /// The prefix of the note about a stop that ended early.
    static let brokenOff = "ended early: "

    /// All stops, in order.
    static let all = Self.lifecycle + Self.types + Self.patterns + Self.goodPractice + Self.badPractice + Self.monitoring
}

/// The context of a stop: container, world, guide and heading.
struct Tour: Sendable {
    let container: Container
    let world: ScenarioWorld
    let guide: Guide
    let heading: String

    /// Shows a note, and pauses so that the user can read it.
    func say(_ text: String) async throws {
        self.guide.say(text)
        try await self.world.turn(.milliseconds(3_800), .milliseconds(4_200))
    }

    /// Runs `body` in a scope, which has the subject's name unless `name` is given.
    nonisolated(nonsending) func scope<Result>(
        _ name: String? = nil,
        fileID: String = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (Scope) async throws -> Result
    ) async throws -> Result {
        try await self.container.withScope(name ?? self.heading, tag: "tour", fileID: fileID, line: line, body: body)
    }
}

/// The guide of the tour. Its notes are events, and the latest one is shown below every view.
final class Guide: SyncResource, ContextualResource {
    private let context = Lock<ResourceContext?>(nil)

    func attach(_ context: ResourceContext) {
        self.context.withLock { $0 = context }
    }

    func say(_ text: String) {
        self.context.withLock { $0 }?.note(text)
    }
}
