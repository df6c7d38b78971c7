import Foundation
import ResourceContainer

extension HTTPClientPool: HealthCheckable, Pingable {
    /// Asks for the configuration's `pingURL`, beside the pool: a ping never waits for a connection.
    ///
    /// - Throws: ``HTTPError``: ``HTTPError/Code/unexpectedStatus`` unless the status is 200 to 399, `invalidConfiguration` without a
    ///   `pingURL`.
    public func ping() async throws {
        guard let url = self.configuration.pingURL else {
            throw HTTPError(.invalidConfiguration, method: nil, url: nil, "client \(self.name) has nothing to ping: set pingURL")
        }
        let request = try HTTPRequest(.get, url, headers: self.configuration.headers, body: nil)
        let limit = self.configuration.pingTimeout
        let session = try self.session(for: request)
        let response = try await self.send(request, over: session, deadline: self.time.now + limit, limit: limit)
        if 200...399 ~= response.status { return }
        throw HTTPError(
            .unexpectedStatus,
            method: request.method.rawValue,
            url: request.label,
            status: response.status,
            "was answered with status \(response.status): a ping expects 200 to 399"
        )
    }

    /// Unhealthy if the client is disposed, or if there is a `pingURL` and no answer to a ping; degraded if the answer has another status than
    /// 200 to 399; else what the pool says. Takes no connection of the pool's.
    ///
    /// - Throws: `CancellationError` only.
    public func healthCheck() async throws -> HealthReport {
        let own = try await self.slots.healthCheck()
        if own.status == .unhealthy || self.configuration.pingURL == nil { return own }
        if self.isNew { return HealthReport(.unknown, "client \(self.name) is not initialised yet: nobody has asked for it") }
        do {
            try await self.ping()
            return own
        } catch let error as HTTPError {
            return HealthReport(error.code == .unexpectedStatus ? .degraded : .unhealthy, error.description)
        }
    }
}
