import Foundation
import ResourceContainer

extension HTTPClientPool {
    /// Sends a request and runs `body` with the response, regardless of its status. The body of the response is read in chunks, in bounded
    /// memory.
    ///
    /// The request keeps its connection until `body` returns. If the body of the response is not read to its end by then, the connection is
    /// closed.
    ///
    /// - Parameters:
    ///   - method: `.get`, `.post`, or any other method.
    ///   - url: The URL of an http or https server. A user and password in it are sent as `Authorization` and appear in no error or sample.
    ///   - headers: The headers of this request; they override those of the configuration.
    ///   - upload: The body of the request; not permitted with `GET` and `HEAD`. The default `Content-Type` is `application/octet-stream`.
    ///   - timeout: The timeout of the whole request, redirects and the body of the response included. Positive; nil for the
    ///     configuration's until the head of the response has arrived, and then only its `silenceTimeout`.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    ///   - body: Receives the response, after redirects.
    /// - Returns: The result of `body`.
    /// - Throws: ``HTTPError``; the error of the uploaded sequence; the errors of `body`; `CancellationError` if the task is canceled, in
    ///   which case the request is canceled as well.
    public func withResponse<Result>(
        _ method: Method,
        _ url: URL,
        headers: [String: String] = [:],
        upload: HTTPUpload? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (StreamedResponse) async throws -> Result
    ) async throws -> Result {
        let request = try HTTPRequest(method, url, headers: headers, defaults: self.configuration.headers, body: upload)
        let timing = try self.timing(of: request, timeout)
        let transport = try self.transport(for: request)
        var redirects = 0
        return try await self.withSlots(of: request, timing, fileID, line) { first in
            var request = first
            while true {
                let step = try await self.open(request, over: transport, timing, &redirects) { response, watch in
                    if timeout == nil { watch.dropDeadline() }
                    return try await body(response)
                }
                guard case .redirected(let next) = step, next.origin == first.origin else { return step }
                request = next
            }
        }
    }

    /// Sends one request, and runs `body` with its response unless it is a redirect to follow.
    private func open<Result>(
        _ request: HTTPRequest,
        over transport: any HTTPSending,
        _ timing: RequestTiming,
        _ redirects: inout Int,
        _ body: nonisolated(nonsending) (StreamedResponse, ExchangeWatch) async throws -> Result
    ) async throws -> RequestStep<Result> {
        let terms = self.terms(of: request)
        let delivery = ExchangeOptions.Delivery.stream(ahead: self.configuration.streamBufferSize)
        return try await self.withExchange(request, delivery, over: transport, timing, resends: redirects) {
            exchange,
            watch -> RequestStep<Result> in
            if await exchange.headArrival?.wait() == nil { throw CancellationError() }
            guard let head = exchange.head else { throw (exchange.ending ?? .closed).error(terms) }
            if let next = try self.redirect(after: head.status, head.headers, of: request, &redirects) {
                try await self.drain(exchange)
                return .redirected(next)
            }
            let response = StreamedResponse(
                status: head.status,
                headers: head.headers,
                announcedSize: head.announcedSize,
                method: request.method,
                url: request.url,
                body: HTTPBodyStream(exchange: exchange, terms: terms)
            )
            return try await withTaskCancellationHandler {
                RequestStep.done(try await body(response, watch))
            } onCancel: {
                transport.end(exchange, .closed)
            }
        }
    }

    /// Reads the body of a redirect, so that the connection can be used again; a long one is not worth that.
    private func drain(_ exchange: Exchange) async throws(CancellationError) {
        var left = 65_536
        while left > 0, let chunk = try await exchange.nextChunk() { left -= chunk.count }
    }
}
