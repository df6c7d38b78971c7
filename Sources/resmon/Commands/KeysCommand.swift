import ArgumentParser
import Foundation
import ResourceDashboard

/// `resmon keys`: the dashboard's own table of commands.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "keys", abstract: "List the keys of the dashboard.")

    @Flag(help: "As JSON, one object a command.")
    var json = false

    func run() throws {
        try OutputDestination.standardOutput.write(self.json ? Self.jsonTable() : Self.table())
    }

    /// The commands by group: keys, what they do, where they work.
    static func table() -> String {
        let width = CommandInfo.all.map(\.label.count).max() ?? 0
        return CommandInfo.Group.allCases.map { group in
            let rows = CommandInfo.all.filter { $0.group == group }.map { info in
                "  " + info.label + String(repeating: " ", count: width - info.label.count) + "  " + info.help + self.where(info) + "\n"
            }
            return group.rawValue + "\n" + rows.joined()
        }.joined(separator: "\n")
    }

    private static func `where`(_ info: CommandInfo) -> String {
        guard let views = info.views else { return "" }
        return " (in \(self.names(views).joined(separator: ", ")))"
    }

    /// In the order of their tabs: a set has none.
    private static func names(_ views: Set<DashboardView>) -> [String] {
        DashboardView.allCases.filter(views.contains).map(\.rawValue)
    }

    static func jsonTable() throws -> String {
        let rows = CommandInfo.all.map { info in
            Row(
                command: info.command.rawValue,
                keys: info.label,
                group: info.group.rawValue,
                help: info.help,
                views: self.names(info.views ?? Set(DashboardView.allCases)),
                acts: info.acts
            )
        }
        return try StableJSON.encode(rows)
    }

    private struct Row: Encodable {
        let command: String
        let keys: String
        let group: String
        let help: String
        let views: [String]
        let acts: Bool
    }
}
