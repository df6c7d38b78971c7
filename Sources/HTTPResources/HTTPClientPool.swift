import Foundation
import ResourceContainer

/// An HTTP client that shares a limited number of connections between those who ask (the specification's `HTTPClientPool`).
///
/// URLSession does the work. It has no limit over all hosts, and nobody sees who waits in its queues, so the limits are kept by a
/// `KeyedResourcePool` whose keys are origins - scheme, host and port - and whose items stand for one request under way each. Figures,
/// holders with their place and scope, and events are that pool's. What is counted are requests under way: URLSession keeps idle
/// connections for the next request, and over HTTP/2 several requests share one.
///
/// Redirects are followed by the client; one to another origin waits for a connection there, and gets none of the
/// headers that may be meant for the first one only, such as `Authorization`, and nothing leads from https to http.
///
/// > Important: On Linux Foundation itself ends the process on a few answers before anybody else sees them. Known of Swift 6.3 are a
/// > connection that closes in the middle of the head of an answer, and a redirect without a scheme to a host that is an IPv6 address or
/// > has escaped delimiters, such as `//[::1]/`. It also serves all sessions of the process one after the other, so a server
/// > that sends without a pause holds up the others' requests until its body is complete or broken off. IPv6 addresses in URLs it refuses.
public final class HTTPClientPool: Resource, SampledPool, ScopeWatching, HurriedResource {
    /// Leave to have a request under way. There is nothing to make and nothing to close: the connection itself is URLSession's.
    struct Slot: Sendable {}

    private enum Phase: Sendable {
        case new
        case open(any HTTPSending)
        case closing(any HTTPSending)
        /// Disposed before it was initialised.
        case closed
    }

    /// What it was made with.
    public let configuration: HTTPConfiguration
    let slots: KeyedResourcePool<Origin, Slot>
    let time: TimeSource
    private let makeSession: @Sendable () -> any HTTPSending
    private let phase = Lock(Phase.new)

    /// A client that can be used once it is initialised.
    ///
    /// - Parameters:
    ///   - name: what its pool is called in errors and in figures.
    ///   - configuration: its limits and time-outs.
    ///   - environment: where its time and its tasks come from.
    ///   - standIn: what answers in place of servers; nil for URLSession. Everything else is the same: limits, queue, time-outs, redirects,
    ///     figures.
    /// - Throws: ``HTTPError/Code/invalidConfiguration``, with the setting at fault.
    public init(
        name: String = "HTTP",
        configuration: HTTPConfiguration = HTTPConfiguration(),
        environment: ResourceEnvironment = .system,
        standIn: HTTPStandIn? = nil
    ) throws(HTTPError) {
        func refuse(_ fault: String) -> HTTPError {
            HTTPError(.invalidConfiguration, method: nil, url: nil, "client \(name) cannot be made: \(fault)")
        }
        if let fault = configuration.fault { throw refuse(fault) }
        self.configuration = configuration
        self.time = environment.time
        let perHost = min(configuration.maximumPerHost, configuration.maximumConnections, Int(Int32.max) - 1)
        // One more than may be lent, so that a ping need not wait for anybody.
        self.makeSession = {
            if let standIn { return StandInSession(standIn, environment) }
            return HTTPSession(connectionsPerHost: perHost + 1)
        }
        do {
            self.slots = try KeyedResourcePool(
                name: name,
                configuration: PoolConfiguration(
                    maximum: configuration.maximumConnections,
                    acquireBudget: configuration.acquireBudget,
                    whenEmpty: configuration.whenEmpty,
                    // A request gives back what it holds before it asks for more.
                    reentrancy: .allow,
                    creationConcurrency: configuration.maximumConnections,
                    idleTimeout: .seconds(60),
                    // The time-out ends every request.
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

    /// Its pool's name.
    public var name: String {
        self.slots.name
    }

    // MARK: Lifecycle

    /// Whether it was neither initialised nor disposed yet.
    var isNew: Bool {
        self.phase.withLock { if case .new = $0 { true } else { false } }
    }

    /// Makes the URLSession. Connections are made by the requests that need them.
    ///
    /// - Throws: ``HTTPError/Code/closed`` if it was disposed before.
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
                "client \(self.name) is disposed and cannot be initialised again: make another one"
            )
        }
    }

    /// Refuses new requests and those that wait for a connection, waits for those under way until the configuration's `drainTimeout`, breaks
    /// off what is left, and closes all connections.
    ///
    /// - Throws: `PoolError.Code.notCleanlyClosed` with the places of the requests that were broken off; the client is disposed all the same.
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
            // A net: cancelled tasks end at once.
            let deadline = self.time.schedule(at: self.time.now + .seconds(3)) { closed.fulfil(()) }
            await closed.waitThroughCancellation()
            deadline.cancel()
        }
        if let failure { throw failure }
    }

    func session(for request: HTTPRequest) throws(HTTPError) -> any HTTPSending {
        switch self.phase.withLock({ $0 }) {
        case .open(let session): return session
        case .new: throw .notInitialised(request)
        case .closing, .closed: throw .closed(request)
        }
    }

    // MARK: Requests

    /// Sends a request and returns its answer, whatever the status.
    ///
    /// Waits for a connection in the order in which requests came, as far as the limits let somebody be served.
    ///
    /// - Parameters:
    ///   - method: `.get`, `.post`, or any other.
    ///   - url: of an http or https server. A user and a password in it are sent as `Authorization`, and shown nowhere.
    ///   - headers: headers of this request, which go before those of the configuration.
    ///   - body: what is sent; not with `GET` and `HEAD`. Without a header `Content-Type` it is `application/octet-stream`.
    ///   - timeout: how long the request may take altogether; nil is the configuration's. Above zero.
    ///   - fileID: the caller's file, which figures and events name.
    ///   - line: the caller's line.
    /// - Throws: ``HTTPError``; `CancellationError` if the task is cancelled, and then the request is broken off.
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

    /// Sends a `GET` and returns its answer, whatever the status; see ``request(_:_:headers:body:timeout:fileID:line:)``.
    public func get(
        _ url: URL,
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> HTTPResponse {
        try await self.request(.get, url, headers: headers, timeout: timeout, fileID: fileID, line: line)
    }

    /// Sends a request and those that it is redirected to, as long as they go to the same origin.
    ///
    /// - Returns: the last answer, and the request to another origin that should follow it.
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

    /// One request and one answer, without a connection of the pool's.
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

    // MARK: The pool

    public func attach(_ context: ResourceContext) {
        self.slots.attach(context)
    }

    /// The figures of all origins together: leased are requests under way, waiting are those that have no connection yet.
    public func poolSample() -> PoolSample {
        self.slots.poolSample()
    }

    /// The figures of all origins together under the specification's names. O(1).
    public func metrics() -> PoolMetrics {
        self.slots.metrics()
    }

    public func scopeClosed(_ scope: ScopeID) {
        self.slots.scopeClosed(scope)
    }

    public func hurry() {
        self.slots.hurry()
    }
}
