import Foundation
import ResourceContainer

/// Answers requests in place of servers: for tests of what uses a client, and for simulations.
public struct HTTPStandIn: Sendable {
    /// An answer.
    public struct Answer: Sendable {
        public var status: Int
        public var headers: [String: String]
        public var body: Data

        public init(status: Int = 200, headers: [String: String] = [:], body: Data = Data()) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    let answer: @Sendable (HTTPMethod, URL, Data?) async throws -> Answer

    /// A stand-in that answers with `answer`, which is told method, URL - without user and password - and body. It is cancelled when the
    /// request is; a throw is a request without an answer, of a `URLError` as URLSession would have thrown it.
    public init(_ answer: @escaping @Sendable (_ method: HTTPMethod, _ url: URL, _ body: Data?) async throws -> Answer) {
        self.answer = answer
    }
}

/// Carries requests to a stand-in.
final class StandInSession: HTTPSending {
    private struct State: Sendable {
        var isClosed = false
        /// What is under way, in the order in which it began. There are no more than the client has slots.
        var running: [(exchange: Exchange, task: Task<Void, Never>)] = []
    }

    private let standIn: HTTPStandIn
    private let environment: ResourceEnvironment
    private let state = Lock(State())

    init(_ standIn: HTTPStandIn, _ environment: ResourceEnvironment) {
        self.standIn = standIn
        self.environment = environment
    }

    func start(_ request: HTTPRequest, timeout: Duration, maximumBodySize: Int) -> Exchange {
        let exchange = Exchange(maximumBodySize: maximumBodySize)
        guard !self.state.withLock({ $0.isClosed }) else {
            exchange.ending.fulfil(.closed)
            return exchange
        }
        // Outlives its caller's cancellation by as long as it takes to hear of it, as a request to a server does.
        let task = self.environment.start { [standIn] in
            do {
                let answer = try await standIn.answer(request.method, request.url, request.body)
                let headers = Dictionary(answer.headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
                let isTooLarge = answer.body.count > maximumBodySize
                exchange.ending.fulfil(
                    isTooLarge ? .tooLarge : .answered(Transfer.Head(status: answer.status, headers: headers), answer.body)
                )
            } catch {
                exchange.ending.fulfil(.failed(error, hasAnswer: false))
            }
            self.state.withLock { state in state.running.removeAll { $0.exchange === exchange } }
        }
        let isOver = self.state.withLock { state in
            // It may have ended before it was known here.
            guard exchange.ending.value == nil else { return false }
            state.running.append((exchange, task))
            return state.isClosed
        }
        if isOver { self.end(exchange, .closed) }
        return exchange
    }

    func end(_ exchange: Exchange, _ ending: Transfer.Ending) {
        exchange.ending.fulfil(ending)
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
            exchange.ending.fulfil(.closed)
            task.cancel()
        }
        let closed = Promise<Void>()
        closed.fulfil(())
        return closed
    }
}
