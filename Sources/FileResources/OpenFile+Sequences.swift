import ResourceContainer

extension OpenFile {
    /// Returns the file from the current position in chunks of `size` bytes; the last one may be shorter. Does not move the position of the
    /// handle.
    ///
    /// - Parameter size: The chunk size in bytes; values below 1 mean 1.
    public func chunks(of size: Int = 65_536) -> FileChunks {
        FileChunks(file: self, size: max(1, size), start: self.position)
    }

    /// Returns the lines of the file from the current position, without their ends (a line feed, or a carriage return and a line feed).
    /// Does not move the position of the handle.
    ///
    /// - Parameter maximumLength: The maximum length of a line in bytes. A longer line is an error, which bounds the memory use.
    public func lines(maximumLength: Int = 1_048_576) -> FileLines {
        FileLines(file: self, maximumLength: max(1, maximumLength), start: self.position)
    }
}

/// The content of a file as a sequence of chunks. Each iteration has its own position.
public struct FileChunks: AsyncSequence, Sendable {
    let file: OpenFile
    let size: Int
    let start: Int64

    /// Returns an iterator at the start position.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(file: self.file, size: self.size, offset: self.start)
    }

    /// The iterator of ``FileChunks``.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let file: OpenFile
        let size: Int
        var offset: Int64

        /// Returns the next chunk; nil at the end of the file.
        ///
        /// - Throws: ``FileStoreError``; `CancellationError`.
        public mutating func next() async throws -> [UInt8]? {
            let bytes = try await self.file.read(at: self.offset, upToCount: self.size)
            self.offset += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }
    }
}

/// The lines of a text file as a sequence. Each iteration has its own position.
public struct FileLines: AsyncSequence, Sendable {
    let file: OpenFile
    let maximumLength: Int
    let start: Int64

    /// Returns an iterator at the start position.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: FileChunks(file: self.file, size: 65_536, start: self.start).makeAsyncIterator(), self.maximumLength)
    }

    /// The iterator of ``FileLines``.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: FileChunks.AsyncIterator
        private var splitter: LineSplitter

        init(chunks: FileChunks.AsyncIterator, _ maximumLength: Int) {
            self.chunks = chunks
            self.splitter = LineSplitter(maximumLength: maximumLength)
        }

        /// Returns the next line; nil at the end of the file.
        ///
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
