import ArgumentParser
import Foundation
import ResourceDashboard
import ResourceRecording

/// The options for the theme and for the directory of themes.
struct ThemeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The theme: a name that 'resmon themes' lists, or a Base16 or Base24 file.", valueName: "name or path"),
        completion: .themes
    )
    var theme: String?

    @Option(
        name: .customLong("themes-dir"),
        help: ArgumentHelp("A directory of themes, searched before the others.", valueName: "path"),
        completion: .directory
    )
    var themesDirectory: String?

    /// The theme named by the option, by `RESMON_THEME` or by the configuration, in this order; the default theme if there is none.
    func theme(
        from library: ThemeLibrary,
        environment: [String: String],
        _ configuration: Configuration = Configuration()
    ) throws(UsageFault) -> Theme {
        let variable = environment["RESMON_THEME"].flatMap { $0.isEmpty ? nil : $0 }
        guard let asked = try self.asked(environment, configuration) else { return .defaultDark }
        do {
            return try library.load(asked)
        } catch {
            throw UsageFault("\(self.origin(variable, configuration)): \(error)")
        }
    }

    /// The name or path of the requested theme, or nil.
    func asked(_ environment: [String: String], _ configuration: Configuration) throws(UsageFault) -> String? {
        let variable = environment["RESMON_THEME"].flatMap { $0.isEmpty ? nil : $0 }
        guard let asked = self.theme ?? variable ?? configuration.theme else { return nil }
        do {
            return try FilePath.expanded(asked, home: environment["HOME"], "'\(asked)' cannot be read")
        } catch {
            throw UsageFault("\(self.origin(variable, configuration)): \(error)")
        }
    }

    private func origin(_ variable: String?, _ configuration: Configuration) -> String {
        self.theme != nil ? "--theme" : variable != nil ? "RESMON_THEME" : configuration.themeLocation ?? "configuration"
    }

    /// The available themes, from these directories in order: `--themes-dir`, the user's, the program's, and the source tree's.
    func library(_ surroundings: Surroundings, _ configuration: Configuration = Configuration()) throws(UsageFault) -> ThemeLibrary {
        var directories: [String] = []
        let home = surroundings.environment["HOME"]
        if let typed = self.themesDirectory {
            let given: String
            do {
                given = try FilePath.expanded(typed, home: home, "'\(typed)' cannot be read")
            } catch {
                throw UsageFault("--themes-dir: \(error)")
            }
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: given, isDirectory: &isDirectory) else {
                throw UsageFault("--themes-dir: there is no directory '\(given)'")
            }
            guard isDirectory.boolValue else { throw UsageFault("--themes-dir: '\(given)' is not a directory") }
            guard FileManager.default.isReadableFile(atPath: given) else { throw UsageFault("--themes-dir: '\(given)' cannot be read") }
            directories.append(given)
        }
        if let set = configuration.themesDirectory { directories.append((try? FilePath.expanded(set, home: home, "")) ?? set) }
        directories += Self.standardDirectories(surroundings)
        return ThemeLibrary(directories: directories)
    }

    static func standardDirectories(_ surroundings: Surroundings) -> [String] {
        self.standardDirectories(environment: surroundings.environment, executable: surroundings.executable)
    }

    /// The standard directories of themes. They need not exist.
    static func standardDirectories(environment: [String: String], executable: String) -> [String] {
        var directories: [String] = []
        if let configuration = environment["XDG_CONFIG_HOME"], configuration.hasPrefix("/") {
            directories.append(configuration + "/resmon/themes")
        } else if let home = environment["HOME"], !home.isEmpty {
            directories.append(home + "/.config/resmon/themes")
        }
        // /usr/local/bin/resmon has its themes in /usr/local/share; .build/debug/resmon has them in its source tree.
        var ancestor = URL(fileURLWithPath: executable).deletingLastPathComponent()
        directories.append(ancestor.deletingLastPathComponent().path + "/share/resmon/themes")
        while ancestor.path != "/" {
            ancestor.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: ancestor.path + "/Package.swift") {
                directories.append(ancestor.path + "/themes")
                break
            }
        }
        return directories
    }
}
