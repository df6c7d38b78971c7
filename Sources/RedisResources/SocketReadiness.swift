#if Redis
    import FlyingSocks
    import ResourceContainer

    /// Waits for descriptors to become ready. All descriptors of this module share one event loop, without a thread per descriptor.
    ///
    /// This is a separate loop, created once, instead of FlyingSocks' shared one: two tasks that use the shared loop for the first time at
    /// the same time both prepare it, and waits in between are lost.
    final class SocketReadiness: Sendable {
        static let shared = SocketReadiness()

        private typealias Answer = Result<any AsyncSocketPool, any Error>

        /// Nil before the first use, and after the loop failed to start or ended.
        private let loop = Lock<Promise<Answer>?>(nil)

        /// Returns when `descriptor` is ready or has failed; the next call on it reports the failure. It must stay open until then.
        ///
        /// - Throws: `CancellationError` if the task is canceled; the error of the event loop if it cannot wait.
        func wait(_ descriptor: Int32, for events: Socket.Events) async throws {
            let pool = try await self.running()
            do {
                try await pool.suspendSocket(Socket(file: .init(rawValue: descriptor)), untilReadyFor: events)
            } catch SocketError.disconnected {
                return
            } catch is CancellationError where !Task.isCancelled {
                throw SocketError.failed(type: "epoll", errno: 0, message: "the event loop has ended")
            }
        }

        private func running() async throws -> any AsyncSocketPool {
            let promise = Promise<Answer>()
            let other = self.loop.withLock { loop in
                defer { if loop == nil { loop = promise } }
                return loop
            }
            if other == nil { await self.start(promise) }
            guard let answer = await (other ?? promise).wait() else { throw CancellationError() }
            return try answer.get()
        }

        private func start(_ promise: Promise<Answer>) async {
            let pool: any AsyncSocketPool = SocketPool.make()
            do {
                try await pool.prepare()
                // Unstructured, because the loop serves every connection of the process.
                Task.detached {
                    try? await pool.run()
                    self.forget(promise)
                }
                promise.fulfill(.success(pool))
            } catch {
                self.forget(promise)
                promise.fulfill(.failure(error))
            }
        }

        /// Forgets the loop; the next use creates another.
        private func forget(_ promise: Promise<Answer>) {
            self.loop.withLock { loop in
                if loop === promise { loop = nil }
            }
        }
    }
#endif
