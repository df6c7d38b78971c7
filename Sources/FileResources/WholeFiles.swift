import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What is done with files as a whole, below one directory. Synchronous: runs on the store's queue.
struct WholeFiles: Sendable {
    let walk: DirectoryWalk
    let durability: FileStoreConfiguration.Durability
    /// Names for temporary files.
    let unique: @Sendable () -> UInt64

    /// What the store's own files begin with: ``names()`` does not show them.
    static let ownPrefix = Array(".filestore-".utf8)
    private static let ownSuffix = Array(".tmp".utf8)

    private var calls: FileSystemCalls { self.walk.calls }
    private var base: Directory { self.walk.base }

    // MARK: Writing

    /// Has `name` mean a file with these bytes, in one step: whoever reads it meanwhile sees what was there before, or all of this.
    ///
    /// The bytes go to a temporary file in the store's directory, which then takes the name (`rename`). If anything fails before that, the
    /// temporary file is removed and nothing has happened. A file that was there keeps its permissions.
    func write(_ bytes: [UInt8], to name: FileName, overwriting: Bool) throws(FileFailure) {
        let place = try self.walk.place(of: name, makingDirectories: true)
        let before = try place.directory.status(of: place.name)
        if before?.isDirectory == true { throw FileFailure(errno: EISDIR) }
        if before != nil, !overwriting { throw FileFailure(errno: EEXIST) }
        // Another store that begins in this directory may take a file it sees before it is locked for a forgotten one.
        for attempt in 1...3 {
            let temporary = try self.makeTemporary()
            do throws(FileFailure) {
                defer { _ = self.calls.close(temporary.file) }
                if let before, before.isRegularFile { _ = fchmod(temporary.file, before.st_mode & 0o7777) }
                try self.calls.writeAll(bytes, to: temporary.file, at: 0)
                if self.durability == .synced { try self.calls.flush(temporary.file) }
                try self.move(temporary.name, to: place, overwriting: overwriting)
                break
            } catch {
                try? self.base.unlink(temporary.name)
                if error.systemError != ENOENT || attempt == 3 { throw error }
            }
        }
        if self.durability == .synced { try self.flush(place.directory) }
    }

    private func move(_ temporary: [UInt8], to place: DirectoryWalk.Place, overwriting: Bool) throws(FileFailure) {
        let (from, to) = (self.base.descriptor, place.directory.descriptor)
        if overwriting {
            if self.calls.rename(from, temporary.terminated, to, place.name.terminated) != 0 { throw .last }
            return
        }
        // A link is never made over what is there.
        let isLinked = temporary.terminated.withCString { old in place.name.terminated.withCString { linkat(from, old, to, $0, 0) } } == 0
        if !isLinked { throw .last }
        try self.base.unlink(temporary)
    }

    /// A new file that nobody else has, locked as long as it is open, so that it is not taken for a forgotten one.
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

    /// Removes temporary files that a process left behind when it was killed: those that nobody has locked.
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
        // One more than it seems to hold, to see that this was the end.
        var next = Int(status.st_size) + 1
        while true {
            let more = try self.calls.bytes(of: file, at: Int64(bytes.count), upToCount: max(next, 65_536))
            if bytes.isEmpty { bytes = more } else { bytes += more }
            if more.count < max(next, 65_536) { return bytes }
            next = 0
        }
    }

    /// Removes a file, or a link and not what it leads to.
    func remove(_ name: FileName) throws(FileFailure) {
        let place = try self.walk.place(of: name, makingDirectories: false, followingLast: false)
        try place.directory.unlink(place.name)
    }

    /// What stands directly in the directory, the store's own files left out, in the order of the bytes.
    func names() throws(FileFailure) -> [[UInt8]] {
        try self.base.entries().filter { !$0.starts(with: Self.ownPrefix) }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Removes all but the last `count` regular files, and returns how many went.
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

    /// Writes and reads a file of its own, and looks whether the directory is still the one at `path`.
    func probe(path: String) throws(FileFailure) {
        if try self.calls.status(of: self.base.descriptor).st_nlink == 0 {
            throw FileFailure(.notFound, "the directory was removed from under the store; initialise it again to make a new one")
        }
        switch try self.isStill(at: path) {
        case true?: break
        case false?: throw FileFailure(.notFound, "another directory is at its path by now; the store goes on with the one it had")
        case nil: throw FileFailure(.notFound, "the directory was moved away from its path; the store goes on with it where it is")
        }
        let temporary = try self.makeTemporary()
        defer {
            _ = self.calls.close(temporary.file)
            try? self.base.unlink(temporary.name)
        }
        let text = Array("ok".utf8)
        try self.calls.writeAll(text, to: temporary.file, at: 0)
        if try self.calls.bytes(of: temporary.file, at: 0, upToCount: text.count) != text {
            throw FileFailure(.other, "a file was not read as it was written")
        }
    }

    /// Whether the directory is the one at `path`; nil if none is there.
    ///
    /// - Throws: why that cannot be seen: the process has too many files open, say.
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

    /// Removes the directory and everything in it, links and not what they lead to. Nothing if it is gone; what another has put at its
    /// path is left alone.
    func removeTree(_ path: String) throws(FileFailure) {
        guard let isStillThere = try self.isStill(at: path) else { return }
        if !isStillThere { throw FileFailure(.busy, "another directory is at its path by now, which was left alone") }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw FileFailure(.other, error.localizedDescription)
        }
    }
}
