#if Postgres || Redis
    import FlyingSocks
    import ResourceContainer

    /// The event loop that waits for sockets. All connections of the process share one, so that no thread waits for a single descriptor.
    ///
    /// This is a separate loop, created once, instead of FlyingSocks' shared one: two tasks that use the shared loop for the first time at
    /// the same time both prepare it, and waits in between are lost.
    package final class SocketEventLoop: Sendable {
        /// The event loop of the process.
        package static let shared = SocketEventLoop()

        /// The state of a socket that ends a wait.
        package enum Readiness: Sendable {
            case readable
            case writable
            case readableOrWritable

            fileprivate var events: Socket.Events {
                switch self {
                case .readable: [.read]
                case .writable: [.write]
                case .readableOrWritable: [.read, .write]
                }
            }
        }

        private typealias Answer = Result<any AsyncSocketPool, any Error>

        /// Nil before the first use, and after the loop failed to start or ended.
        private let loop = Lock<Promise<Answer>?>(nil)

        /// Returns when `descriptor` may have the given readiness, or has failed; the next read or write reports the failure.
        ///
        /// The descriptor must stay open during the call. When the call returns or throws, the wait is completely removed, and the
        /// descriptor may be closed.
        ///
        /// - Throws: `CancellationError` if the task is canceled; otherwise the system's error if the descriptor cannot be waited for.
        package func wait(for descriptor: Int32, toBe readiness: Readiness) async throws {
            let sockets = try await self.running()
            do {
                // Returns from the pool's actor, which has removed the descriptor by then.
                let socket = Socket(file: Socket.FileDescriptor(rawValue: descriptor))
                try await sockets.suspendSocket(socket, untilReadyFor: readiness.events)
            } catch SocketError.disconnected {
                // The descriptor has failed, which the caller detects.
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
                // Unstructured, because the loop serves every connection of the process. Detached, because it would keep the caller's
                // task-local values, such as its scope, alive.
                Task.detached {
                    try? await sockets.run()
                    self.forget(promise)
                }
                promise.fulfill(.success(sockets))
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
