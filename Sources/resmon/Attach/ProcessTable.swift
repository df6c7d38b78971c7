import ResourceContainer
import ResourceDashboard
import ResourceMonitoring
import ResourceRecording

/// The table of `resmon ps`: one row for each container that a process of this machine serves.
struct ProcessTable {
    /// A served container. A process that does not answer has a row with the reason.
    struct Row: Encodable, Equatable {
        /// The name by which `resmon attach` finds the container: the process's number, with the container's number if it is not the first.
        var process: String
        var pid: Int32
        /// The path of the socket.
        var path: String
        /// The container's name; nil if the process does not answer.
        var name: String?
        var host: String?
        var program: String?
        var uid: UInt32?
        /// The time since the start of the server, in seconds.
        var uptime: Double?
        var scopes: Int?
        var active: Int?
        var errors: Int?
        var pool: PoolUse?
        var waiting: Int?
        var findings: Int?
        var worstFinding: String?
        var health: HealthStatus?
        var may: [String] = []
        /// The reason why the process does not answer.
        var problem: String?
    }

    let rows: [Row]

    private static let titles = ["PROC", "NAME", "HOST", "UP", "SCOPES", "ACTIVE", "POOL WORST", "WAIT", "FIND", "HEALTH", "MAY"]
    /// The columns with numbers, which are aligned to the right.
    private static let numbers: Set = [3, 4, 5, 7, 8]
    /// The largest width of a name.
    private static let nameWidth = 40

    /// The table as text: a line of titles, and a line for each row. Without rows, a sentence.
    var text: String {
        if self.rows.isEmpty { return "no process of this machine serves a container; 'resmon demo' in another terminal does\n" }
        let lines = [Self.titles] + self.rows.map(Self.cells)
        // A problem is a sentence, and does not make the column of names wide.
        let tables = lines.filter { $0.count == Self.titles.count }
        let widths = Self.titles.indices.map { column in tables.map { DisplayText.width(of: $0[column]) }.max() ?? 0 }
        return lines.map { cells in
            var line = ""
            for (column, cell) in cells.enumerated() {
                let width = column < cells.count - 1 ? widths[column] : 0
                let blanks = String(repeating: " ", count: max(0, width - DisplayText.width(of: cell)))
                line += (column == 0 ? "" : "  ") + (Self.numbers.contains(column) ? blanks + cell : cell + blanks)
            }
            return line + "\n"
        }.joined()
    }

    private static func cells(_ row: Row) -> [String] {
        if let problem = row.problem { return [row.process, self.clean(problem, width: 200)] }
        let pool = row.pool.map { "\(self.clean($0.name, width: 20)) \($0.used)/\($0.limit)" }
        return [
            row.process, self.clean(row.name ?? "", width: self.nameWidth), self.clean(row.host ?? "", width: self.nameWidth),
            row.uptime.map { Format.age(.seconds($0)) } ?? "-", self.number(row.scopes), self.number(row.active), pool ?? "-",
            self.number(row.waiting), self.number(row.findings), row.health?.rawValue ?? "-", self.words(row.may),
        ]
    }

    private static func number(_ value: Int?) -> String {
        value.map(Format.count) ?? "-"
    }

    /// Text of another process, without control characters.
    private static func clean(_ text: String, width: Int) -> String {
        DisplayText.clip(text, width: width).text
    }

    /// The permissions in words: `look`, or `look, act`.
    static func words(_ may: [String]) -> String {
        may.contains(AttachDescription.act) ? "look, act" : "look"
    }
}
