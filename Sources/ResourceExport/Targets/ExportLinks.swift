import LocalSockets
import ResourceAttachClient
import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The connections with the served containers of this machine: the shell around ``ExportRoster``. It belongs to the server's thread.
///
/// Each connection has its own thread and receives the figures of the process's monitor once a second, so that the monitor continues to
/// count between two requests.
struct ExportLinks {
    private let discovery: ProcessDiscovery
    private let time: TimeSource
    private var roster = ExportRoster()
    private var links: [String: AttachLink] = [:]
    /// The reasons why folders are not used.
    private var folderProblems: [String] = []

    init(_ discovery: ProcessDiscovery, time: TimeSource) {
        self.discovery = discovery
        self.time = time
    }

    /// Searches for processes, connects with new ones, and leaves those that are over.
    mutating func update() {
        let (sockets, problems) = self.discovery.list()
        self.folderProblems = problems
        let links = self.links
        for change in self.roster.update(sockets, at: self.time.now, status: { links[$0]?.status }) {
            switch change {
            case .connect(let process):
                let link = AttachLink(process.endpoint, mode: .report, time: self.time)
                link.start()
                self.links[process.path] = link
            case .retry(let path): self.links[path]?.retry()
            case .forget(let path): self.links.removeValue(forKey: path)?.stop()
            }
        }
    }

    /// Ends all connections.
    mutating func stop() {
        for link in self.links.values { link.stop() }
        self.links = [:]
    }

    /// The containers by the numbers of their processes on this machine, and the reasons why folders or sockets are not used.
    var found: (targets: [ExportTarget], problems: [String]) {
        let processes = self.roster.processes.compactMap { process -> (process: LocalProcess, link: AttachLink)? in
            guard let link = self.links[process.path] else { return nil }
            var process = process
            // The name of the socket has the number in the namespace of the process, where several processes may be number 1.
            process.pid = link.processNumber ?? process.pid
            return (process, link)
        }
        let ordered = processes.sorted { left, right in
            let (left, right) = (left.process, right.process)
            return (left.pid, left.number, left.path) < (right.pid, right.number, right.path)
        }
        let (unique, problems) = ExportTarget.unique(ordered.map { ($0.process.path, Self.target($0.process, $0.link)) })
        return (unique, self.folderProblems + problems)
    }

    private static func target(_ process: LocalProcess, _ link: AttachLink) -> ExportTarget {
        var target = ExportTarget(id: "\(process.pid)-\(process.number)", label: process.id)
        if let header = link.header {
            target.container = header.container.asName
            target.host = header.attach?.host.asName ?? ""
            target.program = header.attach?.program.asName ?? ""
            target.process = header.attach.map { description in
                let started = description.processStarted ?? description.started
                // Such a number finds the process neither on this machine nor by `resmon attach`.
                return ExportedProcess(
                    pid: link.processNumber ?? description.pid,
                    startTime: Double(started) / 1e9,
                    version: description.version ?? ""
                )
            }
        }
        let status = link.status
        target.problem = Self.problem(status)
        if target.problem == nil {
            target.report = link.report
            if target.report == nil { target.problem = "no figures have arrived yet" }
        }
        return target
    }

    /// The reason why the figures of a connection are not current; nil if they are.
    static func problem(_ status: ConnectionStatus) -> String? {
        switch status {
        case .live: nil
        case .connecting: "the connection is being opened"
        case .silent(let time): "nothing has arrived for \(time.components.seconds) s: the process is stopped, or has no time"
        case .reconnecting: "the connection was lost"
        case .ended(_, let how): "the process has ended: \(how)"
        case .refused(let reason): reason
        }
    }
}
