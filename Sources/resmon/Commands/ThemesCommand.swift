import ArgumentParser
import ResourceDashboard

/// `resmon themes`: lists the themes that `--theme` accepts.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes",
        abstract: "List the themes, and the errors of those that do not load."
    )

    @Option(
        name: .customLong("themes-dir"),
        help: ArgumentHelp("A directory of themes, searched before the others.", valueName: "path"),
        completion: .directory
    )
    var themesDirectory: String?

    func run() throws {
        var options = ThemeOptions()
        options.themesDirectory = self.themesDirectory
        options.theme = nil
        let library = try options.library(.current)
        try Console.show(Self.list(library))
    }

    /// One line for each theme: name, variant, title and author, or the error. A second line names the roles whose contrast was raised.
    static func list(_ library: ThemeLibrary) -> String {
        let names = library.names()
        let width = names.map(\.count).max() ?? 0
        return names.map { name in
            let padded = name + String(repeating: " ", count: width - name.count)
            do {
                let theme = try library.load(name)
                let author = theme.author.isEmpty ? "" : " by \(theme.author)"
                let corrected = theme.correctedRoles.map(\.rawValue).joined(separator: ", ")
                let remark = corrected.isEmpty ? "" : "\n" + String(repeating: " ", count: width + 2) + "contrast raised: \(corrected)"
                // The text comes from a file, so control characters are removed.
                let line = "\(padded)  \(theme.variant.rawValue.padding(5))  \(theme.title)\(author)"
                return DisplayText.clip(line, width: 140).text + remark + "\n"
            } catch {
                return DisplayText.clip("\(padded)  does not load: \(error)", width: 400).text + "\n"
            }
        }.joined()
    }
}
