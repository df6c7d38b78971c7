import CursesTerminal
import ResourceDashboard
import ResourceRecording

/// What a person has set for good, in `config.yaml`. What the command line and the environment say goes before it.
struct Configuration {
    /// The file it was read from; nil if there is none.
    var file: String?
    /// Whether there is a file that cannot be read.
    var isUnreadable = false
    var theme: String?
    /// The file and line that names the theme.
    var themePlace: String?
    var themesDirectory: String?
    var glyphs: GlyphSet?
    var color: ColorChoice?
    var view: DashboardView?
    var framesPerSecond: Int?
    var mouse: Bool?
    var keys = KeyMap.standard
    /// The commands whose keys were changed.
    var changedKeys: [String] = []
    /// What could not be taken, a line each, with file, line and remedy. The rest holds.
    var problems: [String] = []

    /// What `--config` names, or what stands where such files are looked for; nothing if there is none.
    ///
    /// A file that is there and cannot be read is a problem, and a fault if it was asked for.
    ///
    /// - Throws: that the file which was asked for cannot be read.
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
            // Most people have none.
            if error.kind == .absent { return Configuration() }
            var configuration = Configuration()
            configuration.file = file
            configuration.isUnreadable = true
            configuration.problems = ["\(error)"]
            return configuration
        }
        return ConfigurationFile(text, file: file).configuration()
    }

    /// Where the file is without being asked for.
    static func standardPath(_ environment: [String: String]) -> String? {
        if let directory = environment["XDG_CONFIG_HOME"], directory.hasPrefix("/") { return directory + "/resmon/config.yaml" }
        return environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.config/resmon/config.yaml" }
    }

    /// Tells what could not be taken, where there is no screen to tell it on.
    func complain() {
        for problem in self.problems { Console.complain("resmon: \(problem)") }
    }
}
