public import Logging
public import ResourceContainer
public import ServiceLifecycle

/// A container as a service of a `ServiceGroup`: it lives until the group shuts down, and then closes within a budget.
///
/// Put it before the services that use it: a group ends its services in the opposite order, so that the container is closed when nobody
/// needs it any more.
public struct ContainerService: Service {
    private let container: Container
    private let budget: Duration
    private let logger: Logger?
    private let onClose: @Sendable (DisposeReport) -> Void

    /// A service that closes `container`.
    ///
    /// - Parameters:
    ///   - budget: how long closing may take; what is not over by then is closed by force, and what holds it up is abandoned.
    ///   - logger: where the result is told.
    ///   - onClose: is given what became of everything.
    public init(
        _ container: Container,
        budget: Duration = .seconds(30),
        logger: Logger? = nil,
        onClose: @escaping @Sendable (DisposeReport) -> Void = { _ in }
    ) {
        self.container = container
        self.budget = budget
        self.logger = logger
        self.onClose = onClose
    }

    /// Waits until the group shuts down or its task is cancelled, and closes the container. Throws only what closing itself throws: that
    /// it was asked for from within a dispose of this very container.
    public func run() async throws {
        // Cancellation ends the wait, and must not reach the closing.
        try? await gracefulShutdown()
        let report = try await self.close()
        self.onClose(report)
        if report.isClean {
            self.logger?.info("the container \(self.container.name) is closed", metadata: ["took": "\(report.took)"])
        } else {
            self.logger?.error("the container \(self.container.name) is closed, and not everything went well:\n\(report)")
        }
    }

    private func close() async throws -> DisposeReport {
        let container = self.container
        let force = container.environment.time.schedule(at: container.environment.time.now + self.budget) {
            // The deadline's caller may not wait, and a forced close shares its report with the one that is under way.
            Task { try? await container.close(.force) }
        }
        defer { force.cancel() }
        return try await container.close()
    }
}
