import ArgumentParser
import Foundation
import ResourceDashboard

/// `resmon keys`: lists the dashboard's commands with their keys.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "keys", abstract: "List the keys of the dashboard.")

    @Flag(help: "Write JSON, one object per command.")
    var json = false

    @Option(
        help: ArgumentHelp("The configuration file, instead of the one in your configuration directory.", valueName: "path"),
        completion: .file(extensions: ["yaml"])
    )
    var config: String?

    func run() throws {
        let configuration = try Configuration.read(self.config, .current)
        configuration.complain()
        try Console.show(
            self.json ? Self.jsonTable(configuration.keys) : Self.table(configuration.keys)
        )
    }

    /// The commands by group: keys, name, help, the other name in the palette, and the views that have them.
    static func table(_ keys: KeyMap = .standard) -> String {
        let width = keys.commands.map(\.label.count).max() ?? 0
        let name = keys.commands.map(\.command.rawValue.count).max() ?? 0
        return CommandInfo.Group.allCases.map { group in
            let rows = keys.commands.filter { $0.group == group }.map { info in
                "  " + info.label.padding(width) + "  " + info.command.rawValue.padding(name) + "  " + info.help + self.alias(info)
                    + self.where(info) + "\n"
            }
            return group.rawValue + "\n" + rows.joined()
        }.joined(separator: "\n")
    }

    private static func alias(_ info: CommandInfo) -> String {
        info.alias.map { " (or :\($0))" } ?? ""
    }

    private static func `where`(_ info: CommandInfo) -> String {
        guard let views = info.views else { return "" }
        return " (in \(self.names(views).joined(separator: ", ")))"
    }

    /// The names in the order of the tabs, because a set has no order.
    private static func names(_ views: Set<DashboardView>) -> [String] {
        DashboardView.allCases.filter(views.contains).map(\.rawValue)
    }

    static func jsonTable(_ keys: KeyMap = .standard) throws -> String {
        let rows = keys.commands.map { info in
            Row(
                command: info.command.rawValue,
                keys: info.keys.map(\.name),
                group: info.group.rawValue,
                help: info.help,
                views: self.names(info.views ?? Set(DashboardView.allCases)),
                argument: info.argument,
                alias: info.alias,
                acts: info.acts
            )
        }
        return try StableJSON.encode(rows)
    }

    private struct Row: Encodable {
        let command: String
        let keys: [String]
        let group: String
        let help: String
        let views: [String]
        let argument: String?
        let alias: String?
        let acts: Bool
    }
}
