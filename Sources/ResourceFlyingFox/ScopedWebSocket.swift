#if FlyingFox
    import FlyingFox
    import WebAdapters

    /// A WebSocket whose frames are produced in the scope of the request that opened it. Its last frame closes the scope.
    struct ScopedWebSocket: WSHandler {
        let base: any WSHandler
        let scope: RequestScope

        func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
            let frames = try await self.scope.run { try await self.base.makeFrames(for: client) }
            // The iterators of an AsyncStream share its elements, so each call continues with the next one.
            return AsyncStream { [scope] in
                do {
                    let frame = try await scope.run { () async throws -> WSFrame? in
                        var iterator = frames.makeAsyncIterator()
                        if let frame = await iterator.next() { return frame }
                        // The frames also end if the server cancels the connection. The error closes the scope as canceled.
                        try Task.checkCancellation()
                        return nil
                    }
                    if frame == nil { await scope.finish() }
                    return frame
                } catch {
                    // The scope is closed.
                    return nil
                }
            }
        }
    }
#endif
