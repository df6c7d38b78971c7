import Foundation

/// Names of files, as people type them.
package enum FilePath {
    /// `path` with `~`, or a `~/` in front, replaced by the home directory.
    ///
    /// - Parameters:
    ///   - what: what cannot be done if the name is none: `'x' cannot be written`.
    ///   - home: what `HOME` is set to.
    package static func expanded(_ path: String, home: String?, _ what: String) throws(FileFault) -> String {
        if path.isEmpty { throw FileFault(.refused, what, "the name is empty") }
        if path.utf8.contains(0) { throw FileFault(.refused, what, "the name holds a NUL") }
        guard path.hasPrefix("~") else { return path }
        let rest = path.dropFirst()
        guard rest.isEmpty || rest.hasPrefix("/") else {
            throw FileFault(.refused, what, "only ~ and ~/ stand for a home directory: write ./\(path) for a file of that name")
        }
        guard let home, !home.isEmpty else { throw FileFault(.refused, what, "HOME is not set, so that ~ stands for nothing") }
        return home + rest
    }

    /// What `HOME` is set to; nil if it is not set, or empty.
    package static var home: String? {
        guard let value = getenv("HOME") else { return nil }
        let home = String(cString: value)
        return home.isEmpty ? nil : home
    }

    /// The directory that the last part of `path` stands in.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Where the symbolic link at `path` points; nil if it is no link.
    static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if target.hasPrefix("/") || !path.contains("/") { return target }
        let directory = Self.directory(of: path)
        return directory == "/" ? "/" + target : "\(directory)/\(target)"
    }

    /// Makes the directory `path` and those above it that are missing, for their owner alone.
    package static func makeDirectory(_ path: String) throws(FileFault) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            if mkdir(made, 0o700) == 0 { continue }
            let number = errno
            var status = stat()
            let exists = stat(made, &status) == 0
            if exists, status.st_mode & S_IFMT == S_IFDIR { continue }
            let what = "the directory '\(path)' cannot be made"
            throw FileFault(.refused, what, exists ? "'\(made)' is not a directory" : "'\(made)': \(FileFault.words(number))")
        }
    }
}
