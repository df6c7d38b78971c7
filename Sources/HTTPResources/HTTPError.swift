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
            case timedOut, noConnection, unreachable, untrusted, refused, connectionLost, invalidAnswer, invalidRequest, tooLarge,
                tooManyRedirects, unexpectedStatus, decoding, notInitialized, closed, invalidConfiguration
        }

        private let raw: Raw

        /// The request exceeded its timeout, or a step of it exceeded that of the step.
        public static let timedOut = Code(raw: .timedOut)
        /// The connection limit was reached for longer than the request waits, or at all under the policy `fail`.
        public static let noConnection = Code(raw: .noConnection)
        /// The host is unknown or unreachable, or no connection to it was established.
        public static let unreachable = Code(raw: .unreachable)
        /// The server's certificate is not trusted, or client and server agree on no version or algorithm of TLS.
        public static let untrusted = Code(raw: .untrusted)
        /// The host refused the connection: no server listens at that port.
        public static let refused = Code(raw: .refused)
        /// The connection was lost before the response was complete.
        public static let connectionLost = Code(raw: .connectionLost)
        /// The response is not HTTP, or cannot be decompressed.
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

    /// A step of a request. Later versions may add steps; compare with the static members.
    public struct Phase: Hashable, Sendable, CustomStringConvertible {
        private enum Raw: String {
            case resolving, connecting, sending, waiting, receiving
        }

        private let raw: Raw

        /// The name of the host is looked up.
        public static let resolving = Phase(raw: .resolving)
        /// The connection is established, with TLS and a proxy.
        public static let connecting = Phase(raw: .connecting)
        /// The request is sent.
        public static let sending = Phase(raw: .sending)
        /// The request is sent; no byte of the response has arrived.
        public static let waiting = Phase(raw: .waiting)
        /// The response arrives.
        public static let receiving = Phase(raw: .receiving)

        /// The name of the step.
        public var description: String {
            self.raw.rawValue
        }

        /// The step as the end of a sentence.
        var words: String {
            switch self.raw {
            case .resolving: "while the name of the host was looked up"
            case .connecting: "while the connection was established"
            case .sending: "while the request was sent"
            case .waiting: "while it waited for the response"
            case .receiving: "while the response arrived"
            }
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
    /// The step in which the request failed; nil if it was not sent.
    public let phase: Phase?
    /// The error code of libcurl, such as 7, if the error comes from it.
    public let transportCode: Int?
    /// The error of the connection pool, with its counters, if no connection was acquired.
    public let pool: PoolError?
    /// The cause and the remedy in one line.
    public let description: String

    init(
        _ code: Code,
        method: String?,
        url: String?,
        status: Int? = nil,
        phase: Phase? = nil,
        transportCode: Int? = nil,
        pool: PoolError? = nil,
        _ reason: String
    ) {
        self.code = code
        self.method = method
        self.url = url
        self.status = status
        self.phase = phase
        self.transportCode = transportCode
        self.pool = pool
        let request = [method, url].compactMap(\.self).joined(separator: " ")
        self.description =
            (request.isEmpty ? reason : code == .invalidRequest ? "\(request): \(reason)" : "\(request) \(reason)").withoutPasswords
    }

    init(
        _ code: Code,
        _ request: HTTPRequest,
        phase: Phase? = nil,
        transportCode: Int? = nil,
        pool: PoolError? = nil,
        _ reason: String
    ) {
        self.init(
            code,
            method: request.method.rawValue,
            url: request.label,
            phase: phase,
            transportCode: transportCode,
            pool: pool,
            reason
        )
    }
}
