import FlyingFox
import FlyingSocks
import Foundation
import ResourceContainer

/// A server on 127.0.0.1, at a port that the system chooses, that reports and counts its requests.
final class TestServer: Sendable {
    private struct Counts {
        var now = 0
        var most = 0
        var all = 0
    }

    /// The port of the server.
    let port: UInt16
    private let server: HTTPServer
    private let running: Task<Void, any Error>
    private let routes: Routes

    /// Runs `body` with a server, which is stopped afterward with all its connections.
    static func with<Result>(isIPv6: Bool = false, _ body: (TestServer) async throws -> Result) async throws -> Result {
        let server = try await TestServer(isIPv6: isIPv6)
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    /// A port without a listener. It is not in the system's range of ephemeral ports, because another process could get it before the test
    /// uses it. It is also not the port of a stopped server, because a child process of another test could have inherited the listener.
    static func unusedPort() throws -> UInt16 {
        for _ in 0..<50 {
            let port = UInt16.random(in: 20_000..<32_000)
            let socket = try Socket(domain: AF_INET)
            defer { try? socket.close() }
            do { try socket.bind(to: sockaddr_in.inet(ip4: "127.0.0.1", port: port)) } catch { continue }
            return port
        }
        throw SocketError.unsupportedAddress
    }

    /// - Parameter isIPv6: Whether the server listens at `::1` instead of 127.0.0.1.
    init(port: UInt16 = 0, isIPv6: Bool = false) async throws {
        self.routes = Routes()
        let pool = PromptSockets(base: SocketPool<Poll>.make(maxEvents: 64))
        if isIPv6 {
            let address = try sockaddr_in6.inet6(ip6: "::1", port: port)
            self.server = HTTPServer(address: address, timeout: 60, pool: pool, logger: .disabled, handler: self.routes)
        } else {
            let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
            self.server = HTTPServer(address: address, timeout: 60, pool: pool, logger: .disabled, handler: self.routes)
        }
        // Serves until it is stopped, which every test does.
        self.running = Task { [server] in try await server.run() }
        // On a busy machine, the library's limit of five seconds can pass before the task of the server runs.
        try await self.server.waitUntilListening(timeout: 60)
        switch await self.server.listeningAddress {
        case .ip4(_, let port)?, .ip6(_, let port)?: self.port = port
        default: throw SocketError.unsupportedAddress
        }
    }

    func stop() async {
        await self.server.stop()
        _ = await self.running.result
    }

    /// The requests to `/hold`: in progress, the maximum in progress, and the total.
    var counts: (now: Int, most: Int, all: Int) {
        self.routes.counts.withLock { ($0.now, $0.most, $0.all) }
    }

    /// The requests in order of arrival: method and path.
    var asked: [String] {
        self.routes.asked.withLock { $0 }
    }

    /// Answers all held requests, and holds no further ones.
    func release() {
        self.routes.gate.fulfill(())
    }

    private final class Routes: HTTPHandler {
        let counts = Lock(Counts())
        let asked = Lock<[String]>([])
        let gate = Promise<Void>()

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            self.asked.withLock { $0.append("\(request.method.rawValue) \(request.path)") }
            func query(_ name: String) -> String? { request.query.first { $0.name == name }?.value }
            switch request.path {
            case "/echo": return try await self.echo(request)
            case "/hold": return await self.hold()
            case "/never": return await self.never()
            case "/status":
                return HTTPResponse(statusCode: HTTPStatusCode(Int(query("is") ?? "") ?? 200, phrase: ""), body: Data("as wished".utf8))
            case "/large": return HTTPResponse(statusCode: .ok, body: Data(repeating: 0x61, count: Int(query("bytes") ?? "") ?? 0))
            case "/redirect":
                return HTTPResponse(
                    statusCode: HTTPStatusCode(Int(query("status") ?? "") ?? 302, phrase: ""),
                    headers: HTTPHeaders(query("to").map { [HTTPHeader("Location"): $0] } ?? [:]),
                    body: Data("elsewhere".utf8)
                )
            case "/circle": return HTTPResponse(statusCode: .found, headers: HTTPHeaders([HTTPHeader("Location"): "/circle"]))
            case "/login":
                return HTTPResponse(
                    statusCode: .unauthorized,
                    headers: HTTPHeaders([HTTPHeader("WWW-Authenticate"): query("scheme") ?? ""]),
                    body: Data("who?".utf8)
                )
            case "/cookie":
                return HTTPResponse(
                    statusCode: .ok,
                    headers: HTTPHeaders([HTTPHeader("Set-Cookie"): "id=1; Path=/", HTTPHeader("Cache-Control"): "max-age=60"])
                )
            default: return HTTPResponse(statusCode: .notFound)
            }
        }

        private func echo(_ request: HTTPRequest) async throws -> HTTPResponse {
            var headers: [String: String] = [:]
            for (name, value) in request.headers { headers[name.rawValue.lowercased()] = value }
            let echo = Echo(
                method: request.method.rawValue,
                query: request.query.map { "\($0.name)=\($0.value)" },
                headers: headers,
                body: String(decoding: try await request.bodyData, as: UTF8.self)
            )
            return HTTPResponse(
                statusCode: .ok,
                headers: HTTPHeaders([.contentType: "application/json"]),
                body: try JSONEncoder().encode(echo)
            )
        }

        private func hold() async -> HTTPResponse {
            self.counts.withLock {
                $0.now += 1
                $0.all += 1
                $0.most = max($0.most, $0.now)
            }
            _ = await self.gate.wait()
            self.counts.withLock { $0.now -= 1 }
            return HTTPResponse(statusCode: .ok, body: Data("continued".utf8))
        }

        private func never() async -> HTTPResponse {
            _ = await Promise<Void>().wait()
            return HTTPResponse(statusCode: .internalServerError)
        }
    }
}

/// The response of `/echo`.
struct Echo: Codable, Equatable, Sendable {
    let method: String
    let query: [String]
    let headers: [String: String]
    let body: String
}

/// Sockets with TCP_NODELAY. The server writes the head and the body of a response separately, and without the option the body waits for
/// the acknowledgment of the head, which takes 40 ms. Accepted sockets inherit the option from the listening one.
private struct PromptSockets: AsyncSocketPool {
    let base: any AsyncSocketPool

    func prepare() async throws { try await self.base.prepare() }
    func run() async throws { try await self.base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await self.base.suspendSocket(socket, untilReadyFor: events)
    }
}
