import LocalSockets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The socket at which a server listens: bound in a locked folder, with mode 0600.
struct ListeningSocket: Sendable {
    let descriptor: FileDescriptor
    let path: String
    private let identity: FileIdentity

    /// The number of connections that wait to be accepted.
    private static let backlog: Int32 = 64

    /// Binds the first free socket of this process in `folder`, after the sockets are removed that killed processes left there.
    ///
    /// - Parameter group: The group that may connect, if any.
    init(in folder: LockedFolder, pid: Int32, group: UInt32?) throws(SocketFault) {
        self = try folder.withLock { () throws(SocketFault) in
            LeftoverSockets(in: folder).remove()
            for number in 0..<SocketLocation.serverLimit {
                let path = SocketName(pid: pid, number: number).path(in: folder.path)
                if let bound = try Self.bound(path, group: group) { return bound }
            }
            throw SocketFault("\(SocketLocation.serverLimit) servers of this process listen there")
        }
    }

    /// Binds the socket at exactly this path in `folder`.
    init(at path: String, in folder: LockedFolder, group: UInt32?) throws(SocketFault) {
        self = try folder.withLock { () throws(SocketFault) in
            guard let bound = try Self.bound(path, group: group) else { throw SocketFault("another server listens at '\(path)'") }
            return bound
        }
    }

    private init(descriptor: FileDescriptor, path: String, identity: FileIdentity) {
        self.descriptor = descriptor
        self.path = path
        self.identity = identity
    }

    /// Whether the socket is still at its path.
    var isBound: Bool {
        FileStatus(of: self.path)?.identity == self.identity
    }

    /// Accepts a connection.
    ///
    /// - Returns: The connection; nil if none waits.
    /// - Throws: ``AcceptFault`` if the process or the system has no descriptor left, or if the socket has failed.
    func accepted() throws(AcceptFault) -> FileDescriptor? {
        while true {
            let number = accept(self.descriptor.number, nil, nil)
            if number >= 0 {
                let descriptor = FileDescriptor(number)
                UnixSocket.suppressSignals(of: descriptor)
                return descriptor
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EAGAIN, EWOULDBLOCK: return nil
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: throw .noDescriptor
            default: throw .failed
            }
        }
    }

    /// The reason why a connection cannot be accepted.
    enum AcceptFault: Error {
        case noDescriptor, failed
    }

    /// Removes the socket from its folder, unless another file has its path.
    ///
    /// - Parameter folder: The locked folder; nil if it could not be locked.
    func remove(from folder: LockedFolder?) {
        if self.isBound { unlink(self.path) }
        withExtendedLifetime(folder) {}
    }

    /// The socket bound at `path`; nil if another server listens there.
    private static func bound(_ path: String, group: UInt32?) throws(SocketFault) -> ListeningSocket? {
        if let obstacle = SocketLocation.obstacle(of: path) { throw SocketFault(obstacle) }
        let address = try SocketFault.describing("'\(path)' cannot be the path of a socket") { () throws(SystemError) in
            try UnixAddress(path)
        }
        if let there = FileStatus(of: path) {
            guard there.isSocket else { throw SocketFault("'\(path)' exists and is not a socket") }
            guard try self.isLeftover(address) else { return nil }
            // Only the socket that refused the connection is removed. Its server may have removed it in the meantime.
            if let now = FileStatus(of: path) {
                guard now.identity == there.identity, unlink(path) == 0 else {
                    throw SocketFault("the old socket '\(path)' cannot be removed")
                }
            }
        }
        let descriptor = try Self.socket()
        let mode: mode_t = group == nil ? 0o600 : 0o660
        // On Linux the file then never has other permissions. Other systems refuse this call.
        _ = fchmod(descriptor.number, mode)
        try SocketFault.describing("'\(path)' cannot be bound") { () throws(SystemError) in try address.bindSocket(descriptor) }
        if let group, chown(path, uid_t.max, group) != 0 {
            let error = SystemError.last
            unlink(path)
            throw SocketFault("'\(path)' cannot be given to group \(group)", error)
        }
        guard chmod(path, mode) == 0, let identity = FileStatus(of: path)?.identity, listen(descriptor.number, Self.backlog) == 0 else {
            let error = SystemError.last
            unlink(path)
            throw SocketFault("'\(path)' cannot be prepared", error)
        }
        return ListeningSocket(descriptor: descriptor, path: path, identity: identity)
    }

    /// Whether no process listens at a socket: its process has ended, or closed it without removing the file.
    private static func isLeftover(_ address: UnixAddress) throws(SocketFault) -> Bool {
        let descriptor = try Self.socket()
        do throws(SystemError) {
            try address.connectSocket(descriptor)
            return false
        } catch {
            return error.isAbsence
        }
    }

    private static func socket() throws(SocketFault) -> FileDescriptor {
        try SocketFault.describing("no socket can be opened") { () throws(SystemError) in try UnixSocket.unbound() }
    }
}
