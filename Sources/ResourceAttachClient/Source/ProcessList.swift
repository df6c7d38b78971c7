import LocalSockets
import ResourceDashboard
import ResourceRecording

/// The identities of attached processes in their order, and which process replaced which. A pure value.
struct ProcessList: Sendable {
    private struct Entry: Sendable {
        let id: ProcessID
        var successor: ProcessID?
        let instance: String?
    }

    private var entries: [Entry] = []

    /// The identities, each followed by the one that replaced it.
    var ids: [ProcessID] { self.entries.map(\.id) }

    /// The runs that are in the list.
    var instances: Set<String> { Set(self.entries.compactMap(\.instance)) }

    /// The process that replaced another one; nil if there is none.
    func successor(of id: ProcessID) -> ProcessID? {
        self.entries.first { $0.id == id }?.successor
    }

    /// Adds a process at the end, or after the one that it replaces, and returns its identity.
    ///
    /// The identity is the number of the process, with the container's number if it is not the first. Processes of different hosts, and a
    /// number that is used again, have a suffix.
    mutating func add(_ endpoint: AttachEndpoint, _ description: AttachDescription?, after predecessor: ProcessID?) -> ProcessID {
        let id = self.unused(Self.text(endpoint, description))
        let entry = Entry(id: id, instance: description?.instance)
        guard let predecessor, let index = self.entries.firstIndex(where: { $0.id == predecessor }) else {
            self.entries.append(entry)
            return id
        }
        self.entries[index].successor = id
        self.entries.insert(entry, at: index + 1)
        return id
    }

    private static func text(_ endpoint: AttachEndpoint, _ description: AttachDescription?) -> String {
        if case .socket(let path, let pid?) = endpoint, let name = SocketName(path.split(separator: "/").last ?? "") {
            // The number on this machine; a process in another namespace has another one in its description.
            return name.number == 0 ? "\(pid)" : "\(pid)-\(name.number)"
        }
        return description.map { "\($0.pid)" } ?? endpoint.description
    }

    private func unused(_ text: String) -> ProcessID {
        let known = Set(self.ids.map(\.text))
        if !known.contains(text) { return ProcessID(text) }
        var number = 2
        while known.contains("\(text).\(number)") { number += 1 }
        return ProcessID("\(text).\(number)")
    }
}
