#if FlyingFox
    import FlyingFox
    import FlyingSocks
    import Foundation
    import WebAdapters

    /// The bytes of a response body, produced in the scope of the request. Their end closes the scope.
    ///
    /// The server drops the iterator without reading it to the end if a write fails. The scope is then closed with the last reference to it.
    struct ScopedBody: AsyncBufferedSequence {
        typealias Element = UInt8

        private let base: HTTPBodySequence
        private let scope: RequestScope

        /// Returns a body with the bytes and the length of `base`.
        static func sequence(_ base: HTTPBodySequence, _ scope: RequestScope) -> HTTPBodySequence {
            let bytes = ScopedBody(base: base, scope: scope)
            guard let count = base.count else { return HTTPBodySequence(from: bytes) }
            return HTTPBodySequence(from: bytes, count: count)
        }

        func makeAsyncIterator() -> Iterator {
            Iterator(base: self.base.makeAsyncIterator(), isChunked: self.base.count == nil, scope: self.scope)
        }

        struct Iterator: AsyncBufferedIteratorProtocol {
            private var base: HTTPBodySequence.Iterator
            private let isChunked: Bool
            private let scope: RequestScope
            /// The bytes that ``next()`` has not returned yet.
            private var rest = Data()

            fileprivate init(base: HTTPBodySequence.Iterator, isChunked: Bool, scope: RequestScope) {
                self.base = base
                self.isChunked = isChunked
                self.scope = scope
            }

            @concurrent
            mutating func next() async throws -> UInt8? {
                while self.rest.isEmpty {
                    guard let buffer = try await self.nextBuffer(suggested: 1) else { return nil }
                    self.rest = buffer
                }
                return self.rest.popFirst()
            }

            /// Returns the next bytes of the base, in its buffer size.
            @concurrent
            mutating func nextBuffer(suggested count: Int) async throws -> Data? {
                while let data = try await self.scope.run({ try await self.base.next() }) {
                    let bytes = self.isChunked ? Chunk.content(of: data) : data
                    // An encoded chunk without content would end the body.
                    if !bytes.isEmpty { return bytes }
                }
                await self.scope.finish()
                return nil
            }
        }
    }

    /// A chunk of the chunked transfer encoding.
    ///
    /// A body of unknown length yields its bytes encoded, and the body around it encodes them again. So its chunks are decoded first.
    enum Chunk {
        /// Returns the content of an encoded chunk. Bytes that are no encoded chunk are returned unchanged.
        static func content(of data: Data) -> Data {
            let lineBreak = Data("\r\n".utf8)
            guard let line = data.range(of: lineBreak),
                let size = Int(String(decoding: data[..<line.lowerBound], as: UTF8.self), radix: 16),
                size >= 0, data.distance(from: line.upperBound, to: data.endIndex) == size + lineBreak.count,
                data.suffix(lineBreak.count) == lineBreak
            else { return data }
            return data[line.upperBound...].prefix(size)
        }
    }
#endif
