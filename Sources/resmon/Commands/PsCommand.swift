import ArgumentParser
import ResourceAttachClient
import ResourceDashboard

/// `resmon ps`: lists the containers that processes of this machine serve.
struct PsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "List the running processes that 'resmon attach' can show, with their figures.",
        discussion: """
            A process is listed if it serves a container to this user. Root sees the processes of all users. PROC, NAME, and the name of the \
            program are accepted by 'resmon attach'.
            """
    )

    @Flag(help: "Write JSON, one object for each container.")
    var json = false

    func run() throws {
        let found = ProcessDiscovery().find()
        let table = ProcessTable(rows: found.processes.map(ProcessTable.Row.init))
        for problem in found.problems { Console.complain("resmon: \(problem)") }
        try Console.show(self.json ? StableJSON.encode(table.rows) : table.text)
    }
}

extension ProcessTable.Row {
    init(_ process: LocalProcess) {
        self.init(process: process.id, pid: process.pid, path: process.path)
        self.name = process.container
        // A server that sends its description and no figures is listed with what is known.
        self.problem = process.description == nil ? process.problem ?? "it does not answer" : nil
        if let description = process.description {
            self.host = description.host
            self.program = description.program
            self.uid = description.uid
            self.may = description.may
        }
        guard let summary = process.summary else { return }
        self.uptime = Double(summary.uptimeNanoseconds) / 1e9
        self.scopes = summary.scopes
        self.active = summary.active
        self.errors = summary.errors
        self.pool = summary.pool
        self.waiting = summary.waiting
        self.findings = summary.findings
        self.worstFinding = summary.worstFinding
        self.health = summary.health
    }
}
