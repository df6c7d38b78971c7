import ResourceContainer
import ResourceMonitoring
import ResourceScenarios

/// As much as a container does: scopes opened and closed all the time, beside many resources that stay.
public struct StormScenario: Scenario {
    public static let name = "storm"
    public static let summary = "10,000 events a second and 2,000 resources (--rate, --resources): whether the picture holds"
    public static let findings: Set<Finding.Kind> = [.initialiseStorm]

    /// Events a second, unless another rate is asked for.
    public static let rate = 10_000
    /// Resources that stay, unless another number is asked for.
    public static let resources = 2_000
    /// The events of one job: its scope opens, begins to close and closes; its resource begins, is ready, is being disposed and is disposed.
    private static let eventsPerJob = 7
    private static let tick = Duration.milliseconds(10)
    private static let shelves = 20

    public init() {}

    public func bind(into container: Container, world: ScenarioWorld) throws {
        for shelf in 0..<Self.shelves { try container.bind(Parcel.self, name: "shelf-\(shelf)") { Parcel() } }
        try container.bind(Job.self) { Job() }
    }

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
            // What was missed because the machine was busy is not made up for at once: that would keep it busy.
            owed = min(owed, Double(rate) / 20)
            let jobs = Int(owed)
            owed -= Double(jobs)
            Self.work(container, number..<number + jobs)
            number += jobs
        }
        for scope in store { _ = try? await scope.close() }
    }

    /// Scopes on the caller's stack, each with a resource that nobody waits for.
    private static func work(_ container: Container, _ numbers: Range<Int>) {
        for number in numbers {
            try? container.withScope("job-\(number)", tag: "job") { _ = try $0.get(Job.self) }
        }
    }

    /// Resources that stay, a shelf of them in each scope.
    private static func fill(_ container: Container, _ count: Int) -> [Scope] {
        var scopes: [Scope] = []
        for index in 0..<count {
            if index % Self.shelves == 0, let scope = try? container.openScope(named: "rack-\(index / Self.shelves + 1)", tag: "rack") {
                scopes.append(scope)
            }
            _ = try? scopes.last?.get(Parcel.self, name: "shelf-\(index % Self.shelves)")
        }
        return scopes
    }
}

/// Stays where it is.
final class Parcel: SyncResource {}

/// Comes and goes.
final class Job: SyncResource {}
