import CursesTerminal
import ResourceDashboard
import ResourceRecording

/// The settings of `config.yaml`. The command line and the environment take precedence.
struct Configuration {
    /// The path of the file; nil if there is none.
    var file: String?
    /// Whether the file exists and cannot be read.
    var isUnreadable = false
    var theme: String?
    /// The file and line that name the theme.
    var themeLocation: String?
    var themesDirectory: String?
    var glyphs: GlyphSet?
    var color: ColorChoice?
    var view: DashboardView?
    var framesPerSecond: Int?
    var mouse: Bool?
    var keys = KeyMap.standard
    /// The commands whose keys the configuration changes.
    var changedKeys: [String] = []
    /// The problems, one line each, with file, line and remedy. Settings without a problem apply.
    var problems: [String] = []

    /// Reads the file at `path`, or the file at the standard path; returns the defaults if there is none.
    ///
    /// A file at the standard path that cannot be read is a problem in the result.
    ///
    /// - Throws: `UsageFault` if the file at `path` cannot be read.
    static func read(_ path: String?, _ surroundings: Surroundings) throws(UsageFault) -> Configuration {
        let home = surroundings.environment["HOME"]
        let asked: String?
        do {
            asked = try path.map { path throws(FileFault) in try FilePath.expanded(path, home: home, "'\(path)' cannot be read") }
        } catch {
            throw UsageFault("--config: \(error)")
        }
        guard let file = asked ?? self.standardPath(surroundings.environment) else { return Configuration() }
        let text: String
        do {
            text = try InputText.text(of: file, limit: 256 * 1024)
        } catch {
            if asked != nil { throw UsageFault("--config: \(error)") }
            // The file is optional.
            if error.kind == .absent { return Configuration() }
            var configuration = Configuration()
            configuration.file = file
            configuration.isUnreadable = true
            configuration.problems = ["\(error)"]
            return configuration
        }
        return ConfigurationFile(text, file: file).configuration()
    }

    /// The standard path of the file; nil if neither `XDG_CONFIG_HOME` nor `HOME` is set.
    static func standardPath(_ environment: [String: String]) -> String? {
        if let directory = environment["XDG_CONFIG_HOME"], directory.hasPrefix("/") { return directory + "/resmon/config.yaml" }
        return environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.config/resmon/config.yaml" }
    }

    /// Prints the problems to standard error, for commands without a screen.
    func complain() {
        for problem in self.problems { Console.complain("resmon: \(problem)") }
    }
}
