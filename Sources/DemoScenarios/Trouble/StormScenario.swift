import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// A scenario with a very high rate of events: scopes open and close continuously, beside many long-lived resources.
public struct StormScenario: Scenario {
    /// The scenario's name, `storm`.
    public static let name = "storm"
    /// One line that states what the scenario demonstrates.
    public static let summary = "10,000 events per second and 2,000 resources (--rate, --resources): can the dashboard keep up?"
    /// The kinds of findings that the monitor raises in the scenario.
    public static let findings: Set<Finding.Kind> = [.initializeStorm]

    /// The default rate, in events per second.
    public static let rate = 10_000
    /// The default number of long-lived resources.
    public static let resources = 2_000
    /// The events of one job: the scope opens, begins to close and closes; the resource initializes, is ready, disposes and is disposed.
    private static let eventsPerJob = 7
    private static let tick = Duration.milliseconds(10)
    private static let shelves = 20

    /// Creates the scenario. Nothing is bound or started.
    public init() {}

    /// Binds the scenario's resources.
    public func bind(into container: Container, world: ScenarioWorld) throws {
        for shelf in 0..<Self.shelves { try container.bind(Parcel.self, name: "shelf-\(shelf)") { Parcel() } }
        try container.bind(Job.self) { Job() }
    }

    /// Runs the scenario's load until the task is canceled.
    public func run(_ container: Container, world: ScenarioWorld) async {
        let store = Self.fill(container, world.options.resources ?? Self.resources)
        let rate = world.options.rate ?? Self.rate
        var owed = 0.0
        var number = 0
        var next = world.environment.time.now
        while !Task.isCancelled {
            next = next + Self.tick
            try? await world.environment.time.sleep(until: next)
            owed += Double(rate * world.load.percent) / 100 / 100 / Double(Self.eventsPerJob)
            // Limit the backlog after a delay, because catching up at once would keep the machine busy.
            owed = min(owed, Double(rate) / 20)
            let jobs = Int(owed)
            owed -= Double(jobs)
            Self.work(container, number..<number + jobs)
            number += jobs
        }
        for scope in store { _ = try? await scope.close() }
    }

    /// Runs jobs, each in a synchronous scope with one resource.
    private static func work(_ container: Container, _ numbers: Range<Int>) {
        for number in numbers {
            try? container.withScope("job-\(number)", tag: "job") { _ = try $0.get(Job.self) }
        }
    }

    /// Creates the long-lived resources, one group of shelves per scope.
    private static func fill(_ container: Container, _ count: Int) -> [Scope] {
        var scopes: [Scope] = []
        for index in 0..<count {
            if index % Self.shelves == 0, let scope = try? container.openScope("rack-\(index / Self.shelves + 1)", tag: "rack") {
                scopes.append(scope)
            }
            _ = try? scopes.last?.get(Parcel.self, name: "shelf-\(index % Self.shelves)")
        }
        return scopes
    }
}

/// A long-lived resource.
final class Parcel: SyncResource {}

/// A short-lived resource.
final class Job: SyncResource {}
