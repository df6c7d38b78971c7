import Foundation

extension OutputTarget {
    /// Replaces a regular file atomically: a reader sees the old or the new content, and the old content stays if writing fails.
    ///
    /// If a replacement would lose the file's other hard links or its owner, or is not possible, the file is overwritten in place.
    func replace(with bytes: [UInt8]) throws(FileFault) {
        var status = stat()
        guard stat(self.file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return try OutputTarget(self.path).write(bytes, replacing: false)
        }
        guard status.st_nlink == 1, let (beside, descriptor) = self.makeBeside(status) else {
            return try self.overwrite(with: bytes)
        }
        let number = Descriptor.writeAll(bytes, to: descriptor)
        let closing = close(descriptor) == 0 ? 0 : errno
        guard number == 0, closing == 0 else {
            unlink(beside)
            throw self.fault(.brokenOff, "\(FileFault.words(number == 0 ? closing : number)); the old content is kept")
        }
        if rename(beside, self.file) == 0 { return }
        // A mount point cannot be replaced.
        unlink(beside)
        try self.overwrite(with: bytes)
    }

    /// Creates an empty file in the same directory with the same mode and owner. Returns nil if that is not possible.
    private func makeBeside(_ status: stat) -> (path: String, descriptor: Int32)? {
        let directory = FilePath.directory(of: self.file)
        for _ in 0..<8 {
            let path = "\(directory)/.resmon-\(UInt32.random(in: 0 ... .max)).tmp"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            if descriptor < 0 { return nil }
            var made = stat()
            let isSame = fstat(descriptor, &made) == 0 && made.st_uid == status.st_uid && made.st_gid == status.st_gid
            // The mode is set last, because changing the owner clears mode bits.
            if isSame || fchown(descriptor, status.st_uid, status.st_gid) == 0, fchmod(descriptor, status.st_mode & 0o7777) == 0 {
                return (path, descriptor)
            }
            close(descriptor)
            unlink(path)
            return nil
        }
        return nil
    }

    private func overwrite(with bytes: [UInt8]) throws(FileFault) {
        let descriptor = open(self.file, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw self.fault(.refused, FileFault.words(errno)) }
        var number = Descriptor.writeAll(bytes, to: descriptor)
        if number == 0, ftruncate(descriptor, off_t(bytes.count)) != 0 { number = errno }
        if close(descriptor) != 0, number == 0 { number = errno }
        if number != 0 { throw self.fault(.brokenOff, "\(FileFault.words(number)); the old content is partly overwritten") }
    }

    func fault(_ kind: FileFault.Kind, _ reason: String) -> FileFault {
        FileFault(kind, "'\(self.path)' cannot be written", reason)
    }
}
