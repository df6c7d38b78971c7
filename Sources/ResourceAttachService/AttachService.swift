public import ResourceAttach
public import ResourceContainer
// The health checker, the monitor, and the flight recorder are parameters of the public initializer.
public import ResourceMonitoring
public import ResourceRecording
public import ServiceLifecycle

/// A `ResourceAttach` as a service of a `ServiceGroup`: a container that other processes can watch.
///
/// List it before the `ContainerService` of its container: a group shuts down its services in reverse order, so that attached dashboards show
/// the teardown. The service never fails: if the server cannot start, its log states the reason.
public struct AttachService: Service {
    private let container: Container
    private let attach: ResourceAttach
    private let flight: FlightRecorder?

    /// Creates a service that serves `container`.
    ///
    /// - Parameters:
    ///   - container: The container to serve.
    ///   - health: The checker that runs health checks for clients; by default, one for each client that may act.
    ///   - monitor: The monitor of the program, if there is one.
    ///   - flight: The flight recorder of the container, if there is one. The service runs it.
    ///   - acting: The clients that may act.
    ///   - options: Where the socket is, and what is logged.
    public init(
        _ container: Container,
        health: HealthChecker? = nil,
        monitor: ResourceMonitor? = nil,
        flight: FlightRecorder? = nil,
        acting: ResourceAttach.Acting = .nobody,
        options: AttachOptions = AttachOptions()
    ) {
        self.container = container
        self.attach = ResourceAttach(container, health: health, monitor: monitor, flight: flight, acting: acting, options: options)
        self.flight = flight
    }

    /// Serves the container until the group shuts down or the task is canceled.
    public func run() async throws {
        await self.apart { $0.start() }
        await withTaskGroup(of: Void.self) { group in
            if let flight { group.addTask { await flight.run() } }
            // Cancellation ends the wait as well.
            try? await gracefulShutdown()
            group.cancelAll()
        }
        await self.apart { $0.stop() }
    }

    /// Calls a method of the server on a thread that it may block. The services of a group share the threads of the cooperative pool.
    private func apart(_ call: @escaping @Sendable (ResourceAttach) -> Void) async {
        let done = Promise<Void>()
        self.container.environment.startApart { [attach] in
            call(attach)
            done.fulfill(())
        }
        await done.waitThroughCancellation()
    }
}
