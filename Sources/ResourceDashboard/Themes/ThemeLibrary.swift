import Foundation

/// The themes that can be had: those compiled in and the files of some directories.
public struct ThemeLibrary: Hashable, Sendable {
    /// Where files are looked for; of two files of one name the earlier directory's counts.
    public let directories: [String]

    /// A theme file is a few kilobytes; what is larger than this is something else.
    static let maximumFileSize = 256 * 1024

    public init(directories: [String] = []) {
        self.directories = directories
    }

    /// The names of all themes: those compiled in, then those of the directories in alphabetical order, each once.
    ///
    /// Reads the directories each time, not the files; a directory that cannot be read has none.
    public func names() -> [String] {
        let builtIn = Theme.builtIn.map(\.name)
        return builtIn + Set(self.directories.flatMap(Self.files).map(Self.name)).subtracting(builtIn).sorted()
    }

    /// The theme of a name, or of the file at a path if it holds a slash or ends in `.yaml` or `.yml`.
    ///
    /// A name that is compiled in always means that theme, so that a broken file cannot take the default away.
    public func load(_ nameOrPath: String) throws(ThemeError) -> Theme {
        if nameOrPath.contains("/") || Self.isThemeFile(nameOrPath) { return try Self.theme(at: nameOrPath) }
        if let theme = Theme.builtIn.first(where: { $0.name == nameOrPath }) { return theme }
        guard let path = self.path(of: nameOrPath) else {
            throw ThemeError(file: nameOrPath, reason: "there is no theme of this name; there are: \(self.names().joined(separator: ", "))")
        }
        return try Self.theme(at: path)
    }

    /// The file that a name stands for; nil if it is compiled in or unknown.
    public func path(of name: String) -> String? {
        guard !Theme.builtIn.contains(where: { $0.name == name }) else { return nil }
        return self.directories.lazy.flatMap(Self.files).first { Self.name($0) == name }
    }

    static func name(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.split(separator: ".").first.map(String.init) ?? file
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
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ThemeError(file: path, reason: "the file cannot be read")
        }
        defer { try? handle.close() }
        let data: Data?
        do {
            data = try handle.read(upToCount: self.maximumFileSize + 1)
        } catch {
            throw ThemeError(file: path, reason: "the file cannot be read: \(error.localizedDescription)")
        }
        guard let data, data.count <= self.maximumFileSize else {
            throw ThemeError(file: path, reason: "not a theme: the file is empty, or larger than \(self.maximumFileSize / 1024) kB")
        }
        guard let yaml = String(validating: data, as: UTF8.self) else {
            throw ThemeError(file: path, reason: "not a theme: the file is not UTF-8 text")
        }
        return try Theme(yaml: yaml, file: path)
    }
}
