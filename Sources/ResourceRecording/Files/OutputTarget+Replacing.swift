import Foundation

extension OutputTarget {
    /// Replaces a regular file as a whole: a reader sees the old content or the new one, and the old one stays if writing fails.
    ///
    /// Where another file in its place would lose what this one has - its other names, its owner - or cannot be put there, the file itself is
    /// written to.
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
            throw self.fault(.brokenOff, "\(FileFault.words(number == 0 ? closing : number)); what was there is there still")
        }
        if rename(beside, self.file) == 0 { return }
        // A file that something is mounted on cannot be replaced.
        unlink(beside)
        try self.overwrite(with: bytes)
    }

    /// An empty file in the same directory with the same mode and owner; nil if there cannot be one.
    private func makeBeside(_ status: stat) -> (path: String, descriptor: Int32)? {
        let directory = FilePath.directory(of: self.file)
        for _ in 0..<8 {
            let path = "\(directory)/.resmon-\(UInt32.random(in: 0 ... .max)).tmp"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            if descriptor < 0 { return nil }
            var made = stat()
            let isSame = fstat(descriptor, &made) == 0 && made.st_uid == status.st_uid && made.st_gid == status.st_gid
            // The mode comes last: a new owner takes bits of it away.
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
        if number != 0 { throw self.fault(.brokenOff, "\(FileFault.words(number)); what was there is written over in part") }
    }

    func fault(_ kind: FileFault.Kind, _ reason: String) -> FileFault {
        FileFault(kind, "'\(self.path)' cannot be written", reason)
    }
}
