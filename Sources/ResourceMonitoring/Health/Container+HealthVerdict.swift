import ResourceContainer

extension Container {
    /// The verdict on the container's health after the last answer of a check; nil if the container has never had a checker. O(1).
    package var healthVerdict: HealthStatus? {
        ContainerHealth.of(self)?.state.withLock { $0.ledger.verdict }
    }
}
