import LocalSockets

/// A socket of a server that was not asked.
package struct ListedSocket: Sendable, Hashable {
    /// The process that the name of the socket states.
    package var process: LocalProcess
    /// The status of the file. It differs for a server that was started again.
    package var status: FileStatus

    /// Creates a socket.
    package init(process: LocalProcess, status: FileStatus) {
        self.process = process
        self.status = status
    }
}

/// A socket in a folder that passed the checks, before a connection to it.
struct FoundSocket {
    let folder: CheckedFolder
    let name: SocketName

    /// The path by which the socket can be opened.
    var path: String { "\(self.folder.path)/\(self.name.text)" }

    /// The process that the name states.
    var process: LocalProcess { LocalProcess(pid: self.name.pid, number: self.name.number, path: self.path) }
}
