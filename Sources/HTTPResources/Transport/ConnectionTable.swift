/// The connections of a client: their sockets, and the transfers that use them. Pure: it records what libcurl reports.
struct ConnectionTable: Sendable {
    /// The identity of a connection: the addresses and ports of both ends.
    struct Ends: Hashable, Sendable {
        let local: String
        let localPort: Int32
        let remote: String
        let remotePort: Int32

        /// The ports alone distinguish nearly all connections, and the texts cost ten times as much.
        func hash(into hasher: inout Hasher) {
            hasher.combine(self.localPort)
            hasher.combine(self.remotePort)
        }
    }

    /// The sockets that transfers are connecting, with the numbers of the transfers.
    private var connecting: [Int32: UInt64] = [:]
    /// The sockets of established connections.
    private var established: Set<Int32> = []
    /// The connections in use, with the number of transfers that share each.
    private var inUse: [Ends: Int] = [:]
    private var ends: [UInt64: Ends] = [:]
    private var opened = 0
    private var reused = 0

    /// A transfer opened a socket.
    mutating func open(_ socket: Int32, by transfer: UInt64) {
        self.connecting[socket] = transfer
    }

    /// A transfer has its connection.
    mutating func use(_ ends: Ends, by transfer: UInt64) {
        self.leave(transfer)
        let sockets = self.connecting.isEmpty ? [] : self.connecting.filter { $0.value == transfer }.map(\.key)
        if sockets.isEmpty { self.reused += 1 } else { self.opened += 1 }
        for socket in sockets {
            self.connecting[socket] = nil
            self.established.insert(socket)
        }
        self.inUse[ends, default: 0] += 1
        self.ends[transfer] = ends
    }

    /// A transfer has ended, or connects again.
    mutating func leave(_ transfer: UInt64) {
        guard let ends = self.ends.removeValue(forKey: transfer), let count = self.inUse[ends] else { return }
        self.inUse[ends] = count > 1 ? count - 1 : nil
    }

    /// A socket was closed.
    mutating func close(_ socket: Int32) {
        self.connecting[socket] = nil
        self.established.remove(socket)
    }

    var sample: HTTPConnectionSample {
        HTTPConnectionSample(
            open: self.established.count,
            idle: max(0, self.established.count - self.inUse.count),
            connecting: self.connecting.count,
            opened: self.opened,
            reused: self.reused
        )
    }
}
