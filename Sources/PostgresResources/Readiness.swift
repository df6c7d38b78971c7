#if Postgres
    import FlyingSocks
    import ResourceContainer

    /// Waits for descriptors to become ready, all of this module's in one event loop, without a thread for each.
    ///
    /// A loop of its own, made once, instead of FlyingSocks' shared one: two tasks that ask for that for the first time at the same time each
    /// prepare it, and what waits in between is forgotten.
    final class Readiness: Sendable {
        static let shared = Readiness()

        private typealias Answer = Result<any AsyncSocketPool, any Error>

        /// Nil before it is first needed, and after it could not be made or has ended.
        private let loop = Lock<Promise<Answer>?>(nil)

        /// Returns when `descriptor` may be ready for one of `events`, or something has happened to it: whoever reads it finds out.
        ///
        /// When it has returned or thrown, nothing of the wait is left, and the descriptor may be closed.
        ///
        /// - Throws: `CancellationError` if the task is cancelled; else what the system says if it cannot be waited for.
        func wait(for descriptor: Int32, _ events: Socket.Events) async throws {
            let sockets = try await self.running()
            do {
                // Comes back from the pool's actor, which has taken the descriptor out of its books by then.
                try await sockets.suspendSocket(Socket(file: Socket.FileDescriptor(rawValue: descriptor)), untilReadyFor: events)
            } catch SocketError.disconnected {
                // That is something that has happened to it.
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
            let sockets: any AsyncSocketPool = SocketPool.make()
            do {
                try await sockets.prepare()
                // Unstructured: the loop serves every connection of the process, and so is no task's child. Detached, because the task-locals
                // of a caller - its scope - would live as long.
                Task.detached {
                    try? await sockets.run()
                    self.forget(promise)
                }
                promise.fulfil(.success(sockets))
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
