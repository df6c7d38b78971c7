import Foundation
import ResourceContainer

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A URLSession that works on exchanges.
///
/// Everything is asked of URLSession on a queue of the session's own. Some of its calls wait for what its own thread does, such as
/// the look-up of a name, and must not hold up a thread of the concurrency pool; and a task made of a session that is invalid ends the
/// process, which cannot happen where one follows the other.
final class HTTPSession: HTTPSending {
    private let queue: DispatchQueue
    private let delegate: SessionDelegate
    /// Nil once it is closed.
    private let session: Lock<URLSession?>
    private let closed = Promise<Void>()

    init(connectionsPerHost: Int) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = connectionsPerHost
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        self.queue = DispatchQueue(label: "HTTPResources.session")
        self.delegate = SessionDelegate(queue: self.queue)
        self.session = Lock(URLSession(configuration: configuration, delegate: self.delegate, delegateQueue: nil))
    }

    /// Begins an exchange.
    func start(_ request: HTTPRequest, timeout: Duration, maximumBodySize: Int) -> Exchange {
        let exchange = Exchange(maximumBodySize: maximumBodySize)
        self.queue.async {
            guard exchange.ending.value == nil else { return }
            guard let session = self.session.withLock({ $0 }) else {
                exchange.ending.fulfil(.closed)
                return
            }
            let task = session.dataTask(with: request.urlRequest(timeout: timeout))
            exchange.task = task
            self.delegate.add(exchange, task)
            task.resume()
        }
        return exchange
    }

    /// Ends an exchange that nobody waits for any more.
    func end(_ exchange: Exchange, _ ending: Transfer.Ending) {
        exchange.ending.fulfil(ending)
        // Its task may be made by what stands before this in the queue.
        self.queue.async { exchange.task?.cancel() }
    }

    /// Ends all exchanges and lets go of URLSession, which closes its connections; later ones end as ``Transfer/Ending/closed``.
    ///
    /// - Returns: fulfilled when URLSession has no task any more and will not call back again.
    func close() -> Promise<Void> {
        self.queue.async {
            let session = self.session.withLock { session in
                defer { session = nil }
                return session
            }
            guard let session else { return }
            for exchange in self.delegate.exchanges { self.end(exchange, .closed) }
            // Behind the cancellations. Not invalidateAndCancel(), which on Linux reads its table of tasks while others change it.
            self.queue.async { session.finishTasksAndInvalidate() }
            self.delegate.invalidated.whenFulfilled {
                self.queue.async {
                    // The last who holds it: its end closes connections, which may take its time.
                    withExtendedLifetime(session) { _ = self.closed.fulfil(()) }
                }
            }
        }
        return self.closed
    }
}
