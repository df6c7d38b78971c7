import LocalSockets

/// Finds the location of a server's socket and binds it there.
struct SocketBinder: Sendable {
    let location: SocketLocation
    let environment: AttachEnvironment
    /// The folder that the program chose, if any.
    let directory: String?
    let pid: Int32

    /// What a server has to report besides its socket.
    struct Bound: Sendable {
        let socket: ListeningSocket
        /// Reasons why folders that were chosen are not used.
        let remarks: [String]
    }

    /// Binds a socket in the first folder that is possible, or at the path of `RESMON_ATTACH`.
    ///
    /// - Throws: ``SocketFault`` with the reason why there is no socket.
    func bound() throws(SocketFault) -> Bound {
        switch self.environment.order(pid: self.pid) {
        case .off: throw SocketFault("it is switched off by RESMON_ATTACH=off")
        case .unclear(let text):
            throw SocketFault("RESMON_ATTACH is '\(text)', which is neither 'off' nor 'unix://' and an absolute path")
        case .path(let path):
            if let obstacle = SocketLocation.obstacle(of: path) { throw SocketFault(obstacle) }
            return Bound(socket: try self.bound(at: path), remarks: [])
        case .none: break
        }
        var remarks: [String] = []
        var reasons: [String] = []
        for candidate in self.location.candidates(directory: self.directory, self.environment.sockets) {
            do {
                return Bound(socket: try self.bound(in: candidate.path), remarks: remarks)
            } catch {
                let reason = "'\(candidate.path)' is not used: \(error)"
                if candidate.isChosen { remarks.append(reason) }
                reasons.append(reason)
            }
        }
        throw SocketFault("no folder can be used for the socket: " + reasons.joined(separator: "; "))
    }

    /// Binds a socket at the path that it had before.
    func rebind(_ path: String) throws(SocketFault) -> ListeningSocket {
        try ListeningSocket(at: path, in: try self.folder(around: path), group: self.location.group)
    }

    /// Removes a socket from its folder, unless another file has its path.
    func remove(_ socket: ListeningSocket) {
        // With the lock, no other server can take the path between the check and the removal. Without it, the check is all there is.
        let folder = try? self.folder(around: socket.path)
        socket.remove(from: folder)
    }

    private func folder(around path: String) throws(SocketFault) -> LockedFolder {
        if case .path = self.environment.order(pid: self.pid) { return try LockedFolder(around: path, self.location) }
        return try LockedFolder(LockedFolder.folder(of: path), self.location)
    }

    private func bound(in path: String) throws(SocketFault) -> ListeningSocket {
        // Before the folder is made.
        let first = SocketName(pid: self.pid, number: 0).path(in: path)
        if let obstacle = SocketLocation.obstacle(of: first) { throw SocketFault(obstacle) }
        let folder = try LockedFolder(path, self.location)
        return try ListeningSocket(in: folder, pid: self.pid, group: self.location.group)
    }

    private func bound(at path: String) throws(SocketFault) -> ListeningSocket {
        do {
            return try ListeningSocket(at: path, in: try LockedFolder(around: path, self.location), group: self.location.group)
        } catch {
            throw SocketFault("the socket '\(path)' of RESMON_ATTACH cannot be used: \(error)")
        }
    }
}
