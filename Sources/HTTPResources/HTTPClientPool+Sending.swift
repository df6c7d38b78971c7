import Foundation
import ResourceContainer

/// The deadline of a request, and the timeout that leads to it.
struct RequestTiming: Sendable {
    let limit: Duration
    let deadline: TimeSource.Instant

    init(limit: Duration, at now: TimeSource.Instant) {
        self.limit = limit
        self.deadline = now + limit
    }
}

extension HTTPClientPool {
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
        _ method: Method,
        _ url: URL,
        headers: [String: String] = [:],
        body: Data? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        var sent = 0
        return try await self.collect(method, url, headers, body.map(HTTPUpload.bytes), timeout, fileID, line, &sent)
    }

    /// Sends a request with a body of bytes, a file, or a sequence of chunks, and returns the response, regardless of its status.
    ///
    /// A response can arrive before the body is sent completely; the rest of the body is not read then.
    ///
    /// - Parameters:
    ///   - method: `.put`, `.post`, or any other method.
    ///   - url: The URL of an http or https server. A user and password in it are sent as `Authorization` and appear in no error or sample.
    ///   - headers: The headers of this request; they override those of the configuration.
    ///   - upload: The body; not permitted with `GET` and `HEAD`. The default `Content-Type` is `application/octet-stream`.
    ///   - timeout: The timeout of the whole request, redirects included; nil for the configuration's. Positive.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    /// - Returns: The response, after redirects.
    /// - Throws: ``HTTPError``; the error of the uploaded sequence; `CancellationError` if the task is canceled, in which case the request
    ///   is canceled as well.
    public func request(
        _ method: Method,
        _ url: URL,
        headers: [String: String] = [:],
        upload: HTTPUpload,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        var sent = 0
        return try await self.collect(method, url, headers, upload, timeout, fileID, line, &sent)
    }

    /// Sends a `GET` request and returns the response, regardless of its status; see ``request(_:_:headers:body:timeout:fileID:line:)``.
    public func get(
        _ url: URL,
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        try await self.request(.get, url, headers: headers, timeout: timeout, fileID: fileID, line: line)
    }

    /// Sends a request and its redirects. Adds the number of requests that are sent to `sent`.
    func collect(
        _ method: Method,
        _ url: URL,
        _ headers: [String: String],
        _ body: HTTPUpload?,
        _ timeout: Duration?,
        _ fileID: StaticString,
        _ line: UInt,
        _ sent: inout Int
    ) async throws -> Response {
        let request = try HTTPRequest(method, url, headers: headers, defaults: self.configuration.headers, body: body)
        let timing = try self.timing(of: request, timeout)
        let transport = try self.transport(for: request)
        var redirects = 0
        return try await self.withSlots(of: request, timing, fileID, line) { first in
            var request = first
            while true {
                sent += 1
                let response = try await self.send(request, over: transport, timing, resends: sent - 1)
                guard let next = try self.redirect(after: response.status, response.headers, of: request, &redirects) else {
                    return .done(response)
                }
                if next.origin != first.origin { return .redirected(next) }
                request = next
            }
        }
    }

    /// Sends one request and returns one response, without acquiring a slot.
    ///
    /// - Parameter resends: How many times the request was sent before; nil if it is not observed.
    func send(
        _ request: HTTPRequest,
        over transport: any HTTPSending,
        _ timing: RequestTiming,
        resends: Int?
    ) async throws -> Response {
        let maximum = self.configuration.maximumBodySize
        return try await self.withExchange(request, .collect(maximum: maximum), over: transport, timing, resends: resends) { exchange, _ in
            guard let ending = await exchange.waitForEnding() else { throw CancellationError() }
            guard case .answered(let head, let body) = ending else { throw ending.error(self.terms(of: request)) }
            return Response(status: head.status, headers: head.headers, body: body, method: request.method, url: request.url)
        }
    }
}
