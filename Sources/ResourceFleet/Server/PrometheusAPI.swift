import HTTPResources
import ResourceContainer

/// The HTTP API of a Prometheus server, of Thanos, or of Mimir.
///
/// Queries are sent by `POST`, as the API recommends for long ones. A server or proxy that refuses that with status 405 gets this query and
/// all later ones by `GET`.
package struct PrometheusAPI: Sendable {
    package let address: PrometheusAddress
    private let client: HTTPClientPool
    /// Returns the headers of a request. It is called for each table, because a file with a token may be replaced.
    private let headers: @Sendable () throws(FleetFault) -> [String: String]
    private let choice = MethodChoice()

    /// Whether queries are sent by `GET`. All copies of the API share it.
    private final class MethodChoice: Sendable {
        let usesGet = Lock(false)
    }

    /// Creates the API of a server. The client is initialized and disposed by the caller.
    package init(
        _ address: PrometheusAddress,
        client: HTTPClientPool,
        headers: @escaping @Sendable () throws(FleetFault) -> [String: String] = { () throws(FleetFault) in [:] }
    ) {
        self.address = address
        self.client = client
        self.headers = headers
    }

    /// The configuration of a client for a server: short limits, because a screen waits.
    private static let client = HTTPConfiguration(
        maximumPerHost: 20,
        timeout: .seconds(15),
        connectTimeout: .seconds(5),
        maximumBodySize: 256 << 20,
        drainTimeout: .zero
    )

    /// Runs `body` with a server. Its connections are closed afterward.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - headers: Returns the headers of a request.
    ///   - body: The use of the server.
    package static func with(
        _ address: PrometheusAddress,
        headers: @escaping @Sendable () throws(FleetFault) -> [String: String],
        _ body: (PrometheusAPI) async throws -> Void
    ) async throws {
        let client = try HTTPClientPool(name: "Prometheus", configuration: Self.client)
        try await client.initialize()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(PrometheusAPI(address, client: client, headers: headers)))
        } catch {
            result = .failure(error)
        }
        // Requests that a canceled screen has left are canceled, and nothing else can fail.
        try? await client.dispose()
        try result.get()
    }

    /// Sends a query and returns the answer.
    ///
    /// - Parameters:
    ///   - endpoint: `query` or `query_range`.
    ///   - parameters: The parameters of the endpoint.
    ///   - shape: The type of the result.
    ///   - labels: The labels to keep.
    func ask(
        _ endpoint: String,
        _ parameters: HTTPParameters,
        _ shape: PrometheusAnswer.Shape,
        labels: [String]
    ) async throws(FleetFault) -> PrometheusAnswer {
        let headers = try self.headers()
        let url = self.address.endpoint(endpoint)
        if !self.choice.usesGet.withLock({ $0 }) {
            let response = try await self.response { try await $0.post(url, form: parameters, headers: headers) }
            if response.status != 405 { return try PrometheusAnswer(try Self.body(of: response), shape, labels: labels) }
            self.choice.usesGet.withLock { $0 = true }
        }
        let response = try await self.response { try await $0.get(url, query: parameters, headers: headers) }
        return try PrometheusAnswer(try Self.body(of: response), shape, labels: labels)
    }

    /// Returns the firing alerts with their annotations.
    func alerts() async throws(FleetFault) -> [AnnotatedAlert] {
        let (url, headers) = (self.address.endpoint("alerts"), try self.headers())
        return try AnnotatedAlert.read(try Self.body(of: try await self.response { try await $0.get(url, headers: headers) }))
    }

    private func response(
        _ send: (HTTPClientPool) async throws -> HTTPClientPool.Response
    ) async throws(FleetFault) -> HTTPClientPool.Response {
        do {
            return try await send(self.client)
        } catch {
            throw FleetFault(error is CancellationError ? "the query was canceled" : "\(error)")
        }
    }

    /// The body of a response with status 200.
    private static func body(of response: HTTPClientPool.Response) throws(FleetFault) -> [UInt8] {
        let bytes = [UInt8](response.body)
        if response.status == 200 { return bytes }
        if let fault = AnswerEnvelope.fault(in: bytes) { throw FleetFault("status \(response.status), \(fault)") }
        let advice =
            switch response.status {
            case 401, 403: ": give --token-file or --header"
            case 404: ": check the path of the address, such as /prometheus of Mimir"
            default: ""
            }
        throw FleetFault("status \(response.status), without an answer of the Prometheus API\(advice)")
    }
}
