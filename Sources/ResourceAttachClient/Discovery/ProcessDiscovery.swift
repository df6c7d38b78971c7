import LocalSockets
import ResourceContainer
import ResourceRecording

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The search for served containers on this machine.
///
/// It reads the folders of servers and, on Linux, the kernel's table of sockets. A folder that other users could use is not used. A search
/// blocks the calling thread until each server has answered, or for the time limit of one server, once for each 256 servers that do not answer.
package struct ProcessDiscovery: Sendable {
    private let root: String
    private let folders: SocketFolders
    private let user: UInt32
    /// The path of the kernel's table.
    private let table: String?

    /// The served containers and the obstacles of a search.
    package struct Found: Sendable, Hashable {
        /// The served containers in the order of their processes, each with its answer or the reason why there is none. Sockets whose server
        /// has ended are left out.
        package var processes: [LocalProcess]
        /// The reasons why folders are not used, for users.
        package var problems: [String]
    }

    /// The time that a server has to answer.
    package static let patience = Duration.milliseconds(300)

    /// Creates a discovery.
    ///
    /// - Parameters:
    ///   - root: The root of the file system to search, such as `/proc/4711/root`; empty for that of this process.
    ///   - environment: The variables that choose folders.
    ///   - user: The user of this process. Root sees the servers of all users.
    package init(root: String = "", environment: SocketEnvironment = .current, user: UInt32 = geteuid()) {
        self.root = root
        self.folders = SocketFolders(root: root, environment: environment, user: user, list: SocketFolder.list)
        self.user = user
        #if os(Linux)
            // The table lists paths as their servers see them, which is where a given root does not apply.
            self.table = root.isEmpty && !self.folders.isChosen ? "/proc/net/unix" : nil
        #else
            self.table = nil
        #endif
    }

    /// Searches for served containers, and asks each of them within `limit`.
    package func find(within limit: Duration = Self.patience, time: TimeSource = .system) -> Found {
        let (sockets, problems) = self.search()
        return Found(processes: ProcessProbe.run(sockets, within: limit, time: time), problems: problems)
    }

    /// Searches for sockets of servers without asking them. A socket whose server has ended is among them.
    package func list() -> (sockets: [ListedSocket], problems: [String]) {
        let (sockets, problems) = self.search()
        let listed = sockets.compactMap { socket in
            socket.folder.status(of: socket.name).map { ListedSocket(process: socket.process, status: $0) }
        }
        return (listed, problems)
    }

    /// Returns the containers that `target` means. Targets on other machines are one endpoint each, of which nothing is known yet.
    ///
    /// - Throws: ``AttachFailure`` if there are none, with the reason and the remedy.
    package func resolve(_ target: AttachTarget, within limit: Duration = Self.patience) throws(AttachFailure) -> [AttachEndpoint] {
        switch target {
        case .path(let path): return [.socket(path: self.root + path, pid: SocketName(path.split(separator: "/").last ?? "")?.pid)]
        case .ssh(let host, let name): return [.command(host.command(dialing: name), target: target.description)]
        case .command(let words): return [.command(words)]
        case .pid, .name: break
        }
        let found = self.find(within: limit)
        let matches = found.processes.filter { process in
            switch target {
            case .pid(let pid): process.pid == pid
            case .name(let name): process.answers(to: name)
            case .path, .ssh, .command: false
            }
        }
        if !matches.isEmpty { return matches.map(\.endpoint) }
        throw AttachFailure(Self.absence(of: target, found))
    }

    /// The sentence for a target that no process matches.
    private static func absence(of target: AttachTarget, _ found: Found) -> String {
        let because = found.problems.isEmpty ? "" : " (\(found.problems.joined(separator: "; ")))"
        switch target {
        case .pid(let pid):
            if kill(pid, 0) != 0, errno == ESRCH { return "there is no process \(pid)" }
            return "process \(pid) serves no container that this user may watch: it must start a ResourceAttach\(because)"
        case .name, .path, .ssh, .command:
            let names = found.processes.map { "\($0.container?.asName ?? "?") \($0.id)" }
            let others = names.isEmpty ? "no process of this user serves one" : "there are \(names.joined(separator: ", "))"
            return "no container is named '\(target)': \(others)\(because)"
        }
    }

    /// The sockets in safe folders, each one once, and the reasons why folders are not used.
    func search() -> (sockets: [FoundSocket], problems: [String]) {
        var sockets: [FoundSocket] = []
        var problems: [String] = []
        var seen: Set<FileIdentity> = []
        func add(_ name: SocketName, in folder: CheckedFolder) -> Bool {
            guard let identity = folder.identity(of: name) else { return false }
            if seen.insert(identity).inserted { sockets.append(FoundSocket(folder: folder, name: name)) }
            return true
        }
        var opened: [String: CheckedFolder?] = [:]
        func open(_ path: String) -> CheckedFolder? {
            if let known = opened[path] { return known }
            let folder: CheckedFolder?
            do throws(CheckedFolder.Refusal) {
                folder = try CheckedFolder(path, user: self.user)
            } catch {
                folder = nil
                switch error {
                case .absent: break
                case .unsafe(let reason): problems.append(reason)
                // A folder of another user, which is no problem of this one.
                case .unreadable(let reason): if self.folders.isChosen { problems.append(reason) }
                }
            }
            opened.updateValue(folder, forKey: path)
            return folder
        }
        for path in self.folders.paths {
            guard let folder = open(path) else { continue }
            for name in folder.names() { _ = add(name, in: folder) }
        }
        for entry in self.tableEntries() {
            if let folder = open(entry.folder), add(entry.name, in: folder) { continue }
            // A private mount hides the folder: systemd's PrivateTmp and RuntimeDirectory do.
            if let hidden = open("/proc/\(entry.name.pid)/root\(entry.folder)") { _ = add(entry.name, in: hidden) }
        }
        sockets.sort { ($0.name, $0.path) < ($1.name, $1.path) }
        return (sockets, problems)
    }

    private func tableEntries() -> [UnixSocketTable.Entry] {
        guard let table, let bytes = try? ProcFile.read(table, atMost: 16 << 20) else { return [] }
        return UnixSocketTable.entries(in: String(decoding: bytes, as: UTF8.self))
    }
}
