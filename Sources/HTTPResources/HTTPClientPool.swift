import Foundation
import ResourceContainer

/// An HTTP client with a limited number of connections in total and per origin. Requests beyond the limits wait in a fair queue, with a
/// budget, and can be canceled.
///
/// URLSession sends the requests. It has no total limit and does not expose its queues, so a `KeyedResourcePool` enforces the limits: its
/// keys are origins (scheme, host, and port), and each of its items stands for one request in progress. The metrics, holders with source
/// location and scope, and events are those of this pool. They count requests in progress: URLSession keeps idle connections for later
/// requests, and over HTTP/2 several requests share one connection.
///
/// The client follows redirects. A redirect to another origin waits for a connection there and drops the headers that may be meant for the
/// first origin only, such as `Authorization`. A redirect from https to http is not followed.
///
/// > Important: On Linux, Foundation terminates the process on some responses. Known cases in Swift 6.3 are a connection that closes in the
/// middle of the response head, and a redirect without a scheme to a host that is an IPv6 address or has escaped delimiters, such as
/// `//[::1]/`. Foundation also serves all sessions of the process one after the other, so a server that sends without pause delays other
/// requests until its body is complete or canceled. Foundation refuses IPv6 addresses in URLs.
public final class HTTPClientPool: Resource, SampledPool, ScopeWatching, ExpeditedResource {
    /// The permission for one request in progress. It carries no data: URLSession owns the connection.
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
    let time: TimeSource
    private let makeSession: @Sendable () -> any HTTPSending
    private let phase = Lock(Phase.new)

    /// Creates a client, which can be used after ``initialize()``.
    ///
    /// - Parameters:
    ///   - name: The name of its pool in errors and samples.
    ///   - configuration: The limits and timeouts.
    ///   - environment: The source of time and tasks.
    ///   - stub: A stub that answers in place of servers; nil for URLSession. Everything else stays the same: limits, queue, timeouts,
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
        self.time = environment.time
        let perHost = min(configuration.maximumPerHost, configuration.maximumConnections, Int(Int32.max) - 1)
        // One more than can be leased, so that a ping never waits.
        self.makeSession = {
            if let stub { return StubTransport(stub, environment) }
            return HTTPSession(connectionsPerHost: perHost + 1)
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
                    // Every request ends by its timeout.
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

    // MARK: Lifecycle

    /// Whether the client is neither initialized nor disposed.
    var isNew: Bool {
        self.phase.withLock { if case .new = $0 { true } else { false } }
    }

    /// Creates the URLSession. Requests open connections on demand.
    ///
    /// - Throws: ``HTTPError/Code/closed`` if the client is disposed.
    public func initialize() async throws {
        let session = self.makeSession()
        let isTaken = self.phase.withLock { phase -> Bool? in
            switch phase {
            case .new:
                phase = .open(session)
                return true
            case .open: return false
            case .closing, .closed: return nil
            }
        }
        if isTaken == true { return }
        _ = session.close()
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
        let session = self.phase.withLock { phase -> (any HTTPSending)? in
            switch phase {
            case .new, .closed:
                phase = .closed
                return nil
            case .open(let session), .closing(let session):
                phase = .closing(session)
                return session
            }
        }
        var failure: (any Error)?
        do { try await self.slots.dispose() } catch { failure = error }
        if let session {
            let closed = session.close()
            // A safety net: canceled tasks normally end at once.
            let deadline = self.time.schedule(at: self.time.now + .seconds(3)) { closed.fulfill(()) }
            await closed.waitThroughCancellation()
            deadline.cancel()
        }
        if let failure { throw failure }
    }

    func session(for request: HTTPRequest) throws(HTTPError) -> any HTTPSending {
        switch self.phase.withLock({ $0 }) {
        case .open(let session): return session
        case .new: throw .notInitialized(request)
        case .closing, .closed: throw .closed(request)
        }
    }

    // MARK: Requests

    /// Sends a request and returns the response, regardless of its status.
    ///
    /// Requests acquire connections in first-in, first-out order; a request whose origin is at its limit does not delay requests to other
    /// origins.
    ///
    /// - Parameters:
    ///   - method: `.get`, `.post`, or any other method.
    ///   - url: The URL of an http or https server. A user and password in it are sent as `Authorization` and appear in no error or sample.
    ///   - headers: The headers of this request; they override those of the configuration.
    ///   - body: The body; not permitted with `GET` and `HEAD`. The default `Content-Type` is `application/octet-stream`.
    ///   - timeout: The timeout of the whole request, redirects included; nil for the configuration's. Positive.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    /// - Returns: The response, after redirects.
    /// - Throws: ``HTTPError``; `CancellationError` if the task is canceled, in which case the request is canceled as well.
    public func request(
        _ method: HTTPMethod,
        _ url: URL,
        headers: [String: String] = [:],
        body: Data? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> HTTPResponse {
        var request = try HTTPRequest(method, url, headers: headers, defaults: self.configuration.headers, body: body)
        let limit = timeout ?? self.configuration.timeout
        if limit <= .zero { throw HTTPError(.invalidRequest, request, "timeout is \(limit) and must be above zero") }
        let session = try self.session(for: request)
        let deadline = self.time.now + limit
        var redirects = 0
        while true {
            let left = deadline - self.time.now
            if left <= .zero { throw HTTPError.timedOut(request, after: limit) }
            let current = request
            do {
                let (response, next) = try await self.slots.withLease(
                    current.origin,
                    budget: min(left, self.configuration.acquireBudget),
                    fileID: fileID,
                    line: line
                ) { _ in try await self.follow(current, &redirects, over: session, deadline: deadline, limit: limit) }
                guard let next else { return response }
                request = next
            } catch let error as PoolError {
                if error.code == .timedOut, left <= self.configuration.acquireBudget {
                    throw HTTPError.timedOut(current, after: limit, pool: error)
                }
                throw HTTPError.noConnection(current, error, self.configuration)
            }
        }
    }

    /// Sends a `GET` request and returns the response, regardless of its status; see ``request(_:_:headers:body:timeout:fileID:line:)``.
    public func get(
        _ url: URL,
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> HTTPResponse {
        try await self.request(.get, url, headers: headers, timeout: timeout, fileID: fileID, line: line)
    }

    /// Sends a request and follows its redirects within the same origin.
    ///
    /// - Returns: The last response, and the request to another origin that follows it, if any.
    private func follow(
        _ first: HTTPRequest,
        _ redirects: inout Int,
        over session: any HTTPSending,
        deadline: TimeSource.Instant,
        limit: Duration
    ) async throws -> (response: HTTPResponse, next: HTTPRequest?) {
        var request = first
        while true {
            let response = try await self.send(request, over: session, deadline: deadline, limit: limit)
            let next = request.redirected(status: response.status, location: response.headers["location"])
            guard self.configuration.maximumRedirects > 0, let next else { return (response, nil) }
            redirects += 1
            if redirects > self.configuration.maximumRedirects {
                throw HTTPError.tooManyRedirects(next, limit: self.configuration.maximumRedirects)
            }
            if next.origin != first.origin { return (response, next) }
            request = next
        }
    }

    /// Sends one request and returns one response, without acquiring a slot.
    func send(
        _ request: HTTPRequest,
        over session: any HTTPSending,
        deadline: TimeSource.Instant,
        limit: Duration
    ) async throws -> HTTPResponse {
        let exchange = session.start(request, timeout: limit, maximumBodySize: self.configuration.maximumBodySize)
        let alarm = self.time.schedule(at: deadline) { session.end(exchange, .timedOut) }
        defer { alarm.cancel() }
        guard let ending = await exchange.ending.wait() else {
            session.end(exchange, .closed)
            throw CancellationError()
        }
        switch ending {
        case .answered(let head, let body):
            return HTTPResponse(status: head.status, headers: head.headers, body: body, method: request.method, url: request.url)
        case .failed(let error, let hasAnswer): throw HTTPError(request, error, hasAnswer: hasAnswer)
        case .tooLarge: throw HTTPError.tooLarge(request, limit: self.configuration.maximumBodySize)
        case .timedOut: throw HTTPError.timedOut(request, after: limit)
        case .closed: throw HTTPError.closed(request)
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

    /// Reports requests as lost that a closed scope left in progress.
    public func scopeClosed(_ scope: ScopeID) {
        self.slots.scopeClosed(scope)
    }

    /// Expedites a running ``dispose()``: requests in progress are no longer waited for.
    public func expedite() {
        self.slots.expedite()
    }
}
