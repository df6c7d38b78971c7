import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The operations on whole files below one directory. Synchronous: they run on the store's queue.
struct WholeFiles: Sendable {
    let walk: DirectoryWalk
    let durability: FileStoreConfiguration.Durability
    /// Generates the names of temporary files.
    let unique: @Sendable () -> UInt64

    /// The prefix of the store's own files, which ``names()`` leaves out.
    static let ownPrefix = Array(".filestore-".utf8)
    private static let ownSuffix = Array(".tmp".utf8)

    private var calls: FileSystemCalls { self.walk.calls }
    private var base: Directory { self.walk.base }

    // MARK: Writing

    /// Replaces the content of `name` atomically: concurrent readers get the old content or all of the new content.
    ///
    /// The bytes go to a temporary file in the store's directory, which is then renamed (`rename`). If anything fails before that, the
    /// temporary file is removed and the old content remains. An existing file keeps its permissions.
    func write(_ bytes: [UInt8], to name: FileName, overwriting: Bool) throws(FileFailure) {
        let entry = try self.walk.entry(of: name, makingDirectories: true)
        let before = try entry.directory.status(of: entry.name)
        if before?.isDirectory == true { throw FileFailure(errno: EISDIR) }
        if before != nil, !overwriting { throw FileFailure(errno: EEXIST) }
        // Another store that initializes in this directory may remove a temporary file that is not locked yet: try again.
        for attempt in 1...3 {
            let temporary = try self.makeTemporary()
            do throws(FileFailure) {
                defer { _ = self.calls.close(temporary.file) }
                if let before, before.isRegularFile { _ = fchmod(temporary.file, before.st_mode & 0o7777) }
                try self.calls.writeAll(bytes, to: temporary.file, at: 0)
                if self.durability == .synced { try self.calls.flush(temporary.file) }
                try self.move(temporary.name, to: entry, overwriting: overwriting)
                break
            } catch {
                try? self.base.unlink(temporary.name)
                if error.systemError != ENOENT || attempt == 3 { throw error }
            }
        }
        if self.durability == .synced { try self.flush(entry.directory) }
    }

    private func move(_ temporary: [UInt8], to entry: DirectoryWalk.Entry, overwriting: Bool) throws(FileFailure) {
        let (from, to) = (self.base.descriptor, entry.directory.descriptor)
        if overwriting {
            if self.calls.rename(from, temporary.terminated, to, entry.name.terminated) != 0 { throw .last }
            return
        }
        // `linkat` never replaces an existing file.
        let isLinked = temporary.terminated.withCString { old in entry.name.terminated.withCString { linkat(from, old, to, $0, 0) } } == 0
        if !isLinked { throw .last }
        try self.base.unlink(temporary)
    }

    /// Creates a temporary file, locked while it is open, so that no other store removes it as forgotten.
    private func makeTemporary() throws(FileFailure) -> (name: [UInt8], file: Int32) {
        while true {
            let name = Self.ownPrefix + Array(String(self.unique(), radix: 36).utf8) + Self.ownSuffix
            let file = self.calls.open(
                self.base.descriptor,
                name.terminated,
                O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            )
            if file >= 0 {
                _ = flock(file, LOCK_EX | LOCK_NB)
                return (name, file)
            }
            if errno != EEXIST && errno != EINTR { throw .last }
        }
    }

    private func flush(_ directory: Directory) throws(FileFailure) {
        let descriptor = self.calls.open(directory.descriptor, Array(".".utf8).terminated, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw .last }
        defer { _ = self.calls.close(descriptor) }
        try self.calls.flush(descriptor)
    }

    /// Removes temporary files of terminated processes: those that are not locked.
    func removeForgotten() throws(FileFailure) {
        for name in try self.base.entries()
        where name.starts(with: Self.ownPrefix) && name.reversed().starts(with: Self.ownSuffix.reversed()) {
            let file = self.calls.open(self.base.descriptor, name.terminated, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            if file < 0 { continue }
            if flock(file, LOCK_EX | LOCK_NB) == 0 { try? self.base.unlink(name) }
            _ = self.calls.close(file)
        }
    }

    // MARK: Reading, removing, listing

    func read(_ name: FileName) throws(FileFailure) -> [UInt8] {
        let (file, status) = try self.walk.open(name, flags: O_RDONLY, makingDirectories: false)
        defer { _ = self.calls.close(file) }
        var bytes: [UInt8] = []
        // One byte more than the reported size, to detect the end of the file.
        var next = Int(status.st_size) + 1
        while true {
            let more = try self.calls.bytes(of: file, at: Int64(bytes.count), upToCount: max(next, 65_536))
            if bytes.isEmpty { bytes = more } else { bytes += more }
            if more.count < max(next, 65_536) { return bytes }
            next = 0
        }
    }

    /// Removes a file. Removes a symbolic link itself, not its target.
    func remove(_ name: FileName) throws(FileFailure) {
        let entry = try self.walk.entry(of: name, makingDirectories: false, followingLast: false)
        try entry.directory.unlink(entry.name)
    }

    /// The names directly in the directory without the store's own files, in byte order.
    func names() throws(FileFailure) -> [[UInt8]] {
        try self.base.entries().filter { !$0.starts(with: Self.ownPrefix) }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Removes all regular files but the last `count`, and returns the number of removed files.
    func keepLast(_ count: Int) throws(FileFailure) -> Int {
        var files: [[UInt8]] = []
        for name in try self.names() where try self.base.status(of: name)?.isRegularFile == true { files.append(name) }
        let old = files.dropLast(max(0, count))
        for name in old {
            do throws(FileFailure) { try self.base.unlink(name) } catch { if error.systemError != ENOENT { throw error } }
        }
        return old.count
    }

    // MARK: Health

    /// Writes and reads a temporary file, and checks that the directory is still the one at `path`.
    func probe(path: String) throws(FileFailure) {
        if try self.calls.status(of: self.base.descriptor).st_nlink == 0 {
            throw FileFailure(.notFound, "the directory was removed; initialize the store again to recreate it")
        }
        switch try self.isStill(at: path) {
        case true?: break
        case false?: throw FileFailure(.notFound, "another directory is at its path now; the store continues with the original one")
        case nil: throw FileFailure(.notFound, "the directory was moved from its path; the store continues with it at its new path")
        }
        let temporary = try self.makeTemporary()
        defer {
            _ = self.calls.close(temporary.file)
            try? self.base.unlink(temporary.name)
        }
        let text = Array("ok".utf8)
        try self.calls.writeAll(text, to: temporary.file, at: 0)
        if try self.calls.bytes(of: temporary.file, at: 0, upToCount: text.count) != text {
            throw FileFailure(.other, "the bytes that were read differ from those that were written")
        }
    }

    /// Whether the directory is the one at `path`; nil if the path does not exist.
    ///
    /// - Throws: The system error if that cannot be determined: for example, the process has too many files open.
    private func isStill(at path: String) throws(FileFailure) -> Bool? {
        let descriptor = self.calls.open(AT_FDCWD, Array(path.utf8).terminated, Directory.walking)
        if descriptor < 0 {
            guard errno != ENOENT, errno != ENOTDIR else { return nil }
            throw .last
        }
        let there = Directory(descriptor)
        let (theirs, mine) = (try self.calls.status(of: there.descriptor), try self.calls.status(of: self.base.descriptor))
        return (mine.st_dev, mine.st_ino) == (theirs.st_dev, theirs.st_ino)
    }

    /// Removes the directory and everything in it; links are removed, not their targets. Does nothing if the directory is gone, and leaves
    /// another directory at its path alone.
    func removeTree(_ path: String) throws(FileFailure) {
        guard let isStillThere = try self.isStill(at: path) else { return }
        if !isStillThere { throw FileFailure(.busy, "another directory is at its path now and was not removed") }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw FileFailure(.other, error.localizedDescription)
        }
    }
}
