import ResourceContainer

/// The body of a response as a sequence of chunks, in the order of their arrival; decompressed.
///
/// The client reads at most ``HTTPConfiguration/streamBufferSize`` bytes ahead. If the application reads more slowly than the server sends,
/// the client stops reading from the connection, so a body of any size needs a bounded amount of memory.
///
/// The sequence can be read once, by one task at a time: a second iteration continues where the first one stopped. It is valid until the
/// closure that received the response returns.
public struct HTTPBodyStream: AsyncSequence, Sendable {
    /// A chunk; never empty.
    public typealias Element = [UInt8]

    let exchange: Exchange
    let terms: ExchangeTerms

    /// Returns an iterator that continues where the last one stopped.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(stream: self)
    }

    /// The iterator of ``HTTPBodyStream``.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let stream: HTTPBodyStream

        /// Returns the next chunk; nil at the end of the body.
        ///
        /// - Throws: ``HTTPError`` if the body is incomplete; `CancellationError`.
        public mutating func next() async throws -> [UInt8]? {
            if let chunk = try await self.stream.exchange.nextChunk() { return chunk }
            switch self.stream.exchange.ending {
            case .answered?, nil: return nil
            case let ending?: throw ending.error(self.stream.terms)
            }
        }
    }
}
