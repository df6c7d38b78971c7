#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The process at the other end of a connection, as the kernel reports it: the one that connected, or the one that listens.
package struct PeerCredentials: Sendable, Hashable {
    /// The process; nil if it is in another namespace, or the system does not report it.
    package var pid: Int32?
    /// Its user.
    package var user: UInt32
    /// Its groups, the primary one first.
    package var groups: [UInt32]

    /// Creates credentials.
    package init(pid: Int32?, user: UInt32, groups: [UInt32]) {
        self.pid = pid
        self.user = user
        self.groups = groups
    }
}

extension PeerCredentials {
    /// Reads the credentials of a connection; nil if the system does not report them.
    package init?(of descriptor: FileDescriptor) {
        #if canImport(Darwin)
            var (user, group) = (uid_t(), gid_t())
            guard getpeereid(descriptor.number, &user, &group) == 0 else { return nil }
            var pid = pid_t()
            var length = socklen_t(MemoryLayout.size(ofValue: pid))
            // SOL_LOCAL and LOCAL_PEERPID.
            if getsockopt(descriptor.number, 0, 2, &pid, &length) != 0 { pid = 0 }
            self.init(pid: pid > 0 ? pid : nil, user: user, groups: [group])
        #else
            // The C library does not show Swift the structure `ucred`: process, user, and primary group.
            var fields: (pid: Int32, user: UInt32, group: UInt32) = (0, 0, 0)
            var length = socklen_t(MemoryLayout.size(ofValue: fields))
            guard getsockopt(descriptor.number, SOL_SOCKET, SO_PEERCRED, &fields, &length) == 0 else { return nil }
            // The number of a process in another namespace is 0.
            let pid = fields.pid > 0 ? fields.pid : nil
            self.init(pid: pid, user: fields.user, groups: [fields.group] + Self.otherGroups(of: descriptor))
        #endif
    }

    #if !canImport(Darwin)
        private static func otherGroups(of descriptor: FileDescriptor) -> [UInt32] {
            // SO_PEERGROUPS, since Linux 4.13.
            let option: Int32 = 59
            let size = MemoryLayout<UInt32>.stride
            var groups = [UInt32](repeating: 0, count: 64)
            var length = socklen_t(groups.count * size)
            var result = getsockopt(descriptor.number, SOL_SOCKET, option, &groups, &length)
            if result != 0, errno == ERANGE {
                // The system has set the length that it needs.
                groups = [UInt32](repeating: 0, count: Int(length) / size)
                result = getsockopt(descriptor.number, SOL_SOCKET, option, &groups, &length)
            }
            return result == 0 ? Array(groups.prefix(Int(length) / size)) : []
        }
    #endif
}
