/// Observes the requests of an ``HTTPClientPool``, for spans and metrics; see ``HTTPConfiguration/observer``.
///
/// One observation is one request that is sent: a redirect, and an attempt of an ``HTTPRetryPolicy``, is another one. A request that gets
/// no connection from the client's pool is not sent; the pool's metrics and events report it. Pings are not observed.
///
/// The functions of an observer run in the task of the request, so that its task-local values, such as the current span, are available.
/// They delay the request and must not block.
public struct HTTPObserver: Sendable {
    /// A request that is sent next.
    public struct Request: Sendable {
        /// The method.
        public let method: HTTPClientPool.Method
        /// The URL without user, password, and fragment; `?…` replaces its query, because queries often carry tokens.
        public let url: String
        /// `http` or `https`.
        public let scheme: String
        /// The host in lower case; an IPv6 address without brackets.
        public let host: String
        /// The port.
        public let port: Int
        /// How many times the client has sent the request before, because of redirects and of its retry policy.
        public let resends: Int
    }

    /// The result of a request that was sent.
    public struct Outcome: Sendable {
        /// The status of the response; nil if none arrived.
        public let status: Int?
        /// The last step that the request reached; nil if it was not sent.
        public let phase: HTTPError.Phase?
        /// The durations of its steps.
        public let durations: Durations
        /// The error that the request throws; nil if it succeeded, with any status. A canceled task has a `CancellationError`.
        public let error: (any Error)?
    }

    /// The durations of the steps of a request. A step that did not happen took no time; one that was repeated counts as a whole.
    public struct Durations: Sendable, Hashable {
        /// The lookup of the host's name; over a connection of an earlier request, the short time until the client's thread continues.
        public internal(set) var resolving = Duration.zero
        /// The time until the connection was established, with TLS and a proxy.
        public internal(set) var connecting = Duration.zero
        /// The time until the body of the request was sent.
        public internal(set) var sending = Duration.zero
        /// The time until the first byte of the response arrived.
        public internal(set) var waiting = Duration.zero
        /// The time until the response was complete, or the application stopped reading it.
        public internal(set) var receiving = Duration.zero
        /// All steps together.
        public internal(set) var total = Duration.zero
    }

    /// The use of one request by an observer.
    public struct Observation: Sendable {
        /// Headers for the request, such as `traceparent`. A header that the request already has is not changed.
        public var headers: [String: String]
        /// Called once, when the request has ended.
        public var finished: @Sendable (Outcome) -> Void

        /// Creates an observation.
        public init(headers: [String: String] = [:], finished: @escaping @Sendable (Outcome) -> Void) {
            self.headers = headers
            self.finished = finished
        }
    }

    let begin: @Sendable (Request) -> Observation

    /// Creates an observer. `begin` is called before each request is sent.
    public init(_ begin: @escaping @Sendable (Request) -> Observation) {
        self.begin = begin
    }

    /// Creates an observer that consists of others, such as one for spans and one for metrics. They are notified of the end in reverse order.
    /// If several add the same header, that of the first one is sent.
    public init(combining observers: [HTTPObserver]) {
        self.begin = { request in
            let observations = observers.map { $0.begin(request) }
            var headers: [String: String] = [:]
            for observation in observations {
                let added = observation.headers.map { ($0.key.lowercased(), $0.value) }
                headers.merge(added) { first, _ in first }
            }
            return Observation(headers: headers) { outcome in
                for observation in observations.reversed() { observation.finished(outcome) }
            }
        }
    }
}

extension HTTPObserver.Durations {
    /// The duration of one step.
    subscript(phase: HTTPError.Phase) -> Duration {
        get {
            switch phase {
            case .resolving: self.resolving
            case .connecting: self.connecting
            case .sending: self.sending
            case .waiting: self.waiting
            default: self.receiving
            }
        }
        set {
            switch phase {
            case .resolving: self.resolving = newValue
            case .connecting: self.connecting = newValue
            case .sending: self.sending = newValue
            case .waiting: self.waiting = newValue
            default: self.receiving = newValue
            }
        }
    }
}
