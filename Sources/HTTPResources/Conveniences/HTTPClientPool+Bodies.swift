import Foundation
import ResourceContainer

/// Requests with bodies of bytes, JSON, and forms.
///
/// Only `put` has a retry policy: `POST` and `PATCH` are not idempotent.
extension HTTPClientPool {
    /// Sends a `POST` request with a body of bytes, and returns the response, regardless of its status; see
    /// ``request(_:_:query:headers:body:retry:timeout:fileID:line:)``.
    public func post(
        _ address: some HTTPAddress,
        body: Data = Data(),
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        try await self.request(
            .post,
            address,
            query: query,
            headers: headers,
            body: body,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }

    /// Sends a `POST` request with a value as JSON, and returns the response, regardless of its status.
    ///
    /// - Parameters:
    ///   - address: The URL of an http or https server, or its text.
    ///   - value: The value to encode. The default `Content-Type` is `application/json`.
    ///   - encoder: The encoder to use.
    ///   - query: Parameters that are appended to the query of the URL.
    ///   - headers: The headers of this request; they override those of the configuration.
    ///   - timeout: The timeout of the whole request; nil for the configuration's. Positive.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    /// - Returns: The response, after redirects.
    /// - Throws: ``HTTPError``, with ``HTTPError/Code/invalidRequest`` if the value cannot be encoded; `CancellationError`.
    public func post(
        _ address: some HTTPAddress,
        json value: some Encodable,
        encoder: JSONEncoder = JSONEncoder(),
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        let payload = try HTTPPayload(json: value, encoder)
        return try await self.request(
            .post,
            address,
            query: query,
            headers: payload.headers(headers),
            body: payload.data,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }

    /// Sends a `POST` request with a form, and returns the response, regardless of its status.
    ///
    /// - Parameters:
    ///   - address: The URL of an http or https server, or its text.
    ///   - form: The fields. The default `Content-Type` is `application/x-www-form-urlencoded`.
    ///   - query: Parameters that are appended to the query of the URL.
    ///   - headers: The headers of this request; they override those of the configuration.
    ///   - timeout: The timeout of the whole request; nil for the configuration's. Positive.
    ///   - fileID: The caller's source file, for samples and events.
    ///   - line: The caller's source line.
    /// - Returns: The response, after redirects.
    /// - Throws: ``HTTPError``; `CancellationError`.
    public func post(
        _ address: some HTTPAddress,
        form: HTTPParameters,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        let payload = HTTPPayload(form: form)
        return try await self.request(
            .post,
            address,
            query: query,
            headers: payload.headers(headers),
            body: payload.data,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }

    /// Sends a `PUT` request with a body of bytes, and returns the response, regardless of its status; see
    /// ``request(_:_:query:headers:body:retry:timeout:fileID:line:)``.
    public func put(
        _ address: some HTTPAddress,
        body: Data,
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        retry: HTTPRetryPolicy? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        try await self.request(
            .put,
            address,
            query: query,
            headers: headers,
            body: body,
            retry: retry,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }

    /// Sends a `PUT` request with a value as JSON, and returns the response, regardless of its status; see
    /// ``post(_:json:encoder:query:headers:timeout:fileID:line:)``. It can be repeated, because `PUT` is idempotent.
    public func put(
        _ address: some HTTPAddress,
        json value: some Encodable,
        encoder: JSONEncoder = JSONEncoder(),
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        retry: HTTPRetryPolicy? = nil,
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        let payload = try HTTPPayload(json: value, encoder)
        return try await self.request(
            .put,
            address,
            query: query,
            headers: payload.headers(headers),
            body: payload.data,
            retry: retry,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }

    /// Sends a `PATCH` request with a value as JSON, and returns the response, regardless of its status; see
    /// ``post(_:json:encoder:query:headers:timeout:fileID:line:)``.
    public func patch(
        _ address: some HTTPAddress,
        json value: some Encodable,
        encoder: JSONEncoder = JSONEncoder(),
        query: HTTPParameters = [:],
        headers: [String: String] = [:],
        timeout: Duration? = nil,
        fileID: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Response {
        let payload = try HTTPPayload(json: value, encoder)
        return try await self.request(
            .patch,
            address,
            query: query,
            headers: payload.headers(headers),
            body: payload.data,
            timeout: timeout,
            fileID: fileID,
            line: line
        )
    }
}
