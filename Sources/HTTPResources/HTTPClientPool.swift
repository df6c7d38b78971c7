import Foundation
import ResourceContainer

/// An HTTP client with a limited number of connections in total and per origin. Requests beyond the limits wait in a fair queue, with a
/// budget, and can be canceled.
///
/// libcurl sends the requests, on one thread of the client, over HTTP/1.1 or HTTP/2. A `KeyedResourcePool` enforces the limits: its keys
/// are origins (scheme, host, and port), and each of its items stands for one request in progress. The metrics, holders with source
/// location and scope, and events are those of this pool. They count requests in progress: ``connectionSample()`` counts connections, which
/// the client keeps open for later requests.
///
/// The client follows redirects. A redirect to another origin waits for a connection there and drops the headers that may be meant for the
/// first origin only, such as `Authorization`. A redirect from https to http is not followed.
///
/// Bodies are decompressed, unless the request has the header `Accept-Encoding`. A request that is not idempotent, such as `POST`, is sent
/// at most once, even if its connection turns out to be closed.
public final class HTTPClientPool: Resource, SampledPool, ScopeWatching, ExpeditedResource {
    /// The permission for one request in progress. It carries no data: the transport owns the connection.
    struct Slot: Sendable {}

    private enum Phase: Sendable {
        case new
        case open(any HTTPSending)
        case closing(any HTTPSending)
        /// Disposed before it was initialized.
        case closed
    }

    /// The configuration of the client.
    public let configuration: HTTPConfiguration
    let slots: KeyedResourcePool<Origin, Slot>
    let environment: ResourceEnvironment
    private let makeTransport: @Sendable () -> any HTTPSending
    private let phase = Lock(Phase.new)

    /// Creates a client, which can be used after ``initialize()``.
    ///
    /// - Parameters:
    ///   - name: The name of its pool in errors and samples.
    ///   - configuration: The limits and timeouts.
    ///   - environment: The source of time and tasks.
    ///   - stub: A stub that answers in place of servers; nil for the network. Everything else stays the same: limits, queue, timeouts,
    ///     redirects, and metrics.
    /// - Throws: ``HTTPError/Code/invalidConfiguration``, with the invalid setting.
    public init(
        name: String = "HTTP",
        configuration: HTTPConfiguration = HTTPConfiguration(),
        environment: ResourceEnvironment = .system,
        stub: HTTPStub? = nil
    ) throws(HTTPError) {
        func refuse(_ fault: String) -> HTTPError {
            HTTPError(.invalidConfiguration, method: nil, url: nil, "client \(name) cannot be created: \(fault)")
        }
        if let fault = configuration.fault { throw refuse(fault) }
        self.configuration = configuration
        self.environment = environment
        self.makeTransport = {
            if let stub { return StubTransport(stub, environment) }
            return CurlTransport(CurlSettings(configuration), environment.time)
        }
        do {
            self.slots = try KeyedResourcePool(
                name: name,
                configuration: PoolConfiguration(
                    maximum: configuration.maximumConnections,
                    acquireBudget: configuration.acquireBudget,
                    whenEmpty: configuration.whenEmpty,
                    // A request releases its slot before it acquires another.
                    reentrancy: .allow,
                    creationConcurrency: configuration.maximumConnections,
                    idleTimeout: .seconds(60),
                    // Every request has time limits.
                    leakThreshold: nil,
                    drainTimeout: configuration.drainTimeout
                ),
                maximumPerKey: configuration.maximumPerHost,
                environment: environment,
                make: { _ in Slot() }
            )
        } catch {
            throw refuse(error.description)
        }
    }

    /// The name of its pool.
    public var name: String {
        self.slots.name
    }

    var time: TimeSource {
        self.environment.time
    }

    var random: RandomSource {
        self.environment.random
    }

    // MARK: Lifecycle

    /// Whether the client is neither initialized nor disposed.
    var isNew: Bool {
        self.phase.withLock { if case .new = $0 { true } else { false } }
    }

    /// Starts the client's thread. Requests open connections on demand.
    ///
    /// - Throws: ``HTTPError/Code/closed`` if the client is disposed.
    public func initialize() async throws {
        let transport = self.makeTransport()
        let isTaken = self.phase.withLock { phase -> Bool? in
            switch phase {
            case .new:
                phase = .open(transport)
                return true
            case .open: return false
            case .closing, .closed: return nil
            }
        }
        if isTaken == true { return }
        _ = transport.close()
        if isTaken == nil {
            throw HTTPError(
                .closed,
                method: nil,
                url: nil,
                "client \(self.name) is disposed and cannot be initialized again: create another one"
            )
        }
    }

    /// Refuses new and waiting requests, waits for requests in progress until the configuration's `drainTimeout`, cancels the remaining
    /// ones, and closes all connections.
    ///
    /// - Throws: `PoolError.Code.notCleanlyClosed` with the source locations of the canceled requests; the client is disposed nevertheless.
    public func dispose() async throws {
        let transport = self.phase.withLock { phase -> (any HTTPSending)? in
            switch phase {
            case .new, .closed:
                phase = .closed
                return nil
            case .open(let transport), .closing(let transport):
                phase = .closing(transport)
                return transport
            }
        }
        var failure: (any Error)?
        do { try await self.slots.dispose() } catch { failure = error }
        if let transport {
            let closed = transport.close()
            // A safety net: the thread ends all transfers at once.
            let deadline = self.time.schedule(at: self.time.now + .seconds(3)) { closed.fulfill(()) }
            await closed.waitThroughCancellation()
            deadline.cancel()
        }
        if let failure { throw failure }
    }

    func transport(for request: HTTPRequest) throws(HTTPError) -> any HTTPSending {
        switch self.phase.withLock({ $0 }) {
        case .open(let transport): return transport
        case .new: throw .notInitialized(request)
        case .closing, .closed: throw .closed(request)
        }
    }

    // MARK: Pool

    /// Receives the context of the container's resource; the container calls this before ``initialize()``.
    public func attach(_ context: ResourceContext) {
        self.slots.attach(context)
    }

    /// Returns a sample over all origins: leased items are requests in progress, and waiters are requests without a connection.
    public func poolSample() -> PoolSample {
        self.slots.poolSample()
    }

    /// Returns the metrics over all origins. O(1).
    public func metrics() -> PoolMetrics {
        self.slots.metrics()
    }

    /// Returns the connections at present; none before ``initialize()`` and with a stub.
    public func connectionSample() -> HTTPConnectionSample {
        switch self.phase.withLock({ $0 }) {
        case .open(let transport), .closing(let transport): transport.connections
        case .new, .closed: HTTPConnectionSample()
        }
    }

    /// Reports requests as lost that a closed scope left in progress.
    public func scopeClosed(_ scope: ScopeID) {
        self.slots.scopeClosed(scope)
    }

    /// Expedites a running ``dispose()``: requests in progress are no longer waited for.
    public func expedite() {
        self.slots.expedite()
    }
}
