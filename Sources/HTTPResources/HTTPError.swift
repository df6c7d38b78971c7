import Foundation
import ResourceContainer

/// Why a request has no answer, or not one of the expected kind: what was asked of which server, what happened, and what to do about it.
///
/// A URL appears without user, password and fragment, and `?…` stands for its query, because queries often carry tokens. Its path
/// appears. Values of headers and contents of bodies do not.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure. More may be added; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case timedOut, noConnection, unreachable, refused, connectionLost, invalidAnswer, invalidRequest, tooLarge, tooManyRedirects,
                unexpectedStatus, decoding, notInitialised, closed, invalidConfiguration
        }

        private let raw: Raw

        /// The request took longer than it may take.
        public static let timedOut = Code(raw: .timedOut)
        /// All connections that are allowed were in use, for longer than a request waits, or at all under the policy to fail.
        public static let noConnection = Code(raw: .noConnection)
        /// The host is not known or cannot be reached, its certificate is not trusted, or nothing that it answered could be read.
        public static let unreachable = Code(raw: .unreachable)
        /// The host refused the connection: nobody listens at that port.
        public static let refused = Code(raw: .refused)
        /// The connection broke before the answer was complete.
        public static let connectionLost = Code(raw: .connectionLost)
        /// What the server answered is not HTTP.
        public static let invalidAnswer = Code(raw: .invalidAnswer)
        /// The method, the URL, a header or the body cannot be sent as it is.
        public static let invalidRequest = Code(raw: .invalidRequest)
        /// The body of the answer is larger than ``HTTPConfiguration/maximumBodySize``.
        public static let tooLarge = Code(raw: .tooLarge)
        /// There were more redirects than ``HTTPConfiguration/maximumRedirects``.
        public static let tooManyRedirects = Code(raw: .tooManyRedirects)
        /// The status of the answer is not one of those expected.
        public static let unexpectedStatus = Code(raw: .unexpectedStatus)
        /// The body of the answer is not what it was to be decoded as.
        public static let decoding = Code(raw: .decoding)
        /// The client is not initialised yet.
        public static let notInitialised = Code(raw: .notInitialised)
        /// The client is disposed, or was disposed while the request was under way.
        public static let closed = Code(raw: .closed)
        /// The configuration cannot work.
        public static let invalidConfiguration = Code(raw: .invalidConfiguration)

        public var description: String {
            self.raw.rawValue
        }
    }

    /// The kind of the failure.
    public let code: Code
    /// The method of the request; nil if there was none, or none that could be sent.
    public let method: String?
    /// The URL of the request as it may be shown; nil if there was none.
    public let url: String?
    /// The status of the answer, if there was one that counts.
    public let status: Int?
    /// URLSession's own number of the error, such as -1004, if it came from there.
    public let sessionCode: Int?
    /// What the pool of connections said, with its figures, if it gave none.
    public let pool: PoolError?
    /// What happened and what to do about it, in one line.
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
        let phase = pool.map { "; it waited for a connection: \($0)" } ?? "; see why the server is slow, or allow a longer time-out"
        return HTTPError(.timedOut, request, pool: pool, "was not answered completely within \(limit.text)\(phase)")
    }

    /// What the pool refused, as an error of the request that asked.
    static func noConnection(_ request: HTTPRequest, _ error: PoolError, _ configuration: HTTPConfiguration) -> HTTPError {
        if error.code == .closed { return .closed(request) }
        let limits = "at most \(configuration.maximumConnections) in all and \(configuration.maximumPerHost) to \(request.origin) at a time"
        return HTTPError(.noConnection, request, pool: error, "got no connection, of \(limits): \(error)")
    }

    static func closed(_ request: HTTPRequest) -> HTTPError {
        HTTPError(.closed, request, "was not answered: the client is disposed; end its users before the scope that owns it")
    }

    static func notInitialised(_ request: HTTPRequest) -> HTTPError {
        HTTPError(
            .notInitialised,
            request,
            "cannot be sent: the client is not initialised; get it from the container that it is bound in, or call initialize() before"
        )
    }

    static func tooLarge(_ request: HTTPRequest, limit: Int) -> HTTPError {
        HTTPError(
            .tooLarge,
            request,
            "has an answer of more than \(limit) bytes, which is broken off; ask for less, or raise maximumBodySize"
        )
    }

    static func tooManyRedirects(_ request: HTTPRequest, limit: Int) -> HTTPError {
        HTTPError(
            .tooManyRedirects,
            request,
            "is redirect number \(limit + 1); see whether the server goes round in circles, or raise maximumRedirects"
        )
    }

    /// What URLSession reports of a request that failed, in its own words.
    ///
    /// - Parameter hasAnswer: whether the head of an answer had come.
    init(_ request: HTTPRequest, _ error: any Error, hasAnswer: Bool) {
        let known = (error as? URLError)?.code
        let code: Code =
            switch known {
            case .timedOut?: .timedOut
            case .cannotConnectToHost?: .refused
            case .unsupportedURL?, .cannotParseResponse?, .cannotDecodeRawData?, .cannotDecodeContentData?: .invalidAnswer
            case .badURL?: .invalidRequest
            case .networkConnectionLost?, .badServerResponse?: .connectionLost
            // On Linux most failures are "unknown", and their words say more.
            default: hasAnswer ? .connectionLost : .unreachable
            }
        let advice =
            switch code {
            case .timedOut: "was not answered in time"
            case .refused: "was refused a connection; see whether the server runs and listens at that port"
            case .invalidAnswer: "was answered with what is not HTTP; see whether this is the right port and scheme"
            case .invalidRequest: "URLSession does not take this URL; on Linux that goes for addresses in brackets, such as [::1]"
            case .connectionLost: "lost its connection before the answer was complete; see why the server closed it"
            default: "got nothing from the server; see whether its name, port and certificate are right"
            }
        let words = error.localizedDescription
        // URLs do not belong there; should one be quoted, its query is not shown.
        let query = request.url.query.map { "?\($0)" }
        let shown = query.map { words.replacingOccurrences(of: $0, with: "?…") } ?? words
        self.init(code, request, sessionCode: known?.rawValue, "\(advice): \(shown)")
    }
}

extension Duration {
    /// In milliseconds below one second, else in seconds with two places.
    fileprivate var text: String {
        let milliseconds = self.wholeNanoseconds / 1_000_000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let hundredths = milliseconds / 10 % 100
        return "\(milliseconds / 1000).\(hundredths < 10 ? "0" : "")\(hundredths) s"
    }
}
