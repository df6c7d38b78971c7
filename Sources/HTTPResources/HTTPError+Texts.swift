import Foundation
import ResourceContainer

extension HTTPError {
    /// The error of a request that reached its timeout before it was sent.
    static func timedOut(_ request: HTTPRequest, after limit: Duration, pool: PoolError? = nil) -> HTTPError {
        let cause = pool.map { "; it waited for a connection: \($0)" } ?? "; check why the server is slow, or raise the timeout"
        return HTTPError(.timedOut, request, pool: pool, "timed out after \(limit.brief)\(cause)")
    }

    /// The error of a request that exceeded a time limit in a phase.
    static func timedOut(_ request: HTTPRequest, _ excess: TimeExcess) -> HTTPError {
        let advice =
            switch excess.phase {
            case .resolving: "check the name of the host and the name servers"
            case .connecting: "check that the server runs, and that no firewall drops its packets"
            default: "check why the server is slow"
            }
        let setting = excess.limit.setting.map { " (\($0))" } ?? ""
        return HTTPError(
            .timedOut,
            request,
            phase: excess.phase,
            "timed out after \(excess.duration.brief)\(setting) \(excess.phase.words); \(advice), or raise \(excess.limit.setting ?? "the timeout")"
        )
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
            phase: .receiving,
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

    static func notReplayable(_ request: HTTPRequest) -> HTTPError {
        HTTPError(
            .invalidRequest,
            request,
            "the body is a sequence, which cannot be sent a second time; send to the last URL of the redirects, or upload a file"
        )
    }

    /// Translates a failure of the transport.
    init(_ request: HTTPRequest, _ failure: HTTPFailure) {
        // Messages should contain no URL; if one does, its query is replaced.
        let query = request.url.query.map { "?\($0)" }
        let shown = query.map { failure.text.replacingOccurrences(of: $0, with: "?…") } ?? failure.text
        self.init(
            failure.code,
            request,
            phase: failure.phase,
            transportCode: failure.transportCode,
            "\(failure.advice): \(shown)"
        )
    }
}
