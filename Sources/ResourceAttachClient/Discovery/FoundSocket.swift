import LocalSockets

/// A socket in a folder that passed the checks, before a connection to it.
struct FoundSocket {
    let folder: CheckedFolder
    let name: SocketName

    /// The path by which the socket can be opened.
    var path: String { "\(self.folder.path)/\(self.name.text)" }

    /// The process that the name states.
    var process: LocalProcess { LocalProcess(pid: self.name.pid, number: self.name.number, path: self.path) }
}
