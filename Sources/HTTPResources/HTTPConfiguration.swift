import Foundation
import ResourceContainer

/// The configuration of an ``HTTPClientPool``: its limits, its timeouts, and its default headers. The client validates it on creation.
///
/// There are no cookies, no cache, and no stored credentials: requests do not affect each other. The lifetime of resolved host names cannot
/// be configured; URLSession resolves names itself.
public struct HTTPConfiguration: Sendable {
    /// The maximum number of requests in progress at a time, to all hosts together; at least 1.
    public var maximumConnections: Int
    /// The maximum number of requests in progress at a time to one origin (scheme, host, and port); at least 1.
    public var maximumPerHost: Int
    /// The timeout of a whole request: waiting for a connection, redirects, and the complete response. Positive. A request can override it.
    public var timeout: Duration
    /// How long a request waits for a connection while the limit is reached; positive. A wait never exceeds the timeout of the request.
    public var acquireBudget: Duration
    /// Whether a request waits or fails while the limit is reached.
    public var whenEmpty: PoolConfiguration.EmptyPolicy
    /// The maximum size of a response body in bytes, after decompression; not negative. A larger response is canceled.
    public var maximumBodySize: Int
    /// The maximum number of redirects that one request follows. With 0, the redirect itself is the response. On Linux, a redirect has no
    /// body.
    public var maximumRedirects: Int
    /// The headers of every request; a request can override them by name.
    public var headers: [String: String]
    /// The URL that a health check requests; nil for no ping.
    public var pingURL: URL?
    /// The timeout of a ping; positive. Keep it below the timeout of the health check, which is 1 s by default.
    public var pingTimeout: Duration
    /// How long dispose waits for requests in progress before it cancels them; zero to cancel them at once.
    public var drainTimeout: Duration

    /// Creates a configuration. The values are validated when a client is created: see ``HTTPError/Code/invalidConfiguration``.
    public init(
        maximumConnections: Int = 100,
        maximumPerHost: Int = 10,
        timeout: Duration = .seconds(30),
        acquireBudget: Duration = .seconds(10),
        whenEmpty: PoolConfiguration.EmptyPolicy = .wait,
        maximumBodySize: Int = 64 * 1024 * 1024,
        maximumRedirects: Int = 10,
        headers: [String: String] = [:],
        pingURL: URL? = nil,
        pingTimeout: Duration = .milliseconds(800),
        drainTimeout: Duration = .seconds(5)
    ) {
        self.maximumConnections = maximumConnections
        self.maximumPerHost = maximumPerHost
        self.timeout = timeout
        self.acquireBudget = acquireBudget
        self.whenEmpty = whenEmpty
        self.maximumBodySize = maximumBodySize
        self.maximumRedirects = maximumRedirects
        self.headers = headers
        self.pingURL = pingURL
        self.pingTimeout = pingTimeout
        self.drainTimeout = drainTimeout
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
        if self.acquireBudget <= .zero { return "acquireBudget is \(self.acquireBudget) and must be above zero" }
        if self.pingTimeout <= .zero { return "pingTimeout is \(self.pingTimeout) and must be above zero" }
        if self.drainTimeout < .zero { return "drainTimeout is \(self.drainTimeout) and must not be negative" }
        if self.maximumBodySize < 0 { return "maximumBodySize is \(self.maximumBodySize) and must not be negative" }
        if self.maximumRedirects < 0 { return "maximumRedirects is \(self.maximumRedirects) and must not be negative" }
        if let fault = HTTPRequest.fault(ofHeaders: self.headers) { return "headers: \(fault)" }
        if let pingURL, Origin(pingURL) == nil { return "pingURL is not the URL of an http or https server" }
        return nil
    }
}
