import CCurl
import Foundation

/// One transfer of a loop, which receives the callbacks of its easy handle.
///
/// It is confined to the thread of its loop.
final class CurlHandle {
    let handle: CurlEasy
    let request: HTTPRequest
    let exchange: Exchange
    let body: OutgoingBody?
    /// The proxy; nil if there is none.
    let proxy: ProxyChoice?
    /// Whether libcurl decompresses the body of the response.
    let isDecompressed: Bool
    private var transfer: CurlTransfer
    /// The number of bytes of the body that are sent.
    private var position: Int64 = 0

    init(_ handle: CurlEasy, _ job: CurlJob) {
        self.handle = handle
        self.request = job.request
        self.exchange = job.exchange
        self.body = job.options.body
        self.proxy = handle.proxy(for: job.request.origin)
        self.isDecompressed = job.request.headers["accept-encoding"] == nil
        self.transfer = CurlTransfer(
            job.request,
            hasBody: job.options.body.map { $0.length != 0 } ?? false,
            isDecompressed: self.isDecompressed,
            proxy: self.proxy
        )
    }

    /// Ends the use of the easy handle.
    func release() {
        self.handle.transfer = nil
    }

    var number: UInt64 {
        self.exchange.number
    }

    // MARK: The loop

    /// Continues a paused transfer. Returns the result if a callback stopped it.
    func resume() -> CURLcode? {
        self.exchange.move([.request, .response])
        let code = ccurl_continue(self.handle.easy)
        // A transfer that connects again is not paused.
        return code == CURLE_OK || code == CURLE_BAD_FUNCTION_ARGUMENT ? nil : code
    }

    /// Returns the failure of the transfer; nil if the response is complete. Must be called before the easy handle is used again.
    func failure(_ code: CURLcode) -> HTTPFailure? {
        if code == CURLE_OK { return self.transfer.end(code, systemCode: 0, "") }
        let systemCode = Int32(truncatingIfNeeded: ccurl_os_error(self.handle.easy))
        return self.transfer.end(code, systemCode: systemCode, self.handle.failureText)
    }

    /// Ends the exchange.
    func finish(_ failure: HTTPFailure?) {
        guard let failure else { return self.exchange.complete() }
        if case .channel(let channel)? = self.body?.content, let error = channel.failure {
            self.exchange.finish(.uploadFailed(error))
        } else {
            self.exchange.finish(.failed(failure))
        }
    }

    // MARK: Callbacks

    /// Opens a socket. Returns -1 if the system refuses it.
    func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> Int32 {
        if self.transfer.phase != .connecting {
            self.transfer.connect()
            self.exchange.enter(.connecting)
        }
        let socket = ccurl_open_socket(address)
        if socket < 0 {
            self.transfer.refuseSocket(errno)
        } else {
            self.handle.sockets.table.open(socket, by: self.number)
        }
        return socket
    }

    /// Takes the connection over which the request is sent. Returns false if the request must not be sent.
    func send(over ends: ConnectionTable.Ends) -> Bool {
        guard self.transfer.send() else { return false }
        self.handle.sockets.table.use(ends, by: self.number)
        self.exchange.enter(self.transfer.phase)
        return true
    }

    /// Takes a line of the head. Returns false if the transfer must end.
    func receive(line: UnsafeRawBufferPointer) -> Bool {
        let isFirst = self.transfer.phase != .receiving
        switch self.transfer.take(line: line) {
        case .goOn:
            if isFirst { self.exchange.enter(.receiving) } else { self.exchange.move(.response) }
            return true
        case .head(let head):
            if self.announcesMissingBody(head) { self.handle.forbidReuse() }
            return self.exchange.receive(head)
        case .stop: return false
        }
    }

    /// Whether a response with status 204 or 304 announces a body. Some servers send it, and it would be taken for the next response. For
    /// HEAD, servers announce the body of GET.
    private func announcesMissingBody(_ head: HTTPHead) -> Bool {
        if head.hasBody || self.request.method == .head { return false }
        return (head.announcedSize ?? 0) > 0 || head.headers["transfer-encoding"] != nil
    }

    /// Takes a part of the body. Returns the number of bytes, or a code that pauses or ends the transfer.
    func receive(part: UnsafeRawBufferPointer) -> Int {
        switch self.exchange.receive(part) {
        case .goOn: part.count
        case .pause: ccurl_write_pause
        case .stop: 0
        }
    }

    /// Moves a part of the request's body into `buffer`. Returns the number of bytes, or a code that pauses or ends the transfer.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        switch self.body?.content {
        case .bytes(let bytes)?:
            let start = Int(self.position)
            let count = min(buffer.count, bytes.count - start)
            bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
            self.sent(count)
            return count
        case .channel(let channel)?:
            switch channel.read(into: buffer) {
            case .bytes(let count):
                self.sent(count)
                return count
            case .nothing:
                self.exchange.hold(.request)
                return ccurl_read_pause
            case .end:
                self.sentAll()
                return 0
            case .failure: return ccurl_read_abort
            }
        case nil: return 0
        }
    }

    private func sent(_ count: Int) {
        self.position += Int64(count)
        if self.position == self.body?.length { self.sentAll() } else { self.exchange.move(.request) }
    }

    private func sentAll() {
        guard self.transfer.phase == .sending else { return }
        self.transfer.sendAll()
        self.exchange.enter(self.transfer.phase)
    }

    /// Moves to a position of the request's body, for sending it again. Returns false if that is not possible.
    func seek(to offset: Int64) -> Bool {
        if case .bytes(let bytes)? = self.body?.content, 0...Int64(bytes.count) ~= offset { self.position = offset }
        return self.position == offset
    }
}
