import Foundation
import ResourceContainer

extension HTTPClientPool: HealthCheckable, Pingable {
    /// Requests the configuration's `pingURL` outside the pool: a ping never waits for a connection.
    ///
    /// - Throws: ``HTTPError``, with ``HTTPError/Code/unexpectedStatus`` unless the status is 200 to 399, and `invalidConfiguration`
    ///   without a `pingURL`; `CancellationError`.
    public func ping() async throws {
        guard let url = self.configuration.pingURL else {
            throw HTTPError(.invalidConfiguration, method: nil, url: nil, "client \(self.name) has no URL to ping: set pingURL")
        }
        let request = try HTTPRequest(.get, url, headers: self.configuration.headers, body: nil)
        let transport = try self.transport(for: request)
        let timing = RequestTiming(limit: self.configuration.pingTimeout, at: self.time.now)
        let response = try await self.send(request, over: transport, timing, resends: nil)
        if 200...399 ~= response.status { return }
        throw HTTPError(
            .unexpectedStatus,
            method: request.method.rawValue,
            url: request.label,
            status: response.status,
            "returned status \(response.status): a ping expects 200 to 399"
        )
    }

    /// Pings the server, if there is a `pingURL`, without taking a connection of the pool.
    ///
    /// The report is unhealthy if the client is disposed or the ping gets no response. It is degraded if the response has a status other
    /// than 200 to 399. Otherwise it is the report of the pool.
    ///
    /// - Throws: `CancellationError` only.
    public func healthCheck() async throws -> HealthReport {
        let own = try await self.slots.healthCheck()
        if own.status == .unhealthy || self.configuration.pingURL == nil { return own }
        if self.isNew { return HealthReport(.unknown, "client \(self.name) is not initialized yet: it has not been resolved") }
        do {
            try await self.ping()
            return own
        } catch let error as HTTPError {
            return HealthReport(error.code == .unexpectedStatus ? .degraded : .unhealthy, error.description)
        }
    }
}
