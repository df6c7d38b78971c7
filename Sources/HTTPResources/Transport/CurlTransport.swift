import LocalSockets
import ResourceContainer

/// A transport over libcurl's multi interface, on one thread.
///
/// The thread never waits for the application, so that the transfers of one client do not delay each other. It ends with ``close()``, or
/// when the transport is released.
final class CurlTransport: HTTPSending {
    /// The commands for the thread; nil if the system refused the descriptors or the thread.
    private let mailbox: CurlMailbox?
    private let time: TimeSource
    private let number = Lock<UInt64>(0)

    init(_ settings: CurlSettings, _ time: TimeSource) {
        self.time = time
        guard CurlLibrary.isInitialized, let waker = try? WakePipe() else {
            self.mailbox = nil
            return
        }
        let mailbox = CurlMailbox(waker)
        self.mailbox = LibraryThread.start(.transfers) { CurlLoop.run(settings, mailbox) } ? mailbox : nil
    }

    deinit {
        self.mailbox?.close()
    }

    func start(_ request: HTTPRequest, _ options: ExchangeOptions) -> Exchange {
        let number = self.number.withLock { number in
            number += 1
            return number
        }
        let exchange = Exchange(number, options, phase: .resolving, self.time)
        guard let mailbox = self.mailbox else {
            exchange.finish(.failed(.withoutLibrary))
            return exchange
        }
        let resume: @Sendable () -> Void = { mailbox.post(.resume(number)) }
        exchange.whenTransportCanContinue(resume)
        if case .channel(let channel)? = options.body?.content { channel.whenThreadCanContinue(resume) }
        if !mailbox.post(.start(CurlJob(request: request, options: options, exchange: exchange))) { exchange.finish(.closed) }
        return exchange
    }

    func end(_ exchange: Exchange, _ ending: ExchangeEnding) {
        exchange.finish(ending)
        self.mailbox?.post(.end(exchange.number))
    }

    func close() -> Promise<Void> {
        guard let mailbox = self.mailbox else {
            let ended = Promise<Void>()
            ended.fulfill(())
            return ended
        }
        mailbox.close()
        return mailbox.hasEnded
    }

    var connections: HTTPConnectionSample {
        self.mailbox?.connections ?? HTTPConnectionSample()
    }
}
