import Foundation

/// File paths as entered by users.
package enum FilePath {
    /// Returns `path` with a leading `~` replaced by the home directory.
    ///
    /// - Parameters:
    ///   - path: The path as entered.
    ///   - home: The value of `HOME`.
    ///   - what: The operation for the error message, such as `'x' cannot be written`.
    /// - Throws: ``FileFault`` if the path is empty, contains a NUL, or cannot be expanded.
    package static func expanded(_ path: String, home: String?, _ what: String) throws(FileFault) -> String {
        if path.isEmpty { throw FileFault(.refused, what, "the name is empty") }
        if path.utf8.contains(0) { throw FileFault(.refused, what, "the name contains a NUL") }
        guard path.hasPrefix("~") else { return path }
        let rest = path.dropFirst()
        guard rest.isEmpty || rest.hasPrefix("/") else {
            throw FileFault(.refused, what, "only ~ and ~/ expand to a home directory: write ./\(path) for a file with that name")
        }
        guard let home, !home.isEmpty else { throw FileFault(.refused, what, "HOME is not set, so ~ cannot be expanded") }
        return home + rest
    }

    /// The value of `HOME`; nil if it is not set or empty.
    package static var home: String? {
        guard let value = getenv("HOME") else { return nil }
        let home = String(cString: value)
        return home.isEmpty ? nil : home
    }

    /// The directory that contains the last component of `path`.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The target of the symbolic link at `path`; nil if it is not a link.
    static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if target.hasPrefix("/") || !path.contains("/") { return target }
        let directory = Self.directory(of: path)
        return directory == "/" ? "/" + target : "\(directory)/\(target)"
    }

    /// Creates the directory `path` and its missing parents with mode 0700.
    ///
    /// - Throws: ``FileFault`` if a directory cannot be created.
    package static func makeDirectory(_ path: String) throws(FileFault) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            if mkdir(made, 0o700) == 0 { continue }
            let number = errno
            var status = stat()
            let exists = stat(made, &status) == 0
            if exists, status.st_mode & S_IFMT == S_IFDIR { continue }
            let what = "the directory '\(path)' cannot be created"
            throw FileFault(.refused, what, exists ? "'\(made)' is not a directory" : "'\(made)': \(FileFault.words(number))")
        }
    }
}
