import CursesTerminal
import Foundation
import ResourceDashboard

/// What a person has set for good, in `config.yaml`. What the command line and the environment say goes before it.
struct Configuration {
    /// The file it was read from; nil if there is none.
    var file: String?
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
    /// - Throws: that the file which was asked for is not there.
    static func read(_ path: String?, _ surroundings: Surroundings) throws(UsageFault) -> Configuration {
        guard let file = path ?? self.standardPath(surroundings.environment) else { return Configuration() }
        guard let data = FileManager.default.contents(atPath: file) else {
            if path != nil { throw UsageFault("--config: '\(file)' cannot be read: give a file that is there") }
            return Configuration()
        }
        guard data.count <= 256 * 1024, let text = String(validating: data, as: UTF8.self) else {
            var configuration = Configuration()
            configuration.file = file
            configuration.problems = ["\(file): not a configuration: text in UTF-8 of at most 256 kB is accepted"]
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
