import FlyingFox
import FlyingSocks
import Foundation
import ResourceContainer

/// A carrier that runs an HTTP server on 127.0.0.1, on a port assigned by the system.
actor LoopbackCarrier: Carrier {
    private let manners: CarrierManners
    private var running: (server: HTTPServer, task: Task<Void, any Error>)?
    private var port: UInt16 = 0

    init(manners: CarrierManners) {
        self.manners = manners
    }

    var address: URL {
        get throws {
            guard self.running != nil else { throw ScenarioFault(description: "the carrier's server is not running") }
            return try URL.known("http://127.0.0.1:\(self.port)")
        }
    }

    func initialize() async throws {
        let server = HTTPServer(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: 0),
            timeout: 60,
            pool: PromptSockets(base: SocketPool<Poll>.make(maxEvents: 64)),
            logger: .disabled
        )
        let manners = self.manners
        await server.appendRoute("/*") { request in
            let (status, body) = try await manners.answer(request.path)
            let headers = HTTPHeaders([.contentType: "application/json"])
            return HTTPResponse(statusCode: HTTPStatusCode(status, phrase: ""), headers: headers, body: body)
        }
        // Unstructured: the server runs from initialize until dispose stops it.
        let task = Task { try await server.run() }
        self.running = (server, task)
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else {
            throw ScenarioFault(description: "the system assigned no port")
        }
        self.port = port
    }

    func dispose() async throws {
        guard let (server, task) = self.running else { return }
        self.running = nil
        await server.stop()
        _ = await task.result
    }
}

/// Sockets without Nagle's algorithm (`TCP_NODELAY`). The server writes the head and the body of a response separately; with delayed
/// acknowledgments the second write would take 45 ms on a kept-alive connection.
private struct PromptSockets: AsyncSocketPool {
    let base: any AsyncSocketPool

    func prepare() async throws { try await self.base.prepare() }
    func run() async throws { try await self.base.run() }

    /// Called for every socket, including the listening one, whose options the accepted sockets inherit.
    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await self.base.suspendSocket(socket, untilReadyFor: events)
    }
}
