import Foundation
import ResourceContainer

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Routes the callbacks of URLSession to the exchanges of its tasks.
final class SessionDelegate: NSObject, URLSessionDataDelegate, Sendable {
    private let running = Lock<[Int: Exchange]>([:])
    private let queue: DispatchQueue
    let invalidated = Promise<Void>()

    /// - Parameter queue: The queue on which tasks are canceled. Canceling waits for URLSession, so canceling in a callback would delay the
    ///   callbacks of all tasks.
    init(queue: DispatchQueue) {
        self.queue = queue
    }

    /// The exchanges in progress, oldest first.
    var exchanges: [Exchange] {
        self.running.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    }

    func add(_ exchange: Exchange, _ task: URLSessionTask) {
        self.running.withLock { $0[task.taskIdentifier] = exchange }
    }

    private func exchange(of task: URLSessionTask) -> Exchange? {
        self.running.withLock { $0[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @Sendable @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        // On Linux, Foundation ignores the disposition.
        completionHandler(self.receive(response, of: dataTask) ? .allow : .cancel)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard let exchange = self.exchange(of: dataTask), !exchange.receive(data) else { return }
        self.stop(dataTask, exchange)
    }

    /// Redirects are responses: following one can require a slot of another origin.
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @Sendable @escaping (URLRequest?) -> Void
    ) {
        #if canImport(FoundationNetworking)
            // On Linux, calling the handler for a task that is canceled at the same time terminates the process, and the race cannot be
            // detected. Canceling the task instead is safe; only the body of the redirect is lost.
            self.answer(task, response)
        #else
            completionHandler(nil)
        #endif
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @Sendable @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        #if canImport(FoundationNetworking)
            // On Linux, a challenge arrives as a complete response with status 401, and without credentials the task never ends by itself.
            if let response = challenge.failureResponse { self.answer(task, response) }
        #else
            completionHandler(.performDefaultHandling, nil)
        #endif
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let exchange = self.running.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        exchange.task = nil
        // On Linux, a redirect without a target is reported only here.
        if error == nil, let response = task.response as? HTTPURLResponse, 300...399 ~= response.statusCode {
            _ = exchange.receive(Transfer.Head(response))
        }
        exchange.complete(error)
    }

    func urlSession(_ session: URLSession, didBecomeInvalidWithError error: (any Error)?) {
        self.invalidated.fulfill(())
    }

    private func receive(_ response: URLResponse, of task: URLSessionTask) -> Bool {
        guard let exchange = self.exchange(of: task), let response = response as? HTTPURLResponse else { return false }
        if exchange.receive(Transfer.Head(response)) { return true }
        self.stop(task, exchange)
        return false
    }

    /// Takes the data that has arrived as the response, and ends the task.
    private func answer(_ task: URLSessionTask, _ response: URLResponse) {
        guard self.receive(response, of: task), let exchange = self.exchange(of: task) else { return }
        exchange.complete(nil)
        self.stop(task, exchange)
    }

    /// Cancels a task once, regardless of further callbacks.
    private func stop(_ task: URLSessionTask, _ exchange: Exchange) {
        guard exchange.task != nil else { return }
        exchange.task = nil
        self.queue.async { task.cancel() }
    }
}
