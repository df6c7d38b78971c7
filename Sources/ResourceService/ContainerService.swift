public import Logging
public import ResourceContainer
public import ServiceLifecycle

/// A container as a service of a `ServiceGroup`.
///
/// The service starts the container's eager singletons, waits until the group shuts down, and closes the container. Start and close each
/// have a budget. List it before the services that use the container: a group shuts down its services in reverse order, so that the
/// container closes after the last service that uses it.
public struct ContainerService: Service {
    private let container: Container
    private let budget: Duration
    private let startBudget: Duration
    private let startOrder: StepOrder
    private let logger: Logger?
    private let onClose: @Sendable (DisposeReport) -> Void

    /// Creates a service that starts and closes `container`.
    ///
    /// - Parameters:
    ///   - container: The container. The service starts it; the program need not call `start`.
    ///   - budget: The longest duration of the close; see `Scope.close(_:within:)`.
    ///   - startBudget: The longest duration of the start; nil uses `budget`.
    ///   - startOrder: Whether eager singletons are created one after the other or concurrently.
    ///   - logger: The logger for the results of start and close; nil logs nothing.
    ///   - onClose: Called with the report of the close.
    public init(
        _ container: Container,
        budget: Duration = .seconds(30),
        startBudget: Duration? = nil,
        startOrder: StepOrder = .serial,
        logger: Logger? = nil,
        onClose: @escaping @Sendable (DisposeReport) -> Void = { _ in }
    ) {
        self.container = container
        self.budget = budget
        self.startBudget = startBudget ?? budget
        self.startOrder = startOrder
        self.logger = logger
        self.onClose = onClose
    }

    /// Starts the eager singletons, waits until the group shuts down or the task is canceled, and closes the container.
    ///
    /// A shutdown during the start ends the start: instances that are still initializing get the budget of the close.
    ///
    /// - Throws: The error of an eager singleton, or ``ContainerStartTimedOut``, after the container is closed. The error of the close, if
    ///   it was called from a dispose of the same container.
    public func run() async throws {
        var failure: (any Error)?
        switch await self.start() {
        case .started:
            // Cancellation ends the wait, but must not affect the close.
            try? await gracefulShutdown()
        case .shutDown: break
        case .failed(let error): failure = error
        case .timedOut: failure = ContainerStartTimedOut(self.container, budget: self.startBudget)
        }
        if let failure {
            self.logger?.error("container did not start", metadata: self.metadata(["error": "\(UserCode.text(of: failure))"]))
        }
        let report = try await self.container.close(within: self.budget)
        self.onClose(report)
        if report.isClean {
            self.logger?.info("container closed", metadata: self.metadata(["took": "\(report.took)"]))
        } else {
            let metadata = self.metadata(["took": "\(report.took)", "report": "\(report)"])
            self.logger?.error("container closed with failures", metadata: metadata)
        }
        if let failure { throw failure }
    }

    /// The result of the start.
    private enum StartEnd: Sendable {
        case started, shutDown, timedOut
        case failed(any Error)
    }

    private func start() async -> StartEnd {
        let (container, order) = (self.container, self.startOrder)
        let end = Promise<StartEnd>()
        let time = container.environment.time
        let deadline = time.schedule(at: time.now + self.startBudget) { end.fulfill(.timedOut) }
        defer { deadline.cancel() }
        // On a separate thread: an initialization that blocks its thread must not delay the shutdown.
        container.environment.startApart {
            do {
                try await container.start(order)
                end.fulfill(.started)
            } catch { end.fulfill(.failed(error)) }
        }
        return await withGracefulShutdownHandler {
            await end.wait() ?? .shutDown
        } onGracefulShutdown: {
            end.fulfill(.shutDown)
        }
    }

    private func metadata(_ more: Logger.Metadata) -> Logger.Metadata {
        more.merging(["container": "\(self.container.name)"]) { own, _ in own }
    }
}

/// An error for eager singletons that were not ready within the start budget.
public struct ContainerStartTimedOut: Error, Sendable, CustomStringConvertible {
    /// The container's name.
    public let container: String
    /// The start budget.
    public let budget: Duration
    /// The labels of the instances that were still initializing.
    public let initializing: [String]

    init(_ container: Container, budget: Duration) {
        let snapshot = container.snapshot()
        let labels = Dictionary(snapshot.bindings.map { ($0.id, $0.label) }) { first, _ in first }
        self.container = container.name
        self.budget = budget
        self.initializing = snapshot.resources.filter { $0.state == .initializing }.map { "\(labels[$0.binding] ?? "")\($0.id)" }
    }

    /// The error for users, with a remedy.
    public var description: String {
        "container \(self.container) was not started within \(self.budget): "
            + (self.initializing.isEmpty ? "no instance was initializing" : "\(self.initializing.joined(separator: ", ")) not ready yet")
            + "; make the eager singletons faster or start them concurrently, or give ContainerService a longer startBudget"
    }
}
