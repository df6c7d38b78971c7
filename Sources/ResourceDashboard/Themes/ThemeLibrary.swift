import Foundation
import ResourceRecording

/// The themes that can be had: those compiled in and the files of some directories.
public struct ThemeLibrary: Hashable, Sendable {
    /// Where files are looked for; of two files of one name the earlier directory's counts.
    public let directories: [String]

    /// A theme file is a few kilobytes; what is larger than this is something else.
    static let maximumFileSize = 256 * 1024

    public init(directories: [String] = []) {
        self.directories = directories
    }

    /// The names of all themes: the three that are fixed, then those compiled in and those of the directories in alphabetical order, each once.
    ///
    /// Reads the directories each time, not the files; a directory that cannot be read has none.
    public func names() -> [String] {
        let fixed = Theme.fixed.map(\.name)
        let others = Set(self.directories.flatMap(Self.files).map(Self.name)).union(Theme.builtIn.map(\.name))
        return fixed + others.subtracting(fixed).sorted()
    }

    /// The theme of a name, or of the file at a path if it holds a slash or ends in `.yaml` or `.yml`.
    ///
    /// The default themes and `mono` are always those that are compiled in, so that a broken file cannot take the default away; of the others
    /// a file goes before what is compiled in.
    public func load(_ nameOrPath: String) throws(ThemeError) -> Theme {
        if Self.isPath(nameOrPath) { return try Self.theme(at: nameOrPath) }
        if let path = self.path(of: nameOrPath) { return try Self.theme(at: path) }
        if let theme = Theme.fixed.first(where: { $0.name == nameOrPath }) { return theme }
        guard let theme = Theme.builtIn.first(where: { $0.name == nameOrPath }) else {
            throw ThemeError(file: nameOrPath, reason: "there is no theme of this name; there are: \(self.names().joined(separator: ", "))")
        }
        return theme
    }

    /// The file that a name stands for; nil if it is compiled in or unknown.
    public func path(of name: String) -> String? {
        guard !Theme.fixed.contains(where: { $0.name == name }) else { return nil }
        return self.directories.lazy.flatMap(Self.files).first { Self.name($0) == name }
    }

    static func name(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.split(separator: ".").first.map(String.init) ?? file
    }

    /// Whether it is taken for a path and not for a name.
    package static func isPath(_ nameOrPath: String) -> Bool {
        nameOrPath.contains("/") || self.isThemeFile(nameOrPath)
    }

    private static func isThemeFile(_ path: String) -> Bool {
        path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    }

    /// The theme files of a directory in alphabetical order: what `readdir` hands out first differs between machines.
    private static func files(in directory: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return entries.filter { self.isThemeFile($0) && !$0.hasPrefix(".") }.sorted().map { directory + "/" + $0 }
    }

    private static func theme(at path: String) throws(ThemeError) -> Theme {
        let yaml: String
        do {
            yaml = try InputText.text(of: path, limit: self.maximumFileSize)
        } catch {
            throw ThemeError(file: path, reason: "the file cannot be read: \(error.reason)")
        }
        return try Theme(yaml: yaml, file: path)
    }
}
