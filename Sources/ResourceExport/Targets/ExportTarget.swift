import ResourceMonitoring

/// One served container, as the pages of the exporter show it.
package struct ExportTarget: Sendable {
    /// The last component of its path, `PID-N`: the number of the process and that of the container in it.
    package var id: String
    /// The identity for users, by which `resmon attach` finds it: the number of the process, with that of the container unless it is the first.
    package var label: String
    /// The name of the container; nil before the process has answered once.
    package var container: String?
    /// The name of the program; empty if it is not known.
    package var program: String
    /// The name of the host; empty if it is not known.
    package var host: String
    /// The process, for the metrics that describe it; nil before the process has answered once.
    package var process: ExportedProcess?
    /// The current figures; nil if there are none, of which ``problem`` states the reason.
    package var report: MonitorReport?
    /// The reason why there are no current figures, as a clause for users.
    package var problem: String?

    /// Creates a target of which nothing is known.
    package init(
        id: String,
        label: String,
        container: String? = nil,
        program: String = "",
        host: String = "",
        process: ExportedProcess? = nil,
        report: MonitorReport? = nil,
        problem: String? = nil
    ) {
        self.id = id
        self.label = label
        self.container = container
        self.program = program
        self.host = host
        self.process = process
        self.report = report
        self.problem = problem
    }

    /// The path of the container's metrics.
    var path: String { ExportPages.metrics + "/" + self.id }

    /// The label `instance`, in which processes with containers of one name differ.
    package var instance: String { "\(self.host.isEmpty ? "localhost" : self.host):\(self.label)" }
}
