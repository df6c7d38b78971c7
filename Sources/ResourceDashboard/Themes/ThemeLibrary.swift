import Foundation
import ResourceRecording

/// The available themes: the compiled-in ones and the files of some directories.
public struct ThemeLibrary: Hashable, Sendable {
    /// The directories of theme files. If two files have the same name, the one in the earlier directory is used.
    public let directories: [String]

    /// The largest file that is read, in bytes. A theme file is a few kilobytes.
    static let maximumFileSize = 256 * 1024

    /// Creates a library of the compiled-in themes and the files in `directories`.
    public init(directories: [String] = []) {
        self.directories = directories
    }

    /// Returns the names of all themes, each once: the fixed ones, then the others in alphabetical order.
    ///
    /// Each call reads the directories but not the files. A directory that cannot be read contributes no names.
    public func names() -> [String] {
        let fixed = Theme.fixed.map(\.name)
        let others = Set(self.directories.flatMap(Self.files).map(Self.name)).union(Theme.builtIn.map(\.name))
        return fixed + others.subtracting(fixed).sorted()
    }

    /// Loads the theme with a name, or the file at a path. An argument with a slash, `.yaml` or `.yml` at its end is a path.
    ///
    /// The default themes and `mono` are always the compiled-in ones, so that a damaged file cannot remove the default. For other names, a
    /// file takes precedence over a compiled-in theme.
    ///
    /// - Throws: ``ThemeError`` if there is no such theme or its file cannot be read or parsed.
    public func load(_ nameOrPath: String) throws(ThemeError) -> Theme {
        if Self.isPath(nameOrPath) { return try Self.theme(at: nameOrPath) }
        if let path = self.path(of: nameOrPath) { return try Self.theme(at: path) }
        if let theme = Theme.fixed.first(where: { $0.name == nameOrPath }) { return theme }
        guard let theme = Theme.builtIn.first(where: { $0.name == nameOrPath }) else {
            // The names of version 0.1.
            if nameOrPath.hasPrefix("colour-blind-") { return try self.load("color-blind-" + nameOrPath.dropFirst(13)) }
            throw ThemeError(file: nameOrPath, reason: "unknown theme; the themes are: \(self.names().joined(separator: ", "))")
        }
        return theme
    }

    /// Returns the path of the file that `name` refers to; nil if the theme is compiled in or unknown.
    public func path(of name: String) -> String? {
        guard !Theme.fixed.contains(where: { $0.name == name }) else { return nil }
        return self.directories.lazy.flatMap(Self.files).first { Self.name($0) == name }
    }

    static func name(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.split(separator: ".").first.map(String.init) ?? file
    }

    /// Whether the argument is taken for a path and not for a name.
    package static func isPath(_ nameOrPath: String) -> Bool {
        nameOrPath.contains("/") || self.isThemeFile(nameOrPath)
    }

    private static func isThemeFile(_ path: String) -> Bool {
        path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    }

    /// Returns the theme files of a directory in alphabetical order. The order of `readdir` differs between machines.
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
