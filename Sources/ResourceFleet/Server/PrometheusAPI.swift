import Foundation
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
    /// The memory for the answers that are being received and read. All copies of the API share it.
    private let budget: AnswerBudget

    /// Whether queries are sent by `GET`. All copies of the API share it.
    private final class MethodChoice: Sendable {
        let usesGet = Lock(false)
    }

    /// Creates the API of a server. The client is initialized and disposed by the caller.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - client: The client.
    ///   - budget: The largest number of bytes of all answers that are in memory at once.
    ///   - headers: Returns the headers of a request.
    package init(
        _ address: PrometheusAddress,
        client: HTTPClientPool,
        budget: Int = AnswerBudget.standard,
        headers: @escaping @Sendable () throws(FleetFault) -> [String: String] = { () throws(FleetFault) in [:] }
    ) {
        self.address = address
        self.client = client
        self.budget = AnswerBudget(budget)
        self.headers = headers
    }

    /// The configuration of a client for a server: short limits, because a screen waits.
    private static let client = HTTPConfiguration(
        maximumPerHost: 20,
        timeout: .seconds(15),
        connectTimeout: .seconds(5),
        drainTimeout: .zero
    )

    /// An answer with its status, while its bytes are in memory.
    private struct Answer {
        var status: Int
        var bytes: [UInt8]
    }

    /// A part of the API that is asked, and how.
    private struct Question {
        var endpoint: String
        var parameters: HTTPParameters = [:]
        var method = HTTPClientPool.Method.get
    }

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
        if !self.choice.usesGet.withLock({ $0 }) {
            let question = Question(endpoint: endpoint, parameters: parameters, method: .post)
            let answer = try await self.read(question) { answer throws(FleetFault) in
                answer.status == 405 ? nil : try PrometheusAnswer(try Self.body(of: answer), shape, labels: labels)
            }
            if let answer { return answer }
            self.choice.usesGet.withLock { $0 = true }
        }
        return try await self.read(Question(endpoint: endpoint, parameters: parameters)) { answer throws(FleetFault) in
            try PrometheusAnswer(try Self.body(of: answer), shape, labels: labels)
        }
    }

    /// Returns the firing alerts with their annotations.
    func alerts() async throws(FleetFault) -> [AnnotatedAlert] {
        try await self.read(Question(endpoint: "alerts")) { answer throws(FleetFault) in
            try AnnotatedAlert.read(try Self.body(of: answer))
        }
    }

    /// Sends a question, and passes the answer to `body`. The budget has the bytes of the answer until `body` returns.
    private func read<Value: Sendable>(
        _ question: Question,
        _ body: (Answer) throws(FleetFault) -> Value
    ) async throws(FleetFault) -> Value {
        let headers = try self.headers()
        let share = self.budget.share()
        defer { share.release() }
        do {
            return try body(try await self.answer(to: question, headers, share))
        } catch let fault as FleetFault {
            throw fault
        } catch let error as HTTPError {
            throw FleetFault(error)
        } catch {
            throw FleetFault(error is CancellationError ? "the query was canceled" : "\(error)")
        }
    }

    private func answer(to question: Question, _ headers: [String: String], _ share: AnswerBudget.Share) async throws -> Answer {
        let url = self.address.endpoint(question.endpoint)
        let isPost = question.method == .post
        let form = isPost ? HTTPUpload.bytes(Data(question.parameters.asForm.utf8)) : nil
        let type = isPost ? ["Content-Type": "application/x-www-form-urlencoded"] : [:]
        return try await self.client.withResponse(
            question.method,
            url,
            query: isPost ? [:] : question.parameters,
            headers: headers.merging(type) { given, _ in given },
            upload: form,
            timeout: self.client.configuration.timeout
        ) { response in
            // A redirect with the status 301, 302, or 303 turns a form into a request without its parameters.
            if response.method != question.method { throw FleetFault.redirected(to: response.url, question.endpoint) }
            var bytes: [UInt8] = []
            for try await chunk in response.body {
                guard share.take(chunk.count) else { throw self.budget.fault }
                bytes += chunk
            }
            return Answer(status: response.status, bytes: bytes)
        }
    }

    /// The body of an answer with status 200.
    private static func body(of answer: Answer) throws(FleetFault) -> [UInt8] {
        if answer.status == 200 { return answer.bytes }
        if let fault = AnswerEnvelope.fault(in: answer.bytes) { throw FleetFault("status \(answer.status), \(fault)") }
        let advice =
            switch answer.status {
            case 401, 403: ": give --token-file or --header"
            case 404: ": check the path of the address, such as /prometheus of Mimir"
            default: ""
            }
        throw FleetFault("status \(answer.status), without an answer of the Prometheus API\(advice)")
    }
}

extension FleetFault {
    /// The fault of a request, with advice that the command has options for.
    fileprivate init(_ error: HTTPError) {
        let request = [error.method, error.url].compactMap(\.self).joined(separator: " ")
        switch (error.code, error.phase) {
        case (.timedOut, .resolving?), (.timedOut, .connecting?):
            self.init("\(request) got no connection in time: check that the server runs, and that no firewall drops its packets")
        case (.timedOut, _): self.init("\(request) was not answered in time: check why the server is slow, or give --match")
        case (.tooManyRedirects, _): self.init("\(request) is redirected again and again: check the address of the server")
        default: self.init(error.description)
        }
    }

    /// The fault of a query that was redirected without its parameters.
    fileprivate static func redirected(to url: URL, _ endpoint: String) -> FleetFault {
        // A query may have a token.
        let target = String(url.absoluteString.prefix { $0 != "?" })
        let path = "/api/v1/\(endpoint)"
        guard target.hasSuffix(path) else { return FleetFault("redirected to \(target): give the address of the server itself") }
        return FleetFault("redirected to \(target): give --prometheus \(target.dropLast(path.count))")
    }
}
