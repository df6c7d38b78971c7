import CCurl
import LocalSockets
import ResourceContainer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The loop of a client's thread: it drives all transfers of the client.
///
/// It is confined to its thread. libcurl calls back on that thread only, inside `curl_multi_socket_action` and the calls that add,
/// continue, or remove a transfer. One turn costs as much as the sockets that are ready, apart from one `poll` and one scan of all of them.
final class CurlLoop {
    /// The number of easy handles that are kept for later transfers.
    private static let maximumSpares = 128
    /// The number that libcurl expects in place of a socket when its deadline has passed.
    private static let timeout: Int32 = -1

    private let settings: CurlSettings
    private let mailbox: CurlMailbox
    private let multi: UnsafeMutableRawPointer
    /// The running transfers by the number of their exchange.
    private var running: [UInt64: CurlHandle] = [:]
    private var spares: [CurlEasy] = []
    /// The sockets that libcurl reports. A connection refers to them longer than to its transfer.
    private let sockets = CurlSockets()
    private let waits: SocketWaits
    private let time = TimeSource.system

    /// Runs a loop on the calling thread until the mailbox is closed.
    static func run(_ settings: CurlSettings, _ mailbox: CurlMailbox) {
        Self.blockBrokenPipes()
        if let multi = curl_multi_init() {
            CurlLoop(multi, settings, mailbox).run()
        } else {
            mailbox.close()
            Self.refuse(mailbox.take().commands)
        }
        mailbox.hasEnded.fulfill(())
    }

    private init(_ multi: UnsafeMutableRawPointer, _ settings: CurlSettings, _ mailbox: CurlMailbox) {
        self.multi = multi
        self.settings = settings
        self.mailbox = mailbox
        self.waits = SocketWaits(waker: mailbox.waker.number)
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.maximumConnections)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, settings.maximumConnections)
        // The loop owns the waits until the multi handle is gone.
        let waits = Unmanaged.passUnretained(self.waits).toOpaque()
        ccurl_multi_on_socket(multi, { _, socket, action, context, _ in SocketWaits.of(context).take(socket, action) }, waits)
        ccurl_multi_on_timer(multi, { _, milliseconds, context in SocketWaits.of(context).take(milliseconds) }, waits)
    }

    private static func refuse(_ commands: [CurlCommand]) {
        for case .start(let job) in commands { job.exchange.finish(.failed(.withoutLibrary)) }
    }

    /// Blocks SIGPIPE in this thread and those that libcurl starts. libcurl does not: its own protection changes the handler of the
    /// process, which `CURLOPT_NOSIGNAL` prevents.
    private static func blockBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func run() {
        while true {
            let (commands, isClosed) = self.mailbox.take()
            for command in commands { self.apply(command) }
            if isClosed { break }
            if self.waits.takeDeadline(at: self.time.now) { self.act(on: Self.timeout, 0) }
            self.completeEnded()
            let (ready, isWoken) = self.waits.wait(at: self.time.now, blocks: self.mailbox.beginWait())
            if isWoken { self.mailbox.waker.clear() }
            for entry in ready { self.act(on: entry.socket, entry.bits) }
        }
        self.endAll(.closed)
        for spare in self.spares { spare.release() }
        // Closes the connections.
        curl_multi_cleanup(self.multi)
        self.mailbox.report(self.sockets.table.sample)
    }

    private func apply(_ command: CurlCommand) {
        switch command {
        case .start(let job): self.start(job)
        case .end(let number): if let handle = self.running[number] { self.remove(handle) }
        case .resume(let number):
            guard let handle = self.running[number] else { return }
            // A callback can stop the transfer inside the call.
            guard let code = handle.resume() else { return }
            let failure = handle.failure(code)
            self.remove(handle)
            handle.finish(failure)
        }
    }

    private func start(_ job: CurlJob) {
        if job.exchange.hasEnded { return }
        guard let spare = self.spares.popLast() ?? CurlEasy(self.settings, self.sockets) else { return Self.refuse([.start(job)]) }
        let handle = CurlHandle(spare, job)
        var failure = handle.configure()
        if failure == nil, curl_multi_add_handle(self.multi, spare.easy) != CURLM_OK { failure = .withoutLibrary }
        if let failure {
            handle.release()
            spare.release()
            return job.exchange.finish(.failed(failure))
        }
        self.running[handle.number] = handle
    }

    /// Lets libcurl continue the transfers of a socket, or those whose time has come. A socket may have been closed in the same turn.
    private func act(on socket: Int32, _ bits: Int32) {
        var count: Int32 = 0
        let code = curl_multi_socket_action(self.multi, socket, bits, &count)
        if code == CURLM_OK || code == CURLM_BAD_SOCKET { return }
        self.endAll(.failed(HTTPFailure(.unreachable, phase: nil, "libcurl failed: \(String(cString: curl_multi_strerror(code)))")))
    }

    /// Completes the transfers that libcurl has ended.
    private func completeEnded() {
        var ended: [(handle: CurlHandle, failure: HTTPFailure?)] = []
        var result = CURLE_OK
        while let easy = ccurl_next_ended(self.multi, &result) {
            guard let handle = CurlEasy.of(easy)?.transfer else { continue }
            ended.append((handle, handle.failure(result)))
            self.remove(handle)
        }
        // First, so that the connections are idle when the tasks that wait for the responses continue.
        self.mailbox.report(self.sockets.table.sample)
        for (handle, failure) in ended { handle.finish(failure) }
    }

    private func remove(_ handle: CurlHandle) {
        let easy = handle.handle
        self.running[handle.number] = nil
        curl_multi_remove_handle(self.multi, easy.easy)
        self.sockets.table.leave(handle.number)
        handle.release()
        if self.spares.count < Self.maximumSpares { self.spares.append(easy) } else { easy.release() }
    }

    private func endAll(_ ending: ExchangeEnding) {
        for handle in Array(self.running.values) {
            handle.exchange.finish(ending)
            self.remove(handle)
        }
    }
}

/// The connections of a loop, which libcurl's connections refer to.
final class CurlSockets {
    var table = ConnectionTable()
}

extension SocketWaits {
    /// The waits that libcurl passes to its callbacks.
    fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> SocketWaits {
        // The loop has set the context, and keeps the object while libcurl can call back.
        Unmanaged.fromOpaque(context!).takeUnretainedValue()
    }

    fileprivate func take(_ socket: Int32, _ action: Int32) -> Int32 {
        if action == CURL_POLL_REMOVE {
            self.forget(socket)
        } else {
            self.watch(socket, reads: action & CURL_POLL_IN != 0, writes: action & CURL_POLL_OUT != 0)
        }
        return 0
    }

    fileprivate func take(_ milliseconds: Int) -> Int32 {
        self.setDeadline(in: milliseconds < 0 ? nil : .milliseconds(milliseconds), at: TimeSource.system.now)
        return 0
    }
}
