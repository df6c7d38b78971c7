#if Postgres
    import FlyingSocks

    /// Waits for descriptors to become ready, without a thread for each.
    struct Readiness: Sendable {
        private let sockets: any AsyncSocketPool

        /// What all connections of the process wait with, asked for once: two tasks that asked FlyingSocks for the first time at the same
        /// time would each prepare it. Detached, because that starts a task that runs for ever, and the task-locals of a caller - its scope -
        /// would live as long.
        private static let client = Task.detached { try await SocketPool<Poll>.client as any AsyncSocketPool }

        /// - Throws: what the system says if it has nothing to wait with.
        init() async throws {
            self.sockets = try await Self.client.value
        }

        /// Returns when `descriptor` may be ready for one of `events`, or something has happened to it: whoever reads it finds out.
        ///
        /// When it has returned or thrown, nothing of the wait is left, and the descriptor may be closed.
        ///
        /// - Throws: `CancellationError`; else what the system says if it cannot be waited for.
        func wait(for descriptor: Int32, _ events: Socket.Events) async throws {
            do {
                // Comes back from the pool's actor, which has taken the descriptor out of its books by then.
                try await self.sockets.suspendSocket(Socket(file: Socket.FileDescriptor(rawValue: descriptor)), untilReadyFor: events)
            } catch SocketError.disconnected {
                // That is something that has happened to it.
            }
        }
    }
#endif
