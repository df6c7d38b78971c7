import ResourceContainer
import ResourceRecording

/// A container that a process on this machine serves, as discovery found it.
package struct LocalProcess: Sendable, Hashable {
    /// The number of the process.
    package var pid: Int32
    /// The number of the container in the process, from 0.
    package var number: Int
    /// The path of the socket, by which it can be opened.
    package var path: String
    /// The name of the container; nil if the server did not answer.
    package var container: String?
    /// The description of the server; nil if it did not answer.
    package var description: AttachDescription?
    /// The figures; nil if the server did not send any.
    package var summary: AttachSummary?
    /// The reason why there are no figures; nil if there are.
    package var problem: String?

    /// Creates a process that has not answered yet.
    package init(pid: Int32, number: Int, path: String) {
        self.pid = pid
        self.number = number
        self.path = path
    }

    /// The identity for users: the number of the process, followed by that of the container unless it is the first.
    package var id: String { self.number == 0 ? "\(self.pid)" : "\(self.pid)-\(self.number)" }

    /// The place where the server is reached.
    package var endpoint: AttachEndpoint { .socket(path: self.path, pid: self.pid) }

    /// Whether a user means this process by `name`: the name of its container, of its program, its identity, or `PID-N` for any container.
    package func answers(to name: String) -> Bool {
        self.container == name || self.description?.program == name || self.id == name || "\(self.pid)-\(self.number)" == name
    }
}
