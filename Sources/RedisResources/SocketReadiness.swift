#if Redis
    import FlyingSocks
    import ResourceContainer

    /// Waits until descriptors are ready, all of this module's in one event loop, so that nobody blocks a thread.
    ///
    /// A loop of its own, made once, instead of FlyingSocks' shared one: two tasks that ask for that for the first time at the same time each
    /// prepare it, and what waits in between is forgotten.
    final class SocketReadiness: Sendable {
        static let shared = SocketReadiness()

        private typealias Answer = Result<any AsyncSocketPool, any Error>

        /// Nil before it is first needed, and after it could not be made or has ended.
        private let loop = Lock<Promise<Answer>?>(nil)

        /// Returns when `descriptor` is ready, or has failed: what became of it, the next call on it says. It must stay open until then.
        ///
        /// - Throws: `CancellationError` if the task is cancelled, and what the event loop throws if it cannot wait.
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
                // Unstructured: the loop serves every connection of the process, and so is no task's child.
                Task.detached {
                    try? await pool.run()
                    self.forget(promise)
                }
                promise.fulfil(.success(pool))
            } catch {
                self.forget(promise)
                promise.fulfil(.failure(error))
            }
        }

        /// The next one who needs a loop makes another.
        private func forget(_ promise: Promise<Answer>) {
            self.loop.withLock { loop in
                if loop === promise { loop = nil }
            }
        }
    }
#endif
