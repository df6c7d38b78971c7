#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system calls on open files, replaceable so that tests can inject failures. They report failures as the system does: -1 and `errno`.
package struct FileSystemCalls: Sendable {
    /// `openat`; the name ends with a NUL byte.
    package var open: @Sendable (_ directory: Int32, _ name: [UInt8], _ flags: Int32) -> Int32 = { directory, name, flags in
        name.withCString { openat(directory, $0, flags, 0o666) }
    }
    /// `pread`.
    package var read: @Sendable (_ file: Int32, _ into: UnsafeMutableRawBufferPointer, _ offset: Int64) -> Int = { file, buffer, offset in
        pread(file, buffer.baseAddress, buffer.count, off_t(offset))
    }
    /// `pwrite`, or `write` for a file opened for appending.
    package var write: @Sendable (_ file: Int32, _ from: UnsafeRawBufferPointer, _ offset: Int64?) -> Int = { file, buffer, offset in
        guard let offset else { return systemWrite(file, buffer.baseAddress, buffer.count) }
        return pwrite(file, buffer.baseAddress, buffer.count, off_t(offset))
    }
    /// `fsync`.
    package var sync: @Sendable (_ file: Int32) -> Int32 = { systemSync($0) }
    /// `renameat`; the names end with a NUL byte.
    package var rename: @Sendable (_ from: Int32, _ old: [UInt8], _ to: Int32, _ new: [UInt8]) -> Int32 = { from, old, to, new in
        old.withCString { old in new.withCString { renameat(from, old, to, $0) } }
    }
    /// `close`.
    package var close: @Sendable (_ file: Int32) -> Int32 = { systemClose($0) }

    package init() {}
}

// Inside the structure, `write` and `close` name its members.
private func systemWrite(_ file: Int32, _ from: UnsafeRawPointer?, _ count: Int) -> Int { write(file, from, count) }
private func systemClose(_ file: Int32) -> Int32 { close(file) }

/// `fsync`. On Darwin, `fsync` leaves data in the device's buffers, which `F_FULLFSYNC` flushes where the file system supports it.
private func systemSync(_ file: Int32) -> Int32 {
    #if canImport(Darwin)
        if fcntl(file, F_FULLFSYNC) != -1 { return 0 }
    #endif
    return fsync(file)
}

extension [UInt8] {
    /// Calls `body` with these bytes as a C string; they must end with a NUL byte.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        // Never nil: the array contains at least the NUL byte.
        self.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }

    /// These bytes followed by a NUL byte.
    var terminated: [UInt8] {
        self + [0]
    }
}

extension FileSystemCalls {
    /// Reads from `offset` until `buffer` is full or the file ends, and returns the number of bytes.
    func fill(_ buffer: UnsafeMutableRawBufferPointer, from file: Int32, at offset: Int64) throws(FileFailure) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = self.read(file, UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), offset + Int64(filled))
            if count == 0 { break }
            if count > 0 { filled += count } else if errno != EINTR { throw .last }
        }
        return filled
    }

    /// Reads at most `count` bytes from `offset`.
    func bytes(of file: Int32, at offset: Int64, upToCount count: Int) throws(FileFailure) -> [UInt8] {
        var failure: FileFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileFailure) {
                filled = try self.fill(UnsafeMutableRawBufferPointer(buffer), from: file, at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` at `offset`; nil appends.
    func writeAll(_ bytes: [UInt8], to file: Int32, at offset: Int64?) throws(FileFailure) {
        var failure: FileFailure?
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                let count = self.write(file, rest, offset.map { $0 + Int64(written) })
                if count >= 0 { written += count } else if errno != EINTR { failure = .last }
                if failure != nil { return }
            }
        }
        if let failure { throw failure }
    }

    /// Flushes the system's buffers of a file to the device.
    func flush(_ file: Int32) throws(FileFailure) {
        while self.sync(file) != 0 { if errno != EINTR { throw .last } }
    }

    /// Sets the size of `file` in bytes.
    func resize(_ file: Int32, to size: Int64) throws(FileFailure) {
        while ftruncate(file, off_t(size)) != 0 { if errno != EINTR { throw .last } }
    }

    /// The status of `file`.
    func status(of file: Int32) throws(FileFailure) -> stat {
        var status = stat()
        if fstat(file, &status) != 0 { throw .last }
        return status
    }
}

extension stat {
    var isRegularFile: Bool { self.st_mode & S_IFMT == S_IFREG }
    var isDirectory: Bool { self.st_mode & S_IFMT == S_IFDIR }
}
