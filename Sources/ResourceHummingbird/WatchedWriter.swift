#if Hummingbird
    import Hummingbird
    import Synchronization

    /// A writer of a response body that notes whether a write failed, which means that the client has disconnected.
    ///
    /// The methods leave the actor of their caller, as the ones of Hummingbird that they call do.
    struct WatchedWriter: ResponseBodyWriter {
        /// The receiver of the body.
        final class Client: Sendable {
            private let state = Atomic<Bool>(false)

            /// Whether a write has failed.
            var isGone: Bool {
                self.state.load(ordering: .acquiring)
            }

            fileprivate func leave() {
                self.state.store(true, ordering: .releasing)
            }
        }

        private var base: any ResponseBodyWriter
        private let client: Client

        init(base: any ResponseBodyWriter, client: Client) {
            self.base = base
            self.client = client
        }

        @concurrent
        mutating func write(_ buffer: ByteBuffer) async throws {
            do { try await self.base.write(buffer) } catch {
                self.client.leave()
                throw error
            }
        }

        @concurrent
        mutating func write(contentsOf buffers: some Sequence<ByteBuffer>) async throws {
            do { try await self.base.write(contentsOf: buffers) } catch {
                self.client.leave()
                throw error
            }
        }

        @concurrent
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
            let client = self.client
            do { try await self.base.finish(trailingHeaders) } catch {
                client.leave()
                throw error
            }
        }
    }
#endif
