import LocalSockets

/// The listening sockets in the kernel's table of Unix sockets, `/proc/net/unix`, whose path is that of a server.
///
/// It finds servers whose folder is not in a known place, or is hidden by a private mount of their service.
package enum UnixSocketTable {
    /// A path in the table.
    package struct Entry: Sendable, Hashable {
        /// The folder, as the server named it.
        package var folder: String
        /// The name of the socket.
        package var name: SocketName
    }

    /// The flag of a socket that accepts connections.
    private static let accepts: UInt32 = 0x1_0000
    /// The number of fields before the path.
    private static let fields = 7

    /// The entries in the text of the table: absolute paths that end in `/resmon/PID-N.sock` or `/resmon-UID/PID-N.sock`. Lines of another
    /// form are skipped.
    package static func entries(in text: String) -> [Entry] {
        var entries: [Entry] = []
        var seen: Set<Entry> = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: Self.fields, omittingEmptySubsequences: true)
            guard parts.count == Self.fields + 1, let flags = UInt32(parts[3], radix: 16), flags & Self.accepts != 0,
                let entry = Entry(path: String(parts[7])), seen.insert(entry).inserted
            else { continue }
            entries.append(entry)
        }
        return entries
    }
}

extension UnixSocketTable.Entry {
    /// Parses a path; nil if it is not that of a server.
    fileprivate init?(path: String) {
        guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/"), let name = SocketName(path[path.index(after: slash)...]) else {
            return nil
        }
        let folder = path[..<slash]
        guard let last = folder.split(separator: "/").last, last == "resmon" || last.isFolderOfUser else { return nil }
        self.folder = String(folder)
        self.name = name
    }
}

extension Substring {
    /// Whether this is the name `resmon-UID`.
    fileprivate var isFolderOfUser: Bool {
        self.hasPrefix("resmon-") && UInt32(self.dropFirst(7)) != nil
    }
}
