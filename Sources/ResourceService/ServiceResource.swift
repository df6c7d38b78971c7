import Logging
public import ResourceContainer
public import ServiceLifecycle

/// A service as a resource: it runs from the resource's initialization until the resource's dispose.
///
/// Initialization starts the service; dispose shuts it down gracefully and waits until it ends. If the service ends or throws before its
/// dispose, the resource reports an error and is unhealthy from then on.
public final class ServiceResource<Base: Service>: Resource, ContextualResource, HealthCheckable {
    /// The service.
    public let service: Base
    private let state = Lock(State())

    private struct State: Sendable {
        var context: ResourceContext?
        var group: ServiceGroup?
        var run: Task<Void, Never>?
        var isEnding = false
        /// The reason why the service ended early.
        var end: String?
    }

    /// An error for a service that ends before its resource's dispose.
    public struct EndedEarly: Error, CustomStringConvertible {
        /// The error for users.
        public let description: String
    }

    /// Creates a resource that runs `service`.
    public init(_ service: Base) {
        self.service = service
    }

    /// Stores the context, which receives the error of a service that ends early.
    public func attach(_ context: ResourceContext) {
        self.state.withLock { $0.context = context }
    }

    /// Starts the service. Does not wait until the service is ready for use.
    public func initialize() async throws {
        let logger = Logger(label: "resmon.service", factory: { _ in SwiftLogNoOpLogHandler() })
        let configuration = ServiceGroupConfiguration(
            services: [.init(service: self.service, successTerminationBehavior: .ignore, failureTerminationBehavior: .cancelGroup)],
            logger: logger
        )
        let group = ServiceGroup(configuration: configuration)
        // The task runs until the dispose, which awaits it; a child task would have to end with initialize. It is detached because a group
        // around the caller propagates its shutdown in a task-local value, which would end the service before its scope.
        let run = Task.detached {
            do {
                try await group.run()
                self.ended("the service \(Base.self) ended unexpectedly")
            } catch {
                self.ended("the service \(Base.self) failed: \(UserCode.text(of: error))")
            }
        }
        self.state.withLock { state in
            state.group = group
            state.run = run
        }
    }

    /// Shuts the service down gracefully and waits until it has ended.
    public func dispose() async throws {
        let (group, run) = self.state.withLock { state in
            state.isEnding = true
            return (state.group, state.run)
        }
        await group?.triggerGracefulShutdown()
        await run?.value
    }

    /// Returns `unhealthy` if the service has ended early, otherwise `healthy`.
    public func healthCheck() async throws -> HealthReport {
        self.state.withLock { $0.end.map { HealthReport(.unhealthy, $0) } ?? HealthReport(.healthy) }
    }

    private func ended(_ why: String) {
        let context = self.state.withLock { state in
            if state.isEnding { return ResourceContext?.none }
            state.end = why
            return state.context
        }
        context?.report(EndedEarly(description: why))
    }
}
