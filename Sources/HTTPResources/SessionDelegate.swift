import Foundation
import ResourceContainer

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Takes what URLSession tells of its tasks to the exchanges they are for.
final class SessionDelegate: NSObject, URLSessionDataDelegate, Sendable {
    private let running = Lock<[Int: Exchange]>([:])
    private let queue: DispatchQueue
    let invalidated = Promise<Void>()

    /// - Parameter queue: where tasks are cancelled. Not here: cancelling waits for URLSession, which may be busy with what is to be cancelled,
    ///   and meanwhile what it tells piles up.
    init(queue: DispatchQueue) {
        self.queue = queue
    }

    /// Those under way, the oldest first.
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
        // On Linux nobody listens to what the handler is told.
        completionHandler(self.receive(response, of: dataTask) ? .allow : .cancel)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard let exchange = self.exchange(of: dataTask), !exchange.receive(data) else { return }
        self.stop(dataTask, exchange)
    }

    /// Redirects are answers: whoever follows them needs a connection to another host perhaps, and so one that is counted there.
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @Sendable @escaping (URLRequest?) -> Void
    ) {
        #if canImport(FoundationNetworking)
            // Here the process ends if the handler is called of a task that somebody cancels meanwhile, which cannot be known. A task that
            // is cancelled instead is over all the same; what is lost is the body of the redirect.
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
            // Here a challenge is an answer with status 401 that is there to its last byte, and without credentials to try the task never
            // ends by itself.
            if let response = challenge.failureResponse { self.answer(task, response) }
        #else
            completionHandler(.performDefaultHandling, nil)
        #endif
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let exchange = self.running.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        exchange.task = nil
        // On Linux a redirect that names no place to go to is told of only here.
        if error == nil, let response = task.response as? HTTPURLResponse, 300...399 ~= response.statusCode {
            _ = exchange.receive(Transfer.Head(response))
        }
        exchange.complete(error)
    }

    func urlSession(_ session: URLSession, didBecomeInvalidWithError error: (any Error)?) {
        self.invalidated.fulfil(())
    }

    private func receive(_ response: URLResponse, of task: URLSessionTask) -> Bool {
        guard let exchange = self.exchange(of: task), let response = response as? HTTPURLResponse else { return false }
        if exchange.receive(Transfer.Head(response)) { return true }
        self.stop(task, exchange)
        return false
    }

    /// Takes what has come as the answer, and ends the task.
    private func answer(_ task: URLSessionTask, _ response: URLResponse) {
        guard self.receive(response, of: task), let exchange = self.exchange(of: task) else { return }
        exchange.complete(nil)
        self.stop(task, exchange)
    }

    /// Cancels a task once, however much more it has to tell.
    private func stop(_ task: URLSessionTask, _ exchange: Exchange) {
        guard exchange.task != nil else { return }
        exchange.task = nil
        self.queue.async { task.cancel() }
    }
}
