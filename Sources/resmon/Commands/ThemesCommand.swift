import ArgumentParser
import ResourceDashboard

/// `resmon themes`: what `--theme` accepts.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes",
        abstract: "List the themes, and where the files are that do not load."
    )

    @Option(
        name: .customLong("themes-dir"),
        help: ArgumentHelp("A directory to look for themes in, before the others.", valueName: "path"),
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

    /// One line a theme: name, variant, title and author, or why it does not load.
    static func list(_ library: ThemeLibrary) -> String {
        let names = library.names()
        let width = names.map(\.count).max() ?? 0
        return names.map { name in
            let padded = name + String(repeating: " ", count: width - name.count)
            do {
                let theme = try library.load(name)
                let author = theme.author.isEmpty ? "" : " by \(theme.author)"
                // A file may say anything of itself; a terminal gets none of it raw.
                return DisplayText.clip("\(padded)  \(theme.variant.rawValue.padding(5))  \(theme.title)\(author)", width: 140).text + "\n"
            } catch {
                return DisplayText.clip("\(padded)  does not load: \(error)", width: 400).text + "\n"
            }
        }.joined()
    }
}
