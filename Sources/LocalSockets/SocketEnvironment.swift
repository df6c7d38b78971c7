#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The variables of a process's environment that choose folders of sockets. An empty variable counts as absent.
package struct SocketEnvironment: Sendable, Hashable {
    /// `RESMON_SOCKET_DIR`: the folder of the sockets.
    package var socketDirectory: String?
    /// `RUNTIME_DIRECTORY`: the folders that systemd made for a service, separated by colons.
    package var runtimeDirectory: String?
    /// `XDG_RUNTIME_DIR`: the folder of a user's session.
    package var sessionDirectory: String?

    /// Creates an environment.
    package init(socketDirectory: String? = nil, runtimeDirectory: String? = nil, sessionDirectory: String? = nil) {
        self.socketDirectory = socketDirectory
        self.runtimeDirectory = runtimeDirectory
        self.sessionDirectory = sessionDirectory
    }

    /// The environment of this process.
    package static var current: SocketEnvironment {
        SocketEnvironment(
            socketDirectory: Self.value("RESMON_SOCKET_DIR"),
            runtimeDirectory: Self.value("RUNTIME_DIRECTORY"),
            sessionDirectory: Self.value("XDG_RUNTIME_DIR")
        )
    }

    /// The value of a variable of this process; nil if it is absent or empty.
    package static func value(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The folders that servers of `user` try if none is chosen, in order. Clients search the same ones.
    package func usualFolders(of user: UInt32) -> [String] {
        var paths: [String] = []
        if let first = self.runtimeDirectory?.split(separator: ":").first { paths.append("\(first)/resmon") }
        if let directory = self.sessionDirectory { paths.append("\(directory)/resmon") }
        paths.append("/run/user/\(user)/resmon")
        paths.append("/tmp/resmon-\(user)")
        return paths
    }
}
