import Foundation
import ResourceContainer

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A transport over URLSession.
///
/// All calls to URLSession run on the session's own queue, for two reasons. Some of them wait for URLSession's thread, for example for a
/// name lookup, and must not block a thread of the concurrency pool. A task that is created on an invalidated session terminates the
/// process, which a serial queue excludes.
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
                exchange.ending.fulfill(.closed)
                return
            }
            let task = session.dataTask(with: request.urlRequest(timeout: timeout))
            exchange.task = task
            self.delegate.add(exchange, task)
            task.resume()
        }
        return exchange
    }

    /// Ends an exchange that is no longer needed.
    func end(_ exchange: Exchange, _ ending: Transfer.Ending) {
        exchange.ending.fulfill(ending)
        // Work that precedes this on the queue may create its task.
        self.queue.async { exchange.task?.cancel() }
    }

    /// Ends all exchanges and releases URLSession, which closes its connections; later exchanges end as ``Transfer/Ending/closed``.
    ///
    /// - Returns: Fulfilled when URLSession has no tasks and makes no more callbacks.
    func close() -> Promise<Void> {
        self.queue.async {
            let session = self.session.withLock { session in
                defer { session = nil }
                return session
            }
            guard let session else { return }
            for exchange in self.delegate.exchanges { self.end(exchange, .closed) }
            // After the cancellations. Not invalidateAndCancel(), which on Linux races on its table of tasks.
            self.queue.async { session.finishTasksAndInvalidate() }
            self.delegate.invalidated.whenFulfilled {
                self.queue.async {
                    // The last reference: releasing it closes connections, which may block.
                    withExtendedLifetime(session) { _ = self.closed.fulfill(()) }
                }
            }
        }
        return self.closed
    }
}
