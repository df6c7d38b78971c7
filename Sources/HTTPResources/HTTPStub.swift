import Foundation
import ResourceContainer

/// A stub that answers requests in place of servers, for tests and simulations of code that uses a client.
public struct HTTPStub: Sendable {
    /// The response of a stub.
    public struct Answer: Sendable {
        /// The status code, such as 200.
        public var status: Int
        /// The headers; names are case-insensitive.
        public var headers: [String: String]
        /// The body.
        public var body: Data

        /// Creates a response.
        public init(status: Int = 200, headers: [String: String] = [:], body: Data = Data()) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    let answer: @Sendable (HTTPClientPool.Method, URL, Data?) async throws -> Answer

    /// Creates a stub that answers with `answer`, which receives the method, the URL without user and password, and the complete body. It
    /// is canceled with its request. If it throws, the request fails: a `URLError` determines the code of the ``HTTPError``, for example
    /// `URLError(.cannotConnectToHost)` is ``HTTPError/Code/refused``; any other error is ``HTTPError/Code/unreachable``.
    public init(_ answer: @escaping @Sendable (_ method: HTTPClientPool.Method, _ url: URL, _ body: Data?) async throws -> Answer) {
        self.answer = answer
    }
}

/// Sends requests to a stub.
final class StubTransport: HTTPSending {
    private struct State: Sendable {
        var isClosed = false
        var number: UInt64 = 0
        /// The requests in progress, oldest first; at most as many as the client has slots.
        var running: [(exchange: Exchange, task: Task<Void, Never>)] = []
    }

    private let stub: HTTPStub
    private let environment: ResourceEnvironment
    private let state = Lock(State())

    init(_ stub: HTTPStub, _ environment: ResourceEnvironment) {
        self.stub = stub
        self.environment = environment
    }

    func start(_ request: HTTPRequest, _ options: ExchangeOptions) -> Exchange {
        let (number, isClosed) = self.state.withLock { state in
            state.number += 1
            return (state.number, state.isClosed)
        }
        // The limits of phases do not apply: a stub has no connection.
        let exchange = Exchange(
            number,
            ExchangeOptions(delivery: options.delivery, limits: .none, body: nil),
            phase: .waiting,
            self.environment.time
        )
        if isClosed {
            exchange.finish(.closed)
            return exchange
        }
        // Like a request to a server, the task outlives its caller's cancellation until it notices it.
        let task = self.environment.start { [stub] in
            await Self.run(stub, request, options, exchange)
            self.state.withLock { state in state.running.removeAll { $0.exchange === exchange } }
        }
        let isOver = self.state.withLock { state in
            // The task may have ended before it was recorded here.
            guard !exchange.hasEnded else { return false }
            state.running.append((exchange, task))
            return state.isClosed
        }
        if isOver { self.end(exchange, .closed) }
        return exchange
    }

    private static func run(_ stub: HTTPStub, _ request: HTTPRequest, _ options: ExchangeOptions, _ exchange: Exchange) async {
        let body: Data?
        do {
            body = try await options.body?.collect()
        } catch {
            exchange.finish(.uploadFailed(error))
            return
        }
        do {
            let answer = try await stub.answer(request.method, request.url, body)
            let headers = Dictionary(answer.headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
            await Self.deliver(HTTPHead(status: answer.status, headers: headers), answer.body, options.delivery, exchange)
        } catch {
            exchange.finish(.failed(HTTPFailure(ofStub: error)))
        }
    }

    private static func deliver(
        _ head: HTTPHead,
        _ body: Data,
        _ delivery: ExchangeOptions.Delivery,
        _ exchange: Exchange
    ) async {
        guard exchange.receive(head) else { return }
        switch delivery {
        case .collect(let maximum): exchange.finish(body.count > maximum ? .tooLarge : .answered(head, body))
        case .stream(let ahead):
            var rest = body[...]
            while !rest.isEmpty {
                await exchange.send([UInt8](rest.prefix(ahead)))
                rest = rest.dropFirst(ahead)
            }
            exchange.complete()
        }
    }

    func end(_ exchange: Exchange, _ ending: ExchangeEnding) {
        exchange.finish(ending)
        let task = self.state.withLock { state in
            state.running.firstIndex { $0.exchange === exchange }.map { state.running.remove(at: $0).task }
        }
        task?.cancel()
    }

    func close() -> Promise<Void> {
        let running = self.state.withLock { state in
            defer { state.isClosed = true }
            defer { state.running = [] }
            return state.running
        }
        for (exchange, task) in running {
            exchange.finish(.closed)
            task.cancel()
        }
        let closed = Promise<Void>()
        closed.fulfill(())
        return closed
    }

    var connections: HTTPConnectionSample {
        HTTPConnectionSample()
    }
}
