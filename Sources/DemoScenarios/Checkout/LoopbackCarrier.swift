import FlyingFox
import FlyingSocks
import Foundation
import ResourceContainer

/// A carrier that is an HTTP server on 127.0.0.1, at a port that the system chooses.
actor LoopbackCarrier: Carrier {
    private let manners: CarrierManners
    private var running: (server: HTTPServer, task: Task<Void, any Error>)?
    private var port: UInt16 = 0

    init(manners: CarrierManners) {
        self.manners = manners
    }

    var address: URL {
        get throws {
            guard self.running != nil else { throw Mishap(description: "the carrier's server does not run") }
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
        // Serves from initialise to dispose, which stops it.
        let task = Task { try await server.run() }
        self.running = (server, task)
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw Mishap(description: "the system gave no port") }
        self.port = port
    }

    func dispose() async throws {
        guard let (server, task) = self.running else { return }
        self.running = nil
        await server.stop()
        _ = await task.result
    }
}

/// Sockets that send at once. The server writes head and body of an answer apart, and where the second waits for the first to be acknowledged,
/// an answer over a kept connection takes 45 ms.
private struct PromptSockets: AsyncSocketPool {
    let base: any AsyncSocketPool

    func prepare() async throws { try await self.base.prepare() }
    func run() async throws { try await self.base.run() }

    /// Sees every socket, that which listens among them, whose options those that it accepts have.
    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await self.base.suspendSocket(socket, untilReadyFor: events)
    }
}
