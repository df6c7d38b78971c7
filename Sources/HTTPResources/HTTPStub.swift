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

    let answer: @Sendable (HTTPMethod, URL, Data?) async throws -> Answer

    /// Creates a stub that answers with `answer`, which receives the method, the URL without user and password, and the body. It is
    /// canceled with its request. If it throws, the request fails: a `URLError` is translated as one of URLSession.
    public init(_ answer: @escaping @Sendable (_ method: HTTPMethod, _ url: URL, _ body: Data?) async throws -> Answer) {
        self.answer = answer
    }
}

/// Sends requests to a stub.
final class StubTransport: HTTPSending {
    private struct State: Sendable {
        var isClosed = false
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

    func start(_ request: HTTPRequest, timeout: Duration, maximumBodySize: Int) -> Exchange {
        let exchange = Exchange(maximumBodySize: maximumBodySize)
        guard !self.state.withLock({ $0.isClosed }) else {
            exchange.ending.fulfill(.closed)
            return exchange
        }
        // Like a request to a server, the task outlives its caller's cancellation until it notices it.
        let task = self.environment.start { [stub] in
            do {
                let answer = try await stub.answer(request.method, request.url, request.body)
                let headers = Dictionary(answer.headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
                let isTooLarge = answer.body.count > maximumBodySize
                exchange.ending.fulfill(
                    isTooLarge ? .tooLarge : .answered(Transfer.Head(status: answer.status, headers: headers), answer.body)
                )
            } catch {
                exchange.ending.fulfill(.failed(error, hasAnswer: false))
            }
            self.state.withLock { state in state.running.removeAll { $0.exchange === exchange } }
        }
        let isOver = self.state.withLock { state in
            // The task may have ended before it was recorded here.
            guard exchange.ending.value == nil else { return false }
            state.running.append((exchange, task))
            return state.isClosed
        }
        if isOver { self.end(exchange, .closed) }
        return exchange
    }

    func end(_ exchange: Exchange, _ ending: Transfer.Ending) {
        exchange.ending.fulfill(ending)
        let task = self.state.withLock { state in
            state.running.firstIndex { $0.exchange === exchange }.map { state.running.remove(at: $0).task }
        }
        task?.cancel()
    }

    func close() -> Promise<Void> {
        let running = self.state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.running
        }
        for (exchange, task) in running {
            exchange.ending.fulfill(.closed)
            task.cancel()
        }
        let closed = Promise<Void>()
        closed.fulfill(())
        return closed
    }
}
