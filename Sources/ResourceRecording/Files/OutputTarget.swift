import Foundation

/// An output path, checked before anything is written.
///
/// All output of resmon - frames, snapshots, recordings - follows the same rules: links are followed; a device or a pipe is written to and
/// never replaced; an existing file is replaced only on request, keeps its mode and owner, and keeps its content if writing fails; an
/// incomplete new file is removed.
package struct OutputTarget: Hashable, Sendable {
    /// The kind of file at the path.
    package enum Kind: Hashable, Sendable {
        /// Standard output.
        case standardOutput
        /// No file exists yet.
        case absent
        /// A regular file.
        case regularFile
        /// A pipe, a terminal, or another device that stores nothing.
        case stream
        /// A block device, which stores data like a file.
        case disk
    }

    /// The path as entered, with `~` expanded.
    package let path: String
    /// The kind of file at the path when it was checked.
    package let kind: Kind
    /// The path after following links.
    let file: String

    /// Checks `path`. The path `-` and the system's names for standard output are standard output.
    ///
    /// - Parameters:
    ///   - path: The path as entered.
    ///   - home: The value of `HOME`, which replaces a leading `~`.
    /// - Throws: ``FileFault`` if the path cannot be written.
    package init(_ path: String, home: String? = FilePath.home) throws(FileFault) {
        let what = "'\(path)' cannot be written"
        if ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path) {
            (self.path, self.file, self.kind) = (path, path, .standardOutput)
            return
        }
        let path = try FilePath.expanded(path, home: home, what)
        self.path = path
        var status = stat()
        if stat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFDIR: throw FileFault(.refused, what, "it is a directory")
            case S_IFSOCK: throw FileFault(.refused, what, "it is a socket")
            case S_IFREG: self.kind = .regularFile
            case S_IFBLK: self.kind = .disk
            default: self.kind = .stream
            }
            guard faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 else {
                throw FileFault(.refused, what, errno == EACCES ? "it is not writable" : FileFault.words(errno))
            }
            self.file = Self.withoutLinks(path)
            return
        }
        guard errno == ENOENT || errno == ENOTDIR || errno == EACCES else { throw FileFault(.refused, what, FileFault.words(errno)) }
        self.kind = .absent
        self.file = Self.withoutLinks(path)
        if self.file.hasSuffix("/") { throw FileFault(.refused, what, "there is no directory '\(self.file)'") }
        let directory = FilePath.directory(of: self.file)
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            let reason = errno == EACCES ? "the directory '\(directory)' is not accessible" : "there is no directory '\(directory)'"
            throw FileFault(.refused, what, reason)
        }
        guard faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0 else {
            throw FileFault(.refused, what, "the directory '\(directory)' is not writable")
        }
    }

    /// Whether writing would destroy existing data.
    package var holdsSomething: Bool {
        self.kind == .regularFile || self.kind == .disk
    }

    /// `path` after following its links. The target of the last link need not exist.
    private static func withoutLinks(_ path: String) -> String {
        var path = path
        // The kernel's limit.
        for _ in 0..<40 {
            guard let target = FilePath.target(ofLink: path) else { break }
            path = target
        }
        return path
    }

    /// Writes `bytes` as the whole content.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - replacing: Whether existing data may be replaced.
    /// - Throws: ``FileFault``; of the kind `exists` if existing data may not be replaced.
    package func write(_ bytes: [UInt8], replacing: Bool = false) throws(FileFault) {
        if self.kind == .standardOutput { return try StandardOutput.write(bytes) }
        if self.kind == .regularFile, replacing { return try self.replace(with: bytes) }
        let output = try OutputFile(self, mode: 0o666, replacing: replacing)
        do {
            try output.append(bytes)
            try output.finish()
        } catch {
            output.remove()
            throw error
        }
    }

    /// Opens the path for incremental writing. An existing file is never changed.
    ///
    /// - Parameter mode: The mode of a new file.
    /// - Throws: ``FileFault``; of the kind `exists` if a file exists.
    package func begin(mode: mode_t) throws(FileFault) -> OutputFile {
        try OutputFile(self, mode: mode)
    }
}
