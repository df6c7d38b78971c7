import Foundation

/// Requests to servers on the loopback address. It speaks HTTP/1.0, so that an answer ends with its connection.
public enum LoopbackHTTP {
    /// An answer.
    public struct Answer: Sendable {
        /// The status.
        public var status: Int
        /// The body.
        public var body: Data
    }

    /// Gets a page. Blocks the calling thread until the answer has arrived.
    ///
    /// - Throws: ``LoopbackServerError`` if there is no answer.
    public static func get(_ path: String, port: Int, accept: String = "*/*") throws -> Answer {
        let bytes = try self.exchange("GET \(path) HTTP/1.0\r\nHost: 127.0.0.1:\(port)\r\nAccept: \(accept)\r\n\r\n", port)
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)),
            let status = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: " ").dropFirst().first.flatMap({
                Int($0)
            })
        else { throw LoopbackServerError("port \(port) does not answer in HTTP") }
        return Answer(status: status, body: bytes[end.upperBound...])
    }

    private static func exchange(_ request: String, _ port: Int) throws -> Data {
        #if canImport(Glibc)
            let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let number = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard number >= 0 else { throw LoopbackServerError("no socket could be created") }
        defer { close(number) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw LoopbackServerError("no server accepts connections at port \(port)") }
        let bytes = Array(request.utf8)
        guard write(number, bytes, bytes.count) == bytes.count else { throw LoopbackServerError("port \(port) reads no request") }
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(number, &buffer, buffer.count)
            guard count >= 0 else { throw LoopbackServerError("the connection to port \(port) failed") }
            if count == 0 { return answer }
            answer += buffer[..<count]
        }
    }
}
