import Foundation
import ResourceContainer

/// The body of a request: bytes in memory, a file, or a sequence of chunks.
///
/// Bytes and files can be sent again, for a redirect or after a failure. A sequence is read once: a redirect that requires its body again
/// is an error.
public struct HTTPUpload: Sendable {
    enum Source: Sendable {
        case bytes(Data)
        case file(path: String)
        case stream(ChunkSource)
    }

    let source: Source

    /// Bytes in memory.
    public static func bytes(_ bytes: Data) -> HTTPUpload {
        HTTPUpload(source: .bytes(bytes))
    }

    /// Bytes in memory.
    public static func bytes(_ bytes: [UInt8]) -> HTTPUpload {
        HTTPUpload(source: .bytes(Data(bytes)))
    }

    /// The content of a regular file. It is opened when the request is sent, and its size at that time is sent.
    public static func file(_ path: String) -> HTTPUpload {
        HTTPUpload(source: .file(path: path))
    }

    /// A sequence of chunks, which is read as fast as the server receives it.
    ///
    /// - Parameters:
    ///   - chunks: The content. An error that it throws ends the request and is thrown by it.
    ///   - length: The number of bytes in all chunks; nil if it is not known. A sequence with another number of bytes is an error.
    public static func stream<Chunks: AsyncSequence & Sendable>(
        _ chunks: Chunks,
        length: Int64? = nil
    ) -> HTTPUpload where Chunks.Element == [UInt8] {
        HTTPUpload(
            source: .stream(
                ChunkSource(length: length) { channel in
                    var sent: Int64 = 0
                    for try await chunk in chunks {
                        sent += Int64(chunk.count)
                        if let length, sent > length { throw Self.wrongLength("more", length) }
                        try await channel.send(chunk)
                    }
                    if let length, sent < length { throw Self.wrongLength("only \(sent)", length) }
                }
            )
        )
    }

    private static func wrongLength(_ found: String, _ length: Int64) -> HTTPError {
        HTTPError(.invalidRequest, method: nil, url: nil, "the uploaded sequence has \(found) bytes, and its length is given as \(length)")
    }

    /// Whether the body is known to have no bytes.
    var isEmpty: Bool {
        self.knownLength == 0
    }

    /// The number of bytes, unless it is known only when the request is sent.
    var knownLength: Int64? {
        switch self.source {
        case .bytes(let bytes): Int64(bytes.count)
        case .file: nil
        case .stream(let source): source.length
        }
    }
}

/// A sequence of chunks that can be read once.
final class ChunkSource: Sendable {
    let length: Int64?
    private let run: @Sendable (ByteChannel) async throws -> Void
    private let isTaken = Lock(false)

    init(length: Int64?, _ run: @escaping @Sendable (ByteChannel) async throws -> Void) {
        self.length = length
        self.run = run
    }

    /// Claims the sequence. Returns false if it has been claimed before.
    func take() -> Bool {
        self.isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    /// Sends all chunks to `channel`, waiting while it is full.
    func send(to channel: ByteChannel) async throws {
        try await self.run(channel)
    }
}
