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
                var iterator = frames.makeAsyncIterator()
                if let frame = await iterator.next() { return frame }
                await scope.finish()
                return nil
            }
        }
    }
#endif
