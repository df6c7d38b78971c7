import ResourceContainer
import ResourceMonitoring
import ResourceRecording

/// The clients of one server. Pure, except for the commands that its clients run.
struct ClientTable {
    private var clients: [ServedClient] = []
    private var lastID: UInt64 = 0
    /// The end of every stream, once there is one.
    private var ending: (body: RecordingEnd, patience: Duration)?

    var count: Int { self.clients.count }

    var isEmpty: Bool { self.clients.isEmpty }

    var ids: [UInt64] { self.clients.map(\.id) }

    /// The modes in which clients watch.
    var modes: Set<AttachMode> { Set(self.clients.compactMap(\.mode)) }

    /// Whether a client's stream has begun.
    var isWatched: Bool { self.clients.contains { $0.connection.hasBegun } }

    /// The reason why a further client is not accepted; nil if there is room.
    ///
    /// - Parameter isOwner: Whether it runs as the process's user or root, for which one connection is reserved.
    func obstacle(isOwner: Bool) -> String? {
        let count = self.clients.count { !$0.isClosed }
        if count < AttachLimits.clients - (isOwner ? 0 : 1) { return nil }
        let rest = isOwner ? "no more are accepted" : "the last connection is reserved for the process's user and root"
        return "\(count) clients are attached to this process, and \(rest)"
    }

    /// Adds a client, for which there must be room, and returns its number.
    mutating func admit(_ connection: AttachConnection, _ commands: ClientCommands, at now: TimeSource.Instant) -> UInt64 {
        self.lastID += 1
        var client = ServedClient(self.lastID, connection, commands)
        if let ending = self.ending { client.end(ending.body, by: now + ending.patience) }
        self.clients.append(client)
        return self.lastID
    }

    /// Whether to read from a client, and the number of bytes that are still to be written to it.
    func interest(of id: UInt64) -> (reads: Bool, pending: Int) {
        guard let client = self.clients.first(where: { $0.id == id }) else { return (false, 0) }
        return (client.connection.wantsInput, client.connection.outbox.unsent.count)
    }

    /// Changes one client, if it is still there.
    mutating func change(_ id: UInt64, _ body: (inout ServedClient) -> Void) {
        guard let index = self.clients.firstIndex(where: { $0.id == id }) else { return }
        body(&self.clients[index])
    }

    /// Ends all streams, including those of clients to come.
    ///
    /// - Parameter patience: The time in which running commands may still answer, and clients may still send their first line.
    mutating func end(_ body: RecordingEnd, patience: Duration, at now: TimeSource.Instant) {
        self.ending = (body, patience)
        for index in self.clients.indices { self.clients[index].end(body, by: now + patience) }
    }

    /// Lets every client take its steps, and removes the closed ones.
    ///
    /// - Returns: The closed clients, and whether more can be done at once.
    mutating func proceed(
        _ source: StreamSource,
        transmit: (UInt64, ArraySlice<UInt8>) -> Int?,
        done: @escaping @Sendable (UInt64, AttachAnswer) -> Void
    ) -> (closed: [UInt64], hasMore: Bool) {
        source.beginRound()
        var hasMore = false
        for index in self.clients.indices {
            let id = self.clients[index].id
            if self.clients[index].proceed(source, transmit: { transmit(id, $0) }, done: done) { hasMore = true }
        }
        let closed = self.clients.filter(\.isClosed).map(\.id)
        if !closed.isEmpty { self.clients.removeAll(where: \.isClosed) }
        source.serve(self.modes)
        // Another client may have waited for a round without a snapshot.
        return (closed, hasMore || source.hasTakenSnapshot)
    }

    /// Closes all connections.
    mutating func closeAll() {
        for index in self.clients.indices { self.clients[index].close() }
        self.clients = []
    }

    /// The time at which a client may have a step although nothing else happens; nil if there is none.
    func deadline(after now: TimeSource.Instant) -> TimeSource.Instant? {
        self.clients.compactMap { $0.connection.deadline(after: now) }.min()
    }
}
