import Foundation

/// A place that something is to be written to, looked at before anything is done.
///
/// Everything that resmon writes - frames, snapshots, recordings - goes through here, so that one set of rules holds: links are followed; a
/// device or a pipe is written to and never replaced; a file that is there is replaced only if that was said, keeps its mode and its owner,
/// and keeps its content if writing fails; a file that could not be written to its end is not left behind.
package struct OutputTarget: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case standardOutput
        /// Nothing is there yet.
        case absent
        case regularFile
        /// A pipe, a terminal, or another device that keeps nothing.
        case stream
        /// A disk: it holds something, as a file does.
        case disk
    }

    /// As it was typed, with `~` expanded.
    package let path: String
    package let kind: Kind
    /// Where the links at `path` lead.
    let file: String

    /// The place that `path` names; `-` and the system's own names for it are standard output.
    ///
    /// - Throws: ``FileFault`` if nothing can be written there.
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
            let reason = errno == EACCES ? "the directory '\(directory)' is closed to you" : "there is no directory '\(directory)'"
            throw FileFault(.refused, what, reason)
        }
        guard faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0 else {
            throw FileFault(.refused, what, "the directory '\(directory)' is not writable")
        }
    }

    /// Whether writing there would take away what is there.
    package var holdsSomething: Bool {
        self.kind == .regularFile || self.kind == .disk
    }

    /// `path` where its links lead, the last of which may lead to nothing.
    private static func withoutLinks(_ path: String) -> String {
        var path = path
        // As many as the kernel follows.
        for _ in 0..<40 {
            guard let target = FilePath.target(ofLink: path) else { break }
            path = target
        }
        return path
    }

    /// Writes `bytes` there.
    ///
    /// - Parameter replacing: whether what is there may be replaced.
    /// - Throws: ``FileFault``, of the kind `exists` if something is there that may not be replaced.
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

    /// Makes the place ready to be written to bit by bit. A file that is there is never touched.
    package func begin(mode: mode_t) throws(FileFault) -> OutputFile {
        try OutputFile(self, mode: mode)
    }
}
