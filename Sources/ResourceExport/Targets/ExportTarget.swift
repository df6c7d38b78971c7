import ResourceContainer
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

    /// The targets by their numbers, each of which has one page, and a sentence for each socket that is left out because its numbers are taken.
    ///
    /// - Parameter found: The targets with the paths of their sockets. One that has answered is preferred.
    static func unique(_ found: [(path: String, target: ExportTarget)]) -> (targets: [ExportTarget], problems: [String]) {
        var places: [String: Int] = [:]
        var kept: [(path: String, target: ExportTarget)] = []
        var problems: [String] = []
        for one in found {
            guard let place = places[one.target.id] else {
                places[one.target.id] = kept.count
                kept.append(one)
                continue
            }
            var (first, second) = (kept[place], one)
            if first.target.rank < second.target.rank { swap(&first, &second) }
            kept[place] = first
            let reason = second.target.container == nil ? second.target.problem : nil
            let path = second.path.asName
            problems.append("\(path) is not exported: \(reason ?? "\(first.path.asName) has the same numbers, \(first.target.id)")")
        }
        return (kept.map(\.target), problems)
    }

    /// 2 with figures, 1 if the process has answered once, else 0.
    private var rank: Int { self.report != nil ? 2 : self.container != nil ? 1 : 0 }

    /// The path of the container's metrics.
    var path: String { ExportPages.metrics + "/" + self.id }

    /// The label `instance`, in which processes with containers of one name differ.
    package var instance: String { "\(self.host.isEmpty ? "localhost" : self.host):\(self.label)" }
}
