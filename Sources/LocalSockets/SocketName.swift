/// The name of a socket in a folder of sockets: `PID-N.sock`, where N numbers the containers of the process from 0.
package struct SocketName: Sendable, Hashable, Comparable {
    /// The number of the process, in the namespace of the process.
    package let pid: Int32
    /// The number of the container in the process.
    package let number: Int

    /// Creates the name of a container's socket.
    package init(pid: Int32, number: Int) {
        self.pid = pid
        self.number = number
    }

    /// Parses the last component of a path; nil if it is another name.
    package init?(_ name: some StringProtocol) {
        guard name.hasSuffix(".sock") else { return nil }
        let parts = name.dropLast(5).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let pid = Int32(parts[0]), pid > 0, let number = Int(parts[1]), number >= 0 else { return nil }
        self.init(pid: pid, number: number)
        // Another spelling of the same numbers, such as `+1-0.sock`, is another name.
        guard name == self.text else { return nil }
    }

    /// The name.
    package var text: String { "\(self.pid)-\(self.number).sock" }

    /// The path of the socket with this name in the folder at a path.
    package func path(in folder: String) -> String {
        "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(self.text)"
    }

    /// The identity of the container for users: the number of the process, followed by its own unless it is the first.
    package var id: String { self.number == 0 ? "\(self.pid)" : "\(self.pid)-\(self.number)" }

    /// Orders by process, then by container.
    package static func < (left: SocketName, right: SocketName) -> Bool {
        (left.pid, left.number) < (right.pid, right.number)
    }
}
