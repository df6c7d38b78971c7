import FlyingSocks
import Foundation
import ResourceContainer

/// An echo service on 127.0.0.1, on a port assigned by the system. It returns each byte that it receives.
actor LoopbackUpstream: Upstream {
    private struct Running {
        var listener: AsyncSocket
        var pool: any AsyncSocketPool
        var address: sockaddr_in
        /// The tasks of the service. They run until it goes down, and are unstructured because they outlive the call that starts them.
        var tasks: [Task<Void, Never>]
        /// The task of each connection, by connection number.
        var serving: [Int: Task<Void, Never>] = [:]
        /// The open connections, by number. The code that removes one closes it, because a second close could close an unrelated
        /// descriptor with the same number.
        var served: [Int: AsyncSocket] = [:]
    }

    private var running: Running?
    private var isDisposed = false
    /// The number of connections accepted so far, over all periods in which the service was up.
    private var accepted = 0
    /// The port. It stays the same when the service goes down and comes up again.
    private var port: UInt16 = 0

    func initialize() async throws {
        try await self.setUp(true)
    }

    func dispose() async throws {
        self.isDisposed = true
        try await self.setUp(false)
    }

    func setUp(_ isUp: Bool) async throws {
        guard isUp != (self.running != nil), !isUp || !self.isDisposed else { return }
        if isUp { try await self.start() } else { self.stop() }
    }

    func connect() async throws -> any UpstreamConnection {
        guard let running = self.running else { throw ScenarioFault(description: "connection refused: 127.0.0.1:\(self.port)") }
        let socket = try await AsyncSocket.connected(to: running.address, pool: running.pool, timeout: 2)
        return Connection(socket: socket)
    }

    private func start() async throws {
        let pool = SocketPool<Poll>.make(maxEvents: 64)
        try await pool.prepare()
        // Another call may have started or disposed the service in the meantime.
        guard self.running == nil, !self.isDisposed else { return }
        let socket = try Socket(domain: AF_INET)
        let (listener, port) = try self.listen(on: socket, pool)
        self.port = port
        // Unstructured: both tasks run while the service is up and are canceled when it goes down.
        let polling = Task { _ = try? await pool.run() }
        // See above.
        let accepting = Task { [weak self] in
            while !Task.isCancelled, let accepted = try? await listener.accept() { await self?.serve(accepted) }
        }
        self.running = Running(
            listener: listener,
            pool: pool,
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port),
            tasks: [accepting, polling]
        )
    }

    private func listen(on socket: Socket, _ pool: some AsyncSocketPool) throws -> (listener: AsyncSocket, port: UInt16) {
        do {
            try socket.setValue(true, for: .localAddressReuse)
            try socket.bind(to: sockaddr_in.inet(ip4: "127.0.0.1", port: self.port))
            try socket.listen()
            guard case .ip4(_, let port) = try socket.sockname() else { throw ScenarioFault(description: "the system assigned no port") }
            return (try AsyncSocket(socket: socket, pool: pool), port)
        } catch {
            try? socket.close()
            throw error
        }
    }

    private func serve(_ socket: AsyncSocket) {
        guard self.running != nil else {
            try? socket.close()
            return
        }
        self.accepted += 1
        let number = self.accepted
        self.running?.served[number] = socket
        // Unstructured: it serves the connection until the client disconnects or the service goes down, which cancels it.
        self.running?.serving[number] = Task {
            while let byte = try? await socket.read() {
                do { try await socket.write(Data([byte])) } catch { break }
            }
            self.running?.serving[number] = nil
            if self.running?.served.removeValue(forKey: number) != nil { try? socket.close() }
        }
    }

    private func stop() {
        guard let running = self.running else { return }
        self.running = nil
        for task in running.tasks + running.serving.values { task.cancel() }
        try? running.listener.close()
        for socket in running.served.values { try? socket.close() }
    }

    private struct Connection: UpstreamConnection {
        let socket: AsyncSocket

        func ask() async throws {
            do {
                try await self.socket.write(Data([0x3F]))
                _ = try await self.socket.read()
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw ScenarioFault(description: "connection reset by peer")
            }
        }

        func close() async throws {
            try? self.socket.close()
        }
    }
}
