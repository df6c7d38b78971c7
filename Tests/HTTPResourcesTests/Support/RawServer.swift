import Foundation
import ResourceContainer

/// A server on 127.0.0.1 that runs a script on a thread for each connection. A script can send any bytes, at any pace, and reset.
final class RawServer: Sendable {
    /// A connection, as the script sees it. Its calls block the script's thread.
    struct Connection: Sendable {
        /// The port of the server.
        let port: UInt16
        let socket: Int32

        /// Reads the head of a request and returns it; nil once the client has closed the connection.
        func request() -> String? {
            var bytes: [UInt8] = []
            while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
                guard bytes.count < 1 << 20, let byte = self.read(1)?.first else { return nil }
                bytes.append(byte)
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Reads at most `count` bytes; nil once the client has closed the connection.
        func read(_ count: Int) -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: count)
            let received = recv(self.socket, &buffer, count, 0)
            return received > 0 ? Array(buffer[..<received]) : nil
        }

        /// Reads exactly `count` bytes; nil once the client has closed the connection.
        func readAll(_ count: Int) -> [UInt8]? {
            var bytes: [UInt8] = []
            while bytes.count < count {
                guard let part = self.read(count - bytes.count) else { return nil }
                bytes += part
            }
            return bytes
        }

        /// Sends bytes. Returns false if the client has closed the connection.
        @discardableResult
        func send(_ bytes: some Sequence<UInt8>) -> Bool {
            #if os(Linux)
                let flags = Int32(MSG_NOSIGNAL)
            #else
                let flags: Int32 = 0
            #endif
            var rest = Array(bytes)[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes { Foundation.send(self.socket, $0.baseAddress, $0.count, flags) }
                if sent <= 0 { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }

        @discardableResult
        func send(_ text: String) -> Bool {
            self.send(Array(text.utf8))
        }

        /// Announces the end of the bytes to the client.
        func finish() {
            shutdown(self.socket, Int32(SHUT_WR))
        }

        /// Makes the end of the script reset the connection instead of closing it.
        func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(self.socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }

        /// Returns when the client has closed the connection.
        func untilClosed() {
            while self.read(65_536) != nil {}
        }
    }

    private struct State {
        var isStopped = false
        /// The sockets of the scripts that run.
        var sockets: Set<Int32> = []
        /// The accepting thread, and the threads of the scripts.
        var threads = 1
    }

    let port: UInt16
    private let listener: Int32
    private let state = Lock(State())
    private let ended = Promise<Void>()

    /// Runs `body` with a server that runs `script` for each connection and then closes it. All connections end afterward.
    static func with<Result>(
        script: @escaping @Sendable (Connection) -> Void,
        _ body: (RawServer) async throws -> Result
    ) async throws -> Result {
        let server = try RawServer()
        Thread.detachNewThread { server.accept(script) }
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    private init() throws {
        let listener = Self.socket()
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
                if bind(listener, address, length) != 0 || listen(listener, 256) != 0 { return -1 }
                return getsockname(listener, address, &length)
            }
        }
        guard code == 0 else {
            close(listener)
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        self.listener = listener
        self.port = UInt16(bigEndian: address.sin_port)
    }

    /// The number of connections that are open.
    var openConnections: Int {
        self.state.withLock { $0.sockets.count }
    }

    /// The URL of a path.
    func address(_ path: String = "/", scheme: String = "http") -> String {
        "\(scheme)://127.0.0.1:\(self.port)\(path)"
    }

    /// Blocks the thread of a script for `milliseconds`.
    static func pause(milliseconds: UInt32) {
        usleep(milliseconds * 1000)
    }

    private static func socket() -> Int32 {
        #if canImport(Glibc)
            let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let socket = Foundation.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        Self.prepare(socket)
        return socket
    }

    /// Keeps the socket from child processes of other tests, and from the signal for writing to a closed connection.
    private static func prepare(_ socket: Int32) {
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        #if canImport(Darwin)
            setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private func accept(_ script: @escaping @Sendable (Connection) -> Void) {
        while true {
            let socket = Foundation.accept(self.listener, nil, nil)
            let isStopped = self.state.withLock { state in
                if !state.isStopped, socket >= 0 {
                    state.sockets.insert(socket)
                    state.threads += 1
                }
                return state.isStopped
            }
            if isStopped {
                if socket >= 0 { close(socket) }
                break
            }
            guard socket >= 0 else { continue }
            Self.prepare(socket)
            Thread.detachNewThread {
                script(Connection(port: self.port, socket: socket))
                // Under the lock, so that a stop does not shut down another file with this number.
                self.state.withLock { state in
                    state.sockets.remove(socket)
                    _ = close(socket)
                }
                self.leave()
            }
        }
        close(self.listener)
        self.leave()
    }

    private func leave() {
        let isLast = self.state.withLock { state in
            state.threads -= 1
            return state.threads == 0
        }
        if isLast { self.ended.fulfill(()) }
    }

    private func stop() async {
        self.state.withLock { state in
            state.isStopped = true
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
        // Wakes the accepting thread.
        let waker = Self.socket()
        var address = Self.loopback(self.port)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(waker, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        close(waker)
        await self.ended.waitThroughCancellation()
    }
}
