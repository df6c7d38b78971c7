import ResourceContainer

/// A process of a fleet with its figures at one instant. A figure that the server does not have is absent, and never 0.
package struct FleetRow: Sendable, Hashable, Identifiable {
    package var id: FleetKey
    /// The number of the process with that of its container, `4711-0`; nil if the instance does not state it.
    package var process: String?
    /// The figures, in the units of their columns. None of them is NaN.
    package var figures: [FleetColumn: Double]
    /// The health verdict.
    package var health: HealthStatus?
    /// The firing alerts, by name.
    package var alerts: [FiringAlert]

    package init(
        _ id: FleetKey,
        process: String? = nil,
        figures: [FleetColumn: Double] = [:],
        health: HealthStatus? = nil,
        alerts: [FiringAlert] = []
    ) {
        self.id = id
        self.process = process
        self.figures = figures
        self.health = health
        self.alerts = alerts
    }
}
