#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folders in which servers put their sockets, for one user and one environment. Servers choose the first one that they can use.
package struct SocketFolders: Sendable, Hashable {
    /// The variables of the environment that choose folders. An empty one counts as absent.
    package struct Environment: Sendable, Hashable {
        /// `RESMON_SOCKET_DIR`.
        package var socketDirectory: String?
        /// `RUNTIME_DIRECTORY`, of systemd: a list separated by colons.
        package var runtimeDirectory: String?
        /// `XDG_RUNTIME_DIR`.
        package var userDirectory: String?

        /// Creates an environment.
        package init(socketDirectory: String? = nil, runtimeDirectory: String? = nil, userDirectory: String? = nil) {
            self.socketDirectory = socketDirectory
            self.runtimeDirectory = runtimeDirectory
            self.userDirectory = userDirectory
        }

        /// The environment of this process.
        package static var current: Environment {
            Environment(
                socketDirectory: Self.value("RESMON_SOCKET_DIR"),
                runtimeDirectory: Self.value("RUNTIME_DIRECTORY"),
                userDirectory: Self.value("XDG_RUNTIME_DIR")
            )
        }

        private static func value(_ name: String) -> String? {
            guard let value = getenv(name) else { return nil }
            let text = String(cString: value)
            return text.isEmpty ? nil : text
        }
    }

    /// The absolute paths, in the order of the servers.
    package let paths: [String]
    /// Whether `RESMON_SOCKET_DIR` chooses the folder. Then no other place is searched.
    package let isChosen: Bool

    /// The folders of `user` below `root`, which is empty or a path such as `/proc/4711/root`.
    ///
    /// Below another root, servers run as other users and with another environment. Root also searches the folders of all users and services
    /// there.
    ///
    /// - Parameter list: Returns the names in a folder; none if it cannot be read.
    package init(root: String = "", environment: Environment, user: UInt32, list: (String) -> [String] = { _ in [] }) {
        if let chosen = environment.socketDirectory {
            self.paths = [root + chosen]
            self.isChosen = true
            return
        }
        var paths: [String] = []
        if let first = environment.runtimeDirectory?.split(separator: ":").first { paths.append("\(first)/resmon") }
        if let directory = environment.userDirectory { paths.append("\(directory)/resmon") }
        paths.append("/run/user/\(user)/resmon")
        paths.append("/tmp/resmon-\(user)")
        var known: Set<String> = []
        if !root.isEmpty, user == 0 { paths += Self.all(below: root, list) }
        self.paths = paths.filter { $0.hasPrefix("/") && known.insert($0).inserted }.map { root + $0 }
        self.isChosen = false
    }

    /// The folders of all users and services below `root`, as paths below it.
    private static func all(below root: String, _ list: (String) -> [String]) -> [String] {
        func names(in folder: String) -> [String] { list(root + folder).filter { $0 != "." && $0 != ".." }.sorted() }
        let users = names(in: "/run/user").filter { UInt32($0) != nil }.map { "/run/user/\($0)/resmon" }
        let services = names(in: "/run").map { "/run/\($0)/resmon" }
        let temporary = names(in: "/tmp").filter { $0.hasPrefix("resmon-") && UInt32($0.dropFirst(7)) != nil }.map { "/tmp/\($0)" }
        return users + services + temporary
    }
}
