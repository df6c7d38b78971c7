import Foundation
import ResourceContainer

/// How an ``HTTPClientPool`` behaves: its limits, its time-outs and what it sends with every request.
///
/// The page's `ttl_dns_cache` has no counterpart: URLSession resolves names by itself and lets nobody say for how long it remembers them.
/// There are no cookies, no cache and no stored credentials: one request leaves nothing behind for the next.
public struct HTTPConfiguration: Sendable {
    /// The most requests under way at a time, to all hosts together (the page's `limit`); above 0.
    public var maximumConnections: Int
    /// The most requests under way at a time to one origin, which is scheme, host and port (the page's `limit_per_host`); above 0.
    public var maximumPerHost: Int
    /// How long a request may take altogether: waiting for a connection, redirects, and the answer to its last byte; above zero. A request
    /// may say otherwise for itself.
    public var timeout: Duration
    /// How long a request waits for a connection while all that are allowed are in use; above zero. Never longer than the request may take.
    public var acquireBudget: Duration
    /// Whether a request waits when all connections that are allowed are in use, or is refused at once.
    public var whenEmpty: PoolConfiguration.EmptyPolicy
    /// How many bytes the body of an answer may have after decompression; 0 or more. An answer that is larger is broken off.
    public var maximumBodySize: Int
    /// How many redirects one request follows; with 0 the redirect itself is the answer. On Linux a redirect comes without its body.
    public var maximumRedirects: Int
    /// What is sent with every request, unless the request has a header of that name itself.
    public var headers: [String: String]
    /// What a health check asks for; nil to ask nobody.
    public var pingURL: URL?
    /// How long the answer to a ping may take; above zero. Keep it below the deadline of the health check, which by
    /// default is 1 s.
    public var pingTimeout: Duration
    /// How long disposing waits for the requests under way before it breaks them off; zero for not at all.
    public var drainTimeout: Duration

    /// A configuration. What it says is checked when a client is made with it, not here: see ``HTTPError/Code/invalidConfiguration``.
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

/// Headers often carry tokens: their values do not appear.
extension HTTPConfiguration: CustomStringConvertible, CustomReflectable {
    /// Headers, and the URL to ping, may carry secrets.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }

    public var description: String {
        var text = "at most \(self.maximumConnections) connections, \(self.maximumPerHost) per host, time-out \(self.timeout)"
        if !self.headers.isEmpty { text += ", headers \(self.headers.keys.sorted().joined(separator: ", "))" }
        if let pingURL { text += ", ping \(HTTPRequest.label(of: pingURL))" }
        return text
    }
}

extension HTTPConfiguration {
    /// The first setting that cannot work, and why; nil if all can.
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
