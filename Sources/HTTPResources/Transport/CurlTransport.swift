import ResourceContainer

/// A transport over libcurl's multi interface, on one thread.
///
/// The thread never waits for the application, so that the transfers of one client do not delay each other. It ends with ``close()``, or
/// when the transport is released.
final class CurlTransport: HTTPSending {
    private let mailbox = CurlMailbox()
    private let time: TimeSource
    private let number = Lock<UInt64>(0)
    /// Whether the thread runs.
    private let isRunning: Bool

    init(_ settings: CurlSettings, _ time: TimeSource) {
        self.time = time
        let mailbox = self.mailbox
        self.isRunning = CurlLibrary.isInitialized && LibraryThread.start(.transfers) { CurlLoop.run(settings, mailbox) }
        if !self.isRunning { mailbox.hasEnded.fulfill(()) }
    }

    deinit {
        self.mailbox.close()
    }

    func start(_ request: HTTPRequest, _ options: ExchangeOptions) -> Exchange {
        let number = self.number.withLock { number in
            number += 1
            return number
        }
        let exchange = Exchange(number, options, phase: .resolving, self.time)
        let resume: @Sendable () -> Void = { [mailbox] in mailbox.post(.resume(number)) }
        exchange.whenTransportCanContinue(resume)
        if case .channel(let channel)? = options.body?.content { channel.whenThreadCanContinue(resume) }
        if !self.isRunning {
            exchange.finish(.failed(.withoutLibrary))
        } else if !self.mailbox.post(.start(CurlJob(request: request, options: options, exchange: exchange))) {
            exchange.finish(.closed)
        }
        return exchange
    }

    func end(_ exchange: Exchange, _ ending: ExchangeEnding) {
        exchange.finish(ending)
        self.mailbox.post(.end(exchange.number))
    }

    func close() -> Promise<Void> {
        self.mailbox.close()
        return self.mailbox.hasEnded
    }

    var connections: HTTPConnectionSample {
        self.mailbox.connections
    }
}
