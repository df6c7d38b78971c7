public import Logging
public import ResourceContainer
public import ServiceLifecycle

/// A container as a service of a `ServiceGroup`: it starts its eager singletons, lives until the group shuts down, and then closes, each
/// within a budget.
///
/// Put it before the services that use it: a group ends its services in the opposite order, so that the container is closed when nobody
/// needs it any more.
public struct ContainerService: Service {
    private let container: Container
    private let budget: Duration
    private let startBudget: Duration
    private let startOrder: StepOrder
    private let logger: Logger?
    private let onClose: @Sendable (DisposeReport) -> Void

    /// A service that starts and closes `container`.
    ///
    /// - Parameters:
    ///   - container: the container. Its eager singletons are made here; the program need not call `start`.
    ///   - budget: how long closing may take, whatever the disposes do; see ``ResourceContainer/Scope/close(_:within:)``.
    ///   - startBudget: how long making the eager singletons may take; nil for as long as closing.
    ///   - startOrder: whether they are made one after the other or side by side.
    ///   - logger: where the result is told.
    ///   - onClose: is given what became of everything.
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

    /// Makes the eager singletons, waits until the group shuts down or its task is cancelled, and closes the container. A shutdown while they
    /// are made ends that wait: what is still being made has the budget of closing.
    ///
    /// - Throws: what making an eager singleton threw, or ``ContainerStartTimedOut``, after the container is closed; what closing itself
    ///   throws: that it was asked for from within a dispose of this very container.
    public func run() async throws {
        var failure: (any Error)?
        switch await self.start() {
        case .started:
            // Cancellation ends the wait, and must not reach the closing.
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

    /// How the wait for the eager singletons ended.
    private enum StartEnd: Sendable {
        case started, shutDown, timedOut
        case failed(any Error)
    }

    private func start() async -> StartEnd {
        let (container, order) = (self.container, self.startOrder)
        let end = Promise<StartEnd>()
        let time = container.environment.time
        let deadline = time.schedule(at: time.now + self.startBudget) { end.fulfil(.timedOut) }
        defer { deadline.cancel() }
        // Apart, because an initialisation that blocks its thread must not keep the shutdown from coming to its turn.
        container.environment.startApart {
            do {
                try await container.start(order)
                end.fulfil(.started)
            } catch { end.fulfil(.failed(error)) }
        }
        return await withGracefulShutdownHandler {
            await end.wait() ?? .shutDown
        } onGracefulShutdown: {
            end.fulfil(.shutDown)
        }
    }

    private func metadata(_ more: Logger.Metadata) -> Logger.Metadata {
        more.merging(["container": "\(self.container.name)"]) { own, _ in own }
    }
}

/// The eager singletons of a container were not ready in time.
public struct ContainerStartTimedOut: Error, Sendable, CustomStringConvertible {
    /// The container's name.
    public let container: String
    /// How long making them was allowed to take.
    public let budget: Duration
    /// The labels of the instances that were still being made.
    public let initialising: [String]

    init(_ container: Container, budget: Duration) {
        let snapshot = container.snapshot()
        let labels = Dictionary(snapshot.bindings.map { ($0.id, $0.label) }) { first, _ in first }
        self.container = container.name
        self.budget = budget
        self.initialising = snapshot.resources.filter { $0.state == .initialising }.map { "\(labels[$0.binding] ?? "")\($0.id)" }
    }

    public var description: String {
        "container \(self.container) was not started within \(self.budget): "
            + (self.initialising.isEmpty ? "nothing was being made any more" : "\(self.initialising.joined(separator: ", ")) not ready yet")
            + "; make the eager singletons quicker or side by side, or allow ContainerService a longer startBudget"
    }
}
