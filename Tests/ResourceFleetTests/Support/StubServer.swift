import Foundation
import HTTPResources
import ResourceContainer

@testable import ResourceFleet

/// A stub of a server: it answers queries with bodies that a test gives, and keeps what it was asked.
final class StubServer: Sendable {
    /// A request, with the parameters of its query or its form.
    struct Request: Sendable {
        var method: HTTPClientPool.Method
        var path: String
        var parameters: [String: String]
    }

    typealias Answer = @Sendable (Request) async throws -> HTTPStub.Answer

    private let answer: Answer
    private let kept = Lock<[Request]>([])

    init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    /// The requests in the order in which they arrived.
    var requests: [Request] { self.kept.withLock { $0 } }

    /// The stub that a client sends its requests to.
    var stub: HTTPStub {
        HTTPStub { method, url, body in
            let form = body.map { String(decoding: $0, as: UTF8.self) } ?? url.query(percentEncoded: true) ?? ""
            let request = Request(method: method, path: url.path, parameters: Self.parameters(form))
            self.kept.withLock { $0.append(request) }
            return try await self.answer(request)
        }
    }

    private static func parameters(_ form: String) -> [String: String] {
        let pairs = form.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map { part in
                part.replacing("+", with: " ").removingPercentEncoding ?? ""
            }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Runs `body` with a fleet of this server.
    func withFleet(
        _ address: String = "http://prometheus:9090",
        match: String = "",
        environment: ResourceEnvironment = .system,
        timeout: Duration = .seconds(120),
        budget: Int = 1 << 20,
        _ body: (PrometheusFleet) async throws -> Void
    ) async throws {
        let client = try HTTPClientPool(
            configuration: HTTPConfiguration(timeout: timeout, acquireBudget: timeout, drainTimeout: timeout),
            environment: environment,
            stub: self.stub
        )
        try await client.initialize()
        try await body(PrometheusFleet(PrometheusAPI(try PrometheusAddress(address), client: client, budget: budget), match: match))
        try await client.dispose()
    }
}

extension HTTPStub.Answer {
    static func text(_ status: Int, _ text: String) -> HTTPStub.Answer {
        HTTPStub.Answer(status: status, headers: ["Content-Type": "application/json"], body: Data(text.utf8))
    }

    /// The answer to a query: series as JSON, such as `{"metric":{},"value":[0,"1"]}`.
    static func series(_ series: [String], warnings: [String] = []) -> HTTPStub.Answer {
        let notes = warnings.isEmpty ? "" : #","warnings":["\#(warnings.joined(separator: #"",""#))"]"#
        return .text(200, #"{"status":"success","data":{"resultType":"vector","result":[\#(series.joined(separator: ","))]}\#(notes)}"#)
    }

    static let nothing = HTTPStub.Answer.series([])
}

/// A series of an instant query.
func series(_ instance: String, _ container: String, _ value: String, extra: String = "") -> String {
    #"{"metric":{"job":"resmon","instance":"\#(instance)","container":"\#(container)"\#(extra)},"value":[1767268800.5,"\#(value)"]}"#
}
