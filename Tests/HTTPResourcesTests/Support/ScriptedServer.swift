import FlyingSocks
import Foundation
import ResourceContainer

/// A server on 127.0.0.1 that runs a test's script for each connection, byte for byte.
actor ScriptedServer {
    /// A connection, as the script sees it.
    struct Connection: Sendable {
        fileprivate let socket: AsyncSocket

        /// Reads the head of a request and returns it.
        func request() async throws -> String {
            var bytes: [UInt8] = []
            while !bytes.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) { bytes.append(try await self.socket.read()) }
            return String(decoding: bytes, as: UTF8.self)
        }

        func send(_ text: String) async throws {
            try await self.socket.write(Data(text.utf8))
        }

        /// Returns when the client has closed the connection.
        func untilClosed() async {
            while (try? await self.socket.read()) != nil {}
        }
    }

    let port: UInt16
    private let listener: AsyncSocket
    private var tasks: [Task<Void, Never>] = []

    /// Runs `body` with a server that runs `script` for each connection and then closes it. The server stops afterward.
    static func with<Result>(
        script: @escaping @Sendable (Connection) async throws -> Void,
        _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let pool = SocketPool<Poll>.make(maxEvents: 64)
        try await pool.prepare()
        let server = try ScriptedServer(pool: pool)
        await server.run(pool, script)
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    private init(pool: some AsyncSocketPool) throws {
        let socket = try Socket(domain: AF_INET)
        try socket.bind(to: sockaddr_in.inet(ip4: "127.0.0.1", port: 0))
        try socket.listen()
        guard case .ip4(_, let port) = try socket.sockname() else { throw SocketError.unsupportedAddress }
        self.port = port
        self.listener = try AsyncSocket(socket: socket, pool: pool)
    }

    private func run(_ pool: some AsyncSocketPool, _ script: @escaping @Sendable (Connection) async throws -> Void) {
        // Both run until the server is stopped, which every test does.
        self.tasks.append(Task { _ = try? await pool.run() })
        self.tasks.append(
            // As above.
            Task { [listener] in
                await withDiscardingTaskGroup { group in
                    while !Task.isCancelled, let socket = try? await listener.accept() {
                        group.addTask {
                            try? await script(Connection(socket: socket))
                            try? socket.close()
                        }
                    }
                    group.cancelAll()
                }
            }
        )
    }

    private func stop() async {
        try? self.listener.close()
        for task in self.tasks { task.cancel() }
        for task in self.tasks { await task.value }
    }
}
