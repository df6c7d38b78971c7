import Foundation

/// The answer to a request, whatever its status.
public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    public let status: Int
    /// The headers by name in lower case.
    public let headers: [String: String]
    /// The body, decompressed.
    public let body: Data
    /// The method of the request that was answered; after a redirect that may be another one than was asked for.
    public let method: HTTPMethod
    /// Where the answer came from: the last URL if there were redirects, without user, password and fragment.
    public let url: URL

    /// The body as text, in which what is not UTF-8 is replaced. O(size).
    public var text: String {
        String(decoding: self.body, as: UTF8.self)
    }

    /// Whether the status is 200 to 299.
    public var isSuccess: Bool {
        200...299 ~= self.status
    }

    /// This answer, if its status is 200 to 299.
    ///
    /// - Throws: ``HTTPError/Code/unexpectedStatus``.
    public func success() throws(HTTPError) -> HTTPResponse {
        if self.isSuccess { return self }
        throw self.error(.unexpectedStatus, "was answered with status \(self.status): an answer of 200 to 299 is expected")
    }

    /// The body as a value of `type`, if the status is 200 to 299.
    ///
    /// - Throws: ``HTTPError/Code/unexpectedStatus``, ``HTTPError/Code/decoding``.
    public func json<Value: Decodable>(_ type: Value.Type = Value.self, decoder: JSONDecoder = JSONDecoder()) throws(HTTPError) -> Value {
        let body = try self.success().body
        do {
            return try decoder.decode(type, from: body)
        } catch {
            throw self.error(
                .decoding,
                "was answered with \(body.count) bytes that are not the JSON of \(type): \(Self.reason(error)); "
                    + "see what the server sends, or decode another type"
            )
        }
    }

    private func error(_ code: HTTPError.Code, _ reason: String) -> HTTPError {
        HTTPError(code, method: self.method.rawValue, url: HTTPRequest.label(of: self.url), status: self.status, reason)
    }

    /// Where the body is at fault, without what stands there.
    private static func reason(_ error: any Error) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "its root" : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "\(place(context.codingPath)) has no \(key.stringValue)"
        case DecodingError.typeMismatch(let type, let context): "\(place(context.codingPath)) is no \(type)"
        case DecodingError.valueNotFound(let type, let context): "\(place(context.codingPath)) is null instead of \(type)"
        case DecodingError.dataCorrupted(let context): "\(place(context.codingPath)) cannot be read"
        default: "\(type(of: error))"
        }
    }
}

/// Headers and bodies may carry secrets: they do not appear.
extension HTTPResponse: CustomStringConvertible {
    public var description: String {
        "\(self.status) to \(self.method) \(HTTPRequest.label(of: self.url)), \(self.body.count) bytes"
    }
}
