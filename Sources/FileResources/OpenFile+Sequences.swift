import ResourceContainer

extension OpenFile {
    /// The file from the position on, in pieces of `size` bytes, the last one shorter. Leaves the handle's position where it is.
    ///
    /// - Parameter size: in bytes; at least 1.
    public func chunks(of size: Int = 65_536) -> FileChunks {
        FileChunks(file: self, size: max(1, size), start: self.position)
    }

    /// The lines of the file from the position on, without their ends (a line feed, or a carriage return and a line feed). Leaves the
    /// handle's position where it is.
    ///
    /// - Parameter maximumLength: in bytes; a longer line is an error, so that no file can fill the memory.
    public func lines(maximumLength: Int = 1_048_576) -> FileLines {
        FileLines(file: self, maximumLength: max(1, maximumLength), start: self.position)
    }
}

/// A file in pieces; each iteration has a position of its own.
public struct FileChunks: AsyncSequence, Sendable {
    let file: OpenFile
    let size: Int
    let start: Int64

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(file: self.file, size: self.size, offset: self.start)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let file: OpenFile
        let size: Int
        var offset: Int64

        /// - Throws: ``FileStoreError``; `CancellationError`.
        public mutating func next() async throws -> [UInt8]? {
            let bytes = try await self.file.read(at: self.offset, upToCount: self.size)
            self.offset += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }
    }
}

/// The lines of a text file; each iteration has a position of its own.
public struct FileLines: AsyncSequence, Sendable {
    let file: OpenFile
    let maximumLength: Int
    let start: Int64

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: FileChunks(file: self.file, size: 65_536, start: self.start).makeAsyncIterator(), self.maximumLength)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: FileChunks.AsyncIterator
        private var splitter: LineSplitter

        init(chunks: FileChunks.AsyncIterator, _ maximumLength: Int) {
            self.chunks = chunks
            self.splitter = LineSplitter(maximumLength: maximumLength)
        }

        /// - Throws: ``FileStoreError``, with code `notText` for a line that is not UTF-8 and `tooLarge` for one that is too long;
        ///   `CancellationError`.
        public mutating func next() async throws -> String? {
            while true {
                if let line = try self.splitLine() { return line }
                guard let bytes = try await self.chunks.next() else {
                    self.splitter.finish()
                    return try self.splitLine()
                }
                self.splitter.append(bytes)
            }
        }

        private mutating func splitLine() throws(FileStoreError) -> String? {
            do throws(FileFailure) {
                return try self.splitter.next()
            } catch {
                throw FileStoreError(error, action: "read", name: self.chunks.file.name)
            }
        }
    }
}
