import Foundation

extension HTTPClientPool {
    /// The response to a request, with any status. Use ``success()`` or ``json(_:decoder:)`` to require a status of 200 to 299.
    public struct Response: Sendable {
        /// The status code, such as 200.
        public let status: Int
        /// The headers by lower-case name. The values of a header that occurs more than once are separated by `, `.
        public let headers: [String: String]
        /// The body, decompressed.
        public let body: Data
        /// The method of the last request; a redirect can change it.
        public let method: Method
        /// The URL of the response: the last one after redirects, without user, password, and fragment.
        public let url: URL

        /// The body as text; bytes that are not UTF-8 are replaced. O(size of the body).
        public var text: String {
            String(decoding: self.body, as: UTF8.self)
        }

        /// Whether the status is 200 to 299.
        public var isSuccess: Bool {
            200...299 ~= self.status
        }

        /// Returns this response if its status is 200 to 299.
        ///
        /// - Throws: ``HTTPError/Code/unexpectedStatus``.
        public func success() throws(HTTPError) -> Response {
            if self.isSuccess { return self }
            throw self.error(.unexpectedStatus, "returned status \(self.status): 200 to 299 is expected")
        }

        /// Decodes the body as `type` if the status is 200 to 299.
        ///
        /// - Parameters:
        ///   - type: The type to decode.
        ///   - decoder: The decoder to use.
        ///
        /// - Throws: ``HTTPError/Code/unexpectedStatus``, ``HTTPError/Code/decoding``.
        public func json<Value: Decodable>(_ type: Value.Type = Value.self, decoder: JSONDecoder = JSONDecoder()) throws(HTTPError) -> Value
        {
            let body = try self.success().body
            do {
                return try decoder.decode(type, from: body)
            } catch {
                throw self.error(
                    .decoding,
                    "returned \(body.count) bytes that are not the JSON of \(type): \(Self.reason(error)); "
                        + "check what the server sends, or decode another type"
                )
            }
        }

        private func error(_ code: HTTPError.Code, _ reason: String) -> HTTPError {
            HTTPError(code, method: self.method.rawValue, url: HTTPRequest.label(of: self.url), status: self.status, reason)
        }

        /// Describes where decoding failed, without the content.
        private static func reason(_ error: any Error) -> String {
            func path(_ path: [any CodingKey]) -> String {
                path.isEmpty ? "its root" : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            }
            return switch error {
            case DecodingError.keyNotFound(let key, let context): "\(path(context.codingPath)) has no \(key.stringValue)"
            case DecodingError.typeMismatch(let type, let context): "\(path(context.codingPath)) is not of type \(type)"
            case DecodingError.valueNotFound(let type, let context): "\(path(context.codingPath)) is null instead of \(type)"
            case DecodingError.dataCorrupted(let context): "\(path(context.codingPath)) cannot be read"
            default: "\(type(of: error))"
            }
        }
    }
}

/// Headers and bodies do not appear, because they can carry secrets.
extension HTTPClientPool.Response: CustomStringConvertible {
    /// The status, the method, the URL without its query, and the size of the body.
    public var description: String {
        "\(self.status) for \(self.method) \(HTTPRequest.label(of: self.url)), \(self.body.count) bytes"
    }
}
