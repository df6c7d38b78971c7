import LocalSockets

/// The folders in which servers put their sockets, for one user and one environment. Servers choose the first one that they can use.
package struct SocketFolders: Sendable, Hashable {
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
    package init(root: String = "", environment: SocketEnvironment, user: UInt32, list: (String) -> [String] = { _ in [] }) {
        if let chosen = environment.socketDirectory {
            self.paths = [root + chosen]
            self.isChosen = true
            return
        }
        var paths = environment.usualFolders(of: user)
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
