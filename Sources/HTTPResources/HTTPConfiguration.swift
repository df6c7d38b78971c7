import Foundation
import ResourceContainer

/// The configuration of an ``HTTPClientPool``: its limits, its timeouts, and its default headers. The client validates it on creation.
///
/// There are no cookies, no cache, and no stored credentials: requests do not affect each other.
public struct HTTPConfiguration: Sendable {
    /// The maximum number of requests in progress at a time, to all hosts together; at least 1.
    public var maximumConnections: Int
    /// The maximum number of requests in progress at a time to one origin (scheme, host, and port); at least 1.
    public var maximumPerHost: Int
    /// The timeout of a whole request: waiting for a connection, redirects, and the complete response. Positive. A request can override it.
    public var timeout: Duration
    /// The timeout of resolving the name of the host and connecting to it; positive. It never exceeds the timeout of the request.
    public var connectTimeout: Duration
    /// How long the client waits for the first byte of a response after a request is sent; positive; nil for no limit besides the timeout
    /// of the request.
    public var firstByteTimeout: Duration?
    /// How long a server may neither send nor receive a byte of a body; positive; nil for no limit besides the timeout of the request. Time
    /// in which the client waits for the application does not count.
    public var silenceTimeout: Duration?
    /// How long a request waits for a connection while the limit is reached; positive. A wait never exceeds the timeout of the request.
    public var acquireBudget: Duration
    /// Whether a request waits or fails while the limit is reached.
    public var whenEmpty: PoolConfiguration.EmptyPolicy
    /// The maximum size of a collected response body in bytes, after decompression; not negative. A larger response is canceled. Bodies
    /// that are read in chunks have no maximum size.
    public var maximumBodySize: Int
    /// The number of bytes that the client reads ahead of an application that reads a body in chunks; at least 1. A compressed part of at
    /// most 16 KiB is decompressed as a whole.
    public var streamBufferSize: Int
    /// The maximum number of redirects that one request follows. With 0, the redirect itself is the response.
    public var maximumRedirects: Int
    /// How long the addresses of a host are used before its name is looked up again; not negative; zero for no cache. In whole seconds; a
    /// fraction counts as a second.
    public var dnsCacheTime: Duration
    /// Whether the client offers HTTP/2 to https servers; otherwise it uses HTTP/1.1 only. libcurl must support it.
    public var usesHTTP2: Bool
    /// How connections to https servers are secured.
    public var tls: HTTPTLS
    /// The proxy of the requests.
    public var proxy: HTTPProxy
    /// The headers of every request; a request can override them by name.
    public var headers: [String: String]
    /// The URL that a health check requests; nil for no ping.
    public var pingURL: URL?
    /// The timeout of a ping; positive. Keep it below the timeout of the health check, which is 1 s by default.
    public var pingTimeout: Duration
    /// How long dispose waits for requests in progress before it cancels them; zero to cancel them at once.
    public var drainTimeout: Duration
    /// Observes the requests, for spans and metrics; nil for none.
    public var observer: HTTPObserver?

    /// Creates a configuration. The values are validated when a client is created: see ``HTTPError/Code/invalidConfiguration``.
    public init(
        maximumConnections: Int = 100,
        maximumPerHost: Int = 10,
        timeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(10),
        firstByteTimeout: Duration? = nil,
        silenceTimeout: Duration? = .seconds(60),
        acquireBudget: Duration = .seconds(10),
        whenEmpty: PoolConfiguration.EmptyPolicy = .wait,
        maximumBodySize: Int = 64 * 1024 * 1024,
        streamBufferSize: Int = 256 * 1024,
        maximumRedirects: Int = 10,
        dnsCacheTime: Duration = .seconds(60),
        usesHTTP2: Bool = true,
        tls: HTTPTLS = HTTPTLS(),
        proxy: HTTPProxy = .environment,
        headers: [String: String] = [:],
        pingURL: URL? = nil,
        pingTimeout: Duration = .milliseconds(800),
        drainTimeout: Duration = .seconds(5),
        observer: HTTPObserver? = nil
    ) {
        self.maximumConnections = maximumConnections
        self.maximumPerHost = maximumPerHost
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.firstByteTimeout = firstByteTimeout
        self.silenceTimeout = silenceTimeout
        self.acquireBudget = acquireBudget
        self.whenEmpty = whenEmpty
        self.maximumBodySize = maximumBodySize
        self.streamBufferSize = streamBufferSize
        self.maximumRedirects = maximumRedirects
        self.dnsCacheTime = dnsCacheTime
        self.usesHTTP2 = usesHTTP2
        self.tls = tls
        self.proxy = proxy
        self.headers = headers
        self.pingURL = pingURL
        self.pingTimeout = pingTimeout
        self.drainTimeout = drainTimeout
        self.observer = observer
    }
}

/// Header values do not appear, because they often carry tokens.
extension HTTPConfiguration: CustomStringConvertible, CustomReflectable {
    /// An empty mirror: headers and the ping URL can carry secrets.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }

    /// The limits, the timeout, the header names, and the ping URL without its query. Header values do not appear.
    public var description: String {
        var text = "at most \(self.maximumConnections) connections, \(self.maximumPerHost) per host, timeout \(self.timeout)"
        if !self.headers.isEmpty { text += ", headers \(self.headers.keys.sorted().joined(separator: ", "))" }
        if self.proxy != .environment { text += ", \(self.proxy)" }
        if let pingURL { text += ", ping \(HTTPRequest.label(of: pingURL))" }
        return text
    }
}

extension HTTPConfiguration {
    /// The first invalid setting and the reason; nil if all are valid.
    var fault: String? {
        if self.maximumConnections < 1 { return "maximumConnections is \(self.maximumConnections) and must be at least 1" }
        if self.maximumPerHost < 1 { return "maximumPerHost is \(self.maximumPerHost) and must be at least 1" }
        if self.timeout <= .zero { return "timeout is \(self.timeout) and must be above zero" }
        if self.connectTimeout <= .zero { return "connectTimeout is \(self.connectTimeout) and must be above zero" }
        if let limit = self.firstByteTimeout, limit <= .zero { return "firstByteTimeout is \(limit) and must be above zero" }
        if let limit = self.silenceTimeout, limit <= .zero { return "silenceTimeout is \(limit) and must be above zero" }
        if self.acquireBudget <= .zero { return "acquireBudget is \(self.acquireBudget) and must be above zero" }
        if self.pingTimeout <= .zero { return "pingTimeout is \(self.pingTimeout) and must be above zero" }
        if self.drainTimeout < .zero { return "drainTimeout is \(self.drainTimeout) and must not be negative" }
        if self.maximumBodySize < 0 { return "maximumBodySize is \(self.maximumBodySize) and must not be negative" }
        if self.streamBufferSize < 1 { return "streamBufferSize is \(self.streamBufferSize) and must be at least 1" }
        if self.maximumRedirects < 0 { return "maximumRedirects is \(self.maximumRedirects) and must not be negative" }
        if self.dnsCacheTime < .zero { return "dnsCacheTime is \(self.dnsCacheTime) and must not be negative" }
        if let fault = self.tls.fault { return fault }
        if let fault = self.proxy.fault { return fault }
        if let fault = HTTPRequest.fault(ofHeaders: self.headers) { return "headers: \(fault)" }
        if let pingURL, Origin(pingURL) == nil { return "pingURL is not the URL of an http or https server" }
        return nil
    }

    /// The time limits of the phases of a request.
    var transferLimits: TransferLimits {
        TransferLimits(connect: self.connectTimeout, firstByte: self.firstByteTimeout, silence: self.silenceTimeout)
    }
}
