import Foundation
import ResourceContainer

/// An error of an ``HTTPClientPool``. It names the request, the cause, and the remedy.
///
/// A URL appears with its path, but without user, password, and fragment; `?…` replaces its query, because queries often carry tokens.
/// Header values and bodies do not appear.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. Later versions may add kinds; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case timedOut, noConnection, unreachable, refused, connectionLost, invalidAnswer, invalidRequest, tooLarge, tooManyRedirects,
                unexpectedStatus, decoding, notInitialized, closed, invalidConfiguration
        }

        private let raw: Raw

        /// The request exceeded its timeout.
        public static let timedOut = Code(raw: .timedOut)
        /// The connection limit was reached for longer than the request waits, or at all under the policy `fail`.
        public static let noConnection = Code(raw: .noConnection)
        /// The host is unknown or unreachable, its certificate is not trusted, or no response could be read.
        public static let unreachable = Code(raw: .unreachable)
        /// The host refused the connection: no server listens at that port.
        public static let refused = Code(raw: .refused)
        /// The connection was lost before the response was complete.
        public static let connectionLost = Code(raw: .connectionLost)
        /// The response is not HTTP.
        public static let invalidAnswer = Code(raw: .invalidAnswer)
        /// The method, the URL, a header, or the body is not valid.
        public static let invalidRequest = Code(raw: .invalidRequest)
        /// The response body exceeds ``HTTPConfiguration/maximumBodySize``.
        public static let tooLarge = Code(raw: .tooLarge)
        /// The redirects exceed ``HTTPConfiguration/maximumRedirects``.
        public static let tooManyRedirects = Code(raw: .tooManyRedirects)
        /// The response has an unexpected status.
        public static let unexpectedStatus = Code(raw: .unexpectedStatus)
        /// The response body could not be decoded.
        public static let decoding = Code(raw: .decoding)
        /// The client is not initialized yet.
        public static let notInitialized = Code(raw: .notInitialized)
        /// The client is disposed, or was disposed while the request was in progress.
        public static let closed = Code(raw: .closed)
        /// The configuration is not valid.
        public static let invalidConfiguration = Code(raw: .invalidConfiguration)

        /// The name of the code.
        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The method of the request; nil if there was no request or no valid method.
    public let method: String?
    /// The URL of the request without secrets; nil if there was no request.
    public let url: String?
    /// The status of the response, for errors about a status or a body.
    public let status: Int?
    /// The error code of URLSession, such as -1004, if the error comes from it.
    public let sessionCode: Int?
    /// The error of the connection pool, with its counters, if no connection was acquired.
    public let pool: PoolError?
    /// The cause and the remedy in one line.
    public let description: String

    init(
        _ code: Code,
        method: String?,
        url: String?,
        status: Int? = nil,
        sessionCode: Int? = nil,
        pool: PoolError? = nil,
        _ reason: String
    ) {
        self.code = code
        self.method = method
        self.url = url
        self.status = status
        self.sessionCode = sessionCode
        self.pool = pool
        let request = [method, url].compactMap(\.self).joined(separator: " ")
        self.description =
            (request.isEmpty ? reason : code == .invalidRequest ? "\(request): \(reason)" : "\(request) \(reason)").withoutPasswords
    }

    init(_ code: Code, _ request: HTTPRequest, sessionCode: Int? = nil, pool: PoolError? = nil, _ reason: String) {
        self.init(code, method: request.method.rawValue, url: request.label, sessionCode: sessionCode, pool: pool, reason)
    }
}

extension HTTPError {
    static func timedOut(_ request: HTTPRequest, after limit: Duration, pool: PoolError? = nil) -> HTTPError {
        let phase = pool.map { "; it waited for a connection: \($0)" } ?? "; check why the server is slow, or raise the timeout"
        return HTTPError(.timedOut, request, pool: pool, "timed out after \(limit.brief)\(phase)")
    }

    /// Translates the pool's error into an error of the request.
    static func noConnection(_ request: HTTPRequest, _ error: PoolError, _ configuration: HTTPConfiguration) -> HTTPError {
        if error.code == .closed { return .closed(request) }
        let (total, perHost) = (configuration.maximumConnections, configuration.maximumPerHost)
        let limits = "at most \(total) in total and \(perHost) to \(request.origin) at a time"
        return HTTPError(.noConnection, request, pool: error, "got no connection (\(limits)): \(error)")
    }

    static func closed(_ request: HTTPRequest) -> HTTPError {
        HTTPError(
            .closed,
            request,
            "got no response: the client is disposed; stop the code that uses it before the scope that owns it closes"
        )
    }

    static func notInitialized(_ request: HTTPRequest) -> HTTPError {
        HTTPError(
            .notInitialized,
            request,
            "cannot be sent: the client is not initialized; resolve it from its container, or call initialize() first"
        )
    }

    static func tooLarge(_ request: HTTPRequest, limit: Int) -> HTTPError {
        HTTPError(
            .tooLarge,
            request,
            "returned more than \(limit) bytes and was canceled; request less, or raise maximumBodySize"
        )
    }

    static func tooManyRedirects(_ request: HTTPRequest, limit: Int) -> HTTPError {
        HTTPError(
            .tooManyRedirects,
            request,
            "is redirect number \(limit + 1); check the server for a redirect loop, or raise maximumRedirects"
        )
    }

    /// Translates an error of URLSession.
    ///
    /// - Parameter hasAnswer: Whether the head of a response had arrived.
    init(_ request: HTTPRequest, _ error: any Error, hasAnswer: Bool) {
        let known = (error as? URLError)?.code
        let code: Code =
            switch known {
            case .timedOut?: .timedOut
            case .cannotConnectToHost?: .refused
            case .unsupportedURL?, .cannotParseResponse?, .cannotDecodeRawData?, .cannotDecodeContentData?: .invalidAnswer
            case .badURL?: .invalidRequest
            case .networkConnectionLost?, .badServerResponse?: .connectionLost
            // On Linux most failures have the code "unknown"; their message is more specific.
            default: hasAnswer ? .connectionLost : .unreachable
            }
        let advice =
            switch code {
            case .timedOut: "timed out"
            case .refused: "failed: connection refused; check that the server runs and listens at that port"
            case .invalidAnswer: "returned a response that is not HTTP; check the port and the scheme"
            case .invalidRequest: "URLSession does not accept this URL; on Linux this includes addresses in brackets, such as [::1]"
            case .connectionLost: "lost its connection before the response was complete; check why the server closed it"
            default: "got no response from the server; check its name, port, and certificate"
            }
        let words = error.localizedDescription
        // Messages should contain no URL; if one does, its query is replaced.
        let query = request.url.query.map { "?\($0)" }
        let shown = query.map { words.replacingOccurrences(of: $0, with: "?…") } ?? words
        self.init(code, request, sessionCode: known?.rawValue, "\(advice): \(shown)")
    }
}
