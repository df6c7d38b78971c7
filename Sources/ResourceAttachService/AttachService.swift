public import ResourceAttach
public import ServiceLifecycle

/// A `ResourceAttach` as a service of a `ServiceGroup`: a container that other processes can watch.
///
/// List it before the `ContainerService` of its container: a group shuts down its services in reverse order, so that attached dashboards show
/// the teardown. The service never fails: if the server cannot start, its log states the reason.
///
/// ```swift
/// AttachService(ResourceAttach(container, acting: .owner))
/// ```
public struct AttachService: Service {
    private let attach: ResourceAttach

    /// Creates a service that starts and stops a server.
    ///
    /// - Parameter attach: The server, which is not started. The service also runs its flight recorder, if it has one.
    public init(_ attach: ResourceAttach) {
        self.attach = attach
    }

    /// Serves the container until the group shuts down or the task is canceled.
    public func run() async throws {
        // Cancellation ends the wait as well.
        await self.attach.serve { try? await gracefulShutdown() }
    }
}
