import Foundation
import ResourceContainer

/// Requests to a `URL` or a text, with query parameters and a retry policy.
extension HTTPClientPool {
    /// Sends a request to a URL or a text such as `"https://example.com/items"`, and returns the response, regardless of its status.
    ///
    /// - Parameters:
    ///   - method: `.get`, `.post`, or any other method.
    ///   - address: The URL of an http or https server, or its text.
    ///   - query: Parameters that are appended to the query of the URL.
    ///   - headers: The headers of this request; they override those of the configuration.
    ///   - body: The body; not permitted with `GET` and `HEAD`. The default `Content-Type` is `application/octet-stream`.
    ///   - retry: When the request is repeated; nil for never. A request that is not idempotent is never repeated.
    ///   - timeout: The timeout of each attempt, redirects included; nil for the configuration's. Positive.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    /// - Returns: The last response, after redirects.
    /// - Throws: ``HTTPError``, that of the last attempt; `CancellationError` if the task is canceled.
    @_disfavoredOverload
    public func request(
        _ method: Method,
        _ address: some HTTPAddress,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        body: Data? = nil,
        retry: HTTPRetryPolicy? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        let url = try address.url(adding: query)
        guard let retry else {
            return try await self.request(method, url, headers: headers, body: body, timeout: timeout, fileID: fileID, line: line)
        }
        if let fault = retry.fault {
            throw HTTPError(.invalidRequest, method: nil, url: HTTPRequest.label(of: url), "the retry policy is not valid: \(fault)")
        }
        let began = self.time.now
        var random = self.random
        let upload = body.map(HTTPUpload.bytes)
        var attempt = 1
        var sent = 0
        while true {
            let left = retry.budget - (self.time.now - began)
            let result: Result<Response, HTTPError>
            let outcome: HTTPRetryPolicy.Outcome
            do {
                let limit = min(timeout ?? self.configuration.timeout, left)
                let response = try await self.collect(method, url, headers, upload, limit, fileID, line, &sent)
                let retryAfter = HTTPRetryPolicy.retryAfter(response.headers, now: Int64(Date().timeIntervalSince1970))
                (result, outcome) = (.success(response), .answered(status: response.status, retryAfter: retryAfter))
            } catch let error as HTTPError {
                (result, outcome) = (.failure(error), .failed(error.code))
            }
            let elapsed = self.time.now - began
            let pause = retry.pause(repeating: method, after: outcome, attempt: attempt, elapsed: elapsed, random: &random)
            guard let pause else { return try result.get() }
            // No connection is acquired during the pause.
            try await self.time.sleep(for: pause)
            // The task can resume later than at the end of the pause.
            guard self.time.now - began < retry.budget else { return try result.get() }
            attempt += 1
        }
    }

    /// Sends a `GET` request and returns the response, regardless of its status; see
    /// ``request(_:_:query:headers:body:retry:timeout:fileID:line:)``.
    @_disfavoredOverload
    public func get(
        _ address: some HTTPAddress,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        retry: HTTPRetryPolicy? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        try await self.request(
            .get,
            address,
            query: query,
            headers: headers,
            retry: retry,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }

    /// Sends a `DELETE` request and returns the response, regardless of its status; see
    /// ``request(_:_:query:headers:body:retry:timeout:fileID:line:)``.
    public func delete(
        _ address: some HTTPAddress,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        retry: HTTPRetryPolicy? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        try await self.request(
            .delete,
            address,
            query: query,
            headers: headers,
            retry: retry,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }

    /// Sends a request and runs `body` with the response, whose body is read in chunks; see
    /// ``withResponse(_:_:headers:upload:timeout:fileID:line:_:)``.
    @_disfavoredOverload
    public func withResponse<Result>(
        _ method: Method,
        _ address: some HTTPAddress,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        upload: HTTPUpload? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line,
        _ body: nonisolated(nonsending) (StreamedResponse) async throws -> Result
    ) async throws -> Result {
        let url = try address.url(adding: query)
        return try await self.withResponse(
            method,
            url,
            headers: headers,
            upload: upload,
            timeout: timeout,
            fileID: fileID,
            line: line,
            body
        )
    }
}
