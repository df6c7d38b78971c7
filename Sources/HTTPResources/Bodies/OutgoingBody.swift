import Foundation
import ResourceContainer

/// The body of a request while it is sent: bytes in memory, or a channel that a task fills.
struct OutgoingBody: Sendable {
    enum Content: Sendable {
        case bytes(Data)
        case channel(ByteChannel)
    }

    /// The number of bytes that are read ahead.
    static let bound = 262_144

    let content: Content
    /// The number of bytes; nil if it is not known.
    let length: Int64?
    private let task: Task<Void, Never>?

    /// Begins to read the body of a request.
    ///
    /// - Throws: ``HTTPError/Code/invalidRequest`` if the file cannot be read, or the sequence was read before; `CancellationError`.
    init(_ upload: HTTPUpload, of request: HTTPRequest, _ environment: ResourceEnvironment) async throws {
        switch upload.source {
        case .bytes(let bytes):
            self.content = .bytes(bytes)
            self.length = Int64(bytes.count)
            self.task = nil
        case .file(let path):
            let channel = ByteChannel(bound: Self.bound)
            let opened = Promise<Result<Int64, HTTPError>>()
            // Reading a file blocks its thread.
            environment.startApart { await FileUpload(path, request).run(to: channel, opened) }
            guard let length = await opened.wait() else {
                channel.abandon()
                throw CancellationError()
            }
            self.content = .channel(channel)
            self.length = try length.get()
            self.task = nil
        case .stream(let source):
            guard source.take() else { throw HTTPError.notReplayable(request) }
            let channel = ByteChannel(bound: Self.bound)
            self.content = .channel(channel)
            self.length = source.length
            // Ends with the request, which can end before the sequence does.
            self.task = environment.start {
                do {
                    try await source.send(to: channel)
                    channel.finish()
                } catch {
                    channel.finish(error)
                }
            }
        }
    }

    /// Ends the reading.
    func stop() {
        if case .channel(let channel) = self.content { channel.abandon() }
        self.task?.cancel()
    }

    /// Returns all bytes.
    ///
    /// - Throws: The error of the file or the sequence; `CancellationError`.
    func collect() async throws -> Data {
        switch self.content {
        case .bytes(let bytes): return bytes
        case .channel(let channel):
            var bytes = Data()
            while let chunk = try await channel.next() { bytes.append(contentsOf: chunk) }
            if let failure = channel.failure { throw failure }
            return bytes
        }
    }
}
