import Logging
public import ResourceContainer
public import ServiceLifecycle

/// A service that lives as long as the scope that owns it: initialising starts it, disposing shuts it down gracefully and waits for its end.
///
/// A service that ends or throws before it is asked to is reported as an error of the resource, and unhealthy from then on.
public final class ServiceResource<Base: Service>: Resource, ContextualResource, HealthCheckable {
    /// The service.
    public let service: Base
    private let state = Lock(State())

    private struct State: Sendable {
        var context: ResourceContext?
        var group: ServiceGroup?
        var run: Task<Void, Never>?
        var isEnding = false
        /// Why it does not run any more.
        var end: String?
    }

    /// What a service does that ends before it is asked to.
    public struct EndedEarly: Error, CustomStringConvertible {
        public let description: String
    }

    /// A resource that runs `service`.
    public init(_ service: Base) {
        self.service = service
    }

    public func attach(_ context: ResourceContext) {
        self.state.withLock { $0.context = context }
    }

    public func initialize() async throws {
        let logger = Logger(label: "resmon.service", factory: { _ in SwiftLogNoOpLogHandler() })
        let configuration = ServiceGroupConfiguration(
            services: [.init(service: self.service, successTerminationBehavior: .ignore, failureTerminationBehavior: .cancelGroup)],
            logger: logger
        )
        let group = ServiceGroup(configuration: configuration)
        // It goes on until the dispose, which waits for it; a child task would have to end before initialising does. Detached, because a
        // group that the caller runs in hands its own shutdown on by a task-local value, and would end the service before its scope.
        let run = Task.detached {
            do {
                try await group.run()
                self.ended("the service \(Base.self) has ended by itself")
            } catch {
                self.ended("the service \(Base.self) has failed: \(UserCode.text(of: error))")
            }
        }
        self.state.withLock { state in
            state.group = group
            state.run = run
        }
    }

    public func dispose() async throws {
        let (group, run) = self.state.withLock { state in
            state.isEnding = true
            return (state.group, state.run)
        }
        await group?.triggerGracefulShutdown()
        await run?.value
    }

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
