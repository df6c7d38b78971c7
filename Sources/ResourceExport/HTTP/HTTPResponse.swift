/// The status of an answer.
package enum HTTPStatus: Int, Sendable, Hashable, CaseIterable {
    case ok = 200
    case badRequest = 400
    case notFound = 404
    case methodNotAllowed = 405
    case requestTimeout = 408
    case fieldsTooLarge = 431
    case unavailable = 503
    case versionNotSupported = 505

    /// The words after the number.
    var phrase: String {
        switch self {
        case .ok: "OK"
        case .badRequest: "Bad Request"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .requestTimeout: "Request Timeout"
        case .fieldsTooLarge: "Request Header Fields Too Large"
        case .unavailable: "Service Unavailable"
        case .versionNotSupported: "HTTP Version Not Supported"
        }
    }
}

/// An answer of a page.
package struct HTTPResponse: Sendable, Hashable {
    /// The status.
    package var status: HTTPStatus
    /// The value of the field `Content-Type`.
    package var type: String
    /// The body.
    package var body: String

    /// The type of text for people.
    package static let plainText = "text/plain; charset=utf-8"

    /// Creates an answer.
    package init(_ status: HTTPStatus = .ok, type: String = Self.plainText, body: String) {
        self.status = status
        self.type = type
        self.body = body
    }

    /// The answer to a request that is not answered with a page.
    package init(_ fault: HTTPRequest.Fault) {
        self.init(fault.status, body: fault.reason + "\n")
    }

    /// The bytes of the answer. The connection ends with it.
    ///
    /// - Parameter isHead: Whether the body is left out, of which the head states the length.
    package func bytes(isHead: Bool = false) -> [UInt8] {
        let body = Array(self.body.utf8)
        var head = "HTTP/1.1 \(self.status.rawValue) \(self.status.phrase)\r\n"
        head += "Content-Type: \(self.type)\r\nContent-Length: \(body.count)\r\nCache-Control: no-store\r\nConnection: close\r\n"
        if self.status == .methodNotAllowed { head += "Allow: GET, HEAD\r\n" }
        return Array((head + "\r\n").utf8) + (isHead ? [] : body)
    }
}
