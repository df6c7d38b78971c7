import Foundation
import HTTPResources
import ResourceContainer
import Testing

/// A server with TLS on 127.0.0.1, run by the program openssl, whose certificate is signed by an authority of the test.
struct TLSServer {
    /// The first connection of a server, as a script sees it: the decrypted bytes.
    struct Connection: Sendable {
        let bytes: RawServer.Connection
        fileprivate let program: OpenSSL

        /// Resets the connection.
        func reset() {
            self.program.kill()
        }
    }

    /// The port of the server.
    let port: Int
    /// The directory with `authority.pem`, and with `client.pem` and `client.key`, a certificate for clients.
    let directory: String

    /// Runs `body` with a server for the name localhost, which answers every request with its state and is stopped afterward.
    ///
    /// - Parameter requiresClientCertificate: Whether the server refuses clients without a certificate of the authority.
    static func with<Result>(
        requiresClientCertificate: Bool = false,
        _ body: (TLSServer) async throws -> Result
    ) async throws -> Result {
        try await Self.withDirectory { directory in
            let required = ["-Verify", "1", "-verify_return_error", "-CAfile", "\(directory)/authority.pem"]
            let arguments = ["-www"] + (requiresClientCertificate ? required : [])
            return try await Self.run(arguments, directory, script: { _ in }, body)
        }
    }

    /// Runs `body` with a server for the name localhost that runs `script` for its first connection, and is stopped afterward.
    ///
    /// - Parameter protocols: The protocols that the server offers (ALPN), such as `h2`, separated by commas.
    static func with<Result>(
        protocols: String,
        script: @escaping @Sendable (Connection) -> Void,
        _ body: (TLSServer) async throws -> Result
    ) async throws -> Result {
        try await Self.withDirectory { directory in
            try await Self.run(["-alpn", protocols], directory, script: script, body)
        }
    }

    /// The settings of a client that trusts the server.
    var trusted: HTTPTLS {
        HTTPTLS(authorities: self.path("authority.pem"))
    }

    /// The URL of the server.
    func url(host: String = "localhost") throws -> URL {
        try #require(URL(string: "https://\(host):\(self.port)/"))
    }

    /// The path of a file of the directory.
    func path(_ name: String) -> String {
        "\(self.directory)/\(name)"
    }

    private static func run<Result>(
        _ arguments: [String],
        _ directory: String,
        script: @escaping @Sendable (Connection) -> Void,
        _ body: (TLSServer) async throws -> Result
    ) async throws -> Result {
        let (own, other) = try Self.sockets()
        let program: OpenSSL
        do {
            defer { close(other) }
            let common = ["s_server", "-accept", "127.0.0.1:0", "-cert", "\(directory)/server.pem", "-key", "\(directory)/server.key"]
            program = try OpenSSL(common + arguments, stream: other)
        } catch {
            close(own)
            throw error
        }
        let port = Promise<Int?>()
        let ended = Promise<Void>()
        Thread.detachNewThread {
            let bytes = RawServer.Connection(port: 0, socket: own)
            // The server prints its port when it listens, and then facts about TLS and the bytes of its client.
            var text = ""
            while port.value == nil, let part = bytes.read(4096) {
                text += String(decoding: part, as: UTF8.self)
                if let match = text.firstMatch(of: #/ACCEPT 127\.0\.0\.1:([0-9]+)\n/#) { port.fulfill(Int(match.1)) }
            }
            if port.value != nil { script(Connection(bytes: bytes, program: program)) }
            bytes.untilClosed()
            close(own)
            port.fulfill(nil)
            ended.fulfill(())
        }
        func stop() async {
            await program.stop()
            await ended.waitThroughCancellation()
        }
        do {
            let known = try #require(await port.waitThroughCancellation(), "openssl does not listen")
            let result = try await body(TLSServer(port: known, directory: directory))
            await stop()
            return result
        } catch {
            await stop()
            throw error
        }
    }

    /// Returns two connected sockets, which child processes do not inherit.
    private static func sockets() throws -> (Int32, Int32) {
        var pair: [Int32] = [-1, -1]
        #if canImport(Glibc)
            let code = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair)
        #else
            let code = socketpair(AF_UNIX, SOCK_STREAM, 0, &pair)
            for socket in pair { _ = fcntl(socket, F_SETFD, FD_CLOEXEC) }
        #endif
        #if canImport(Darwin)
            var on: Int32 = 1
            setsockopt(pair[0], SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
        if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return (pair[0], pair[1])
    }

    /// Runs `body` with a directory of certificates, which is removed afterward.
    private static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("resmon-tls-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let authority = "\(directory)/authority"
        try await OpenSSL.run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "\(authority).key", "-out",
            "\(authority).pem", "-subj",
            "/CN=authority",
        ])
        try await Self.sign("\(directory)/server", "localhost", by: authority)
        try await Self.sign("\(directory)/client", "client", by: authority)
        return try await body(directory)
    }

    /// Creates `PATH.key`, and `PATH.pem` with a certificate for a name.
    private static func sign(_ path: String, _ name: String, by authority: String) async throws {
        try Data("subjectAltName=DNS:\(name)".utf8).write(to: URL(fileURLWithPath: "\(path).ext"))
        try await OpenSSL.run([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "\(path).key", "-out", "\(path).csr",
            "-subj", "/CN=\(name)",
        ])
        try await OpenSSL.run([
            "x509", "-req", "-in", "\(path).csr", "-CA", "\(authority).pem", "-CAkey", "\(authority).key", "-CAcreateserial", "-extfile",
            "\(path).ext", "-out", "\(path).pem",
        ])
    }
}
