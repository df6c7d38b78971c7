#if Redis
    import ResourceContainer

    /// A client of a Redis server over one connection, which it replaces when it was lost. Bind it as a resource, and the container
    /// connects and disconnects it.
    ///
    /// ```swift
    /// try container.bind(RedisClient.self, lifetime: .singleton) { RedisClient(configuration) }
    /// ```
    ///
    /// Outside a container, call ``connect()`` and ``disconnect()``.
    ///
    /// A command that finds the connection lost opens another one first, and is sent once. A command that was sent when the connection
    /// broke is not sent again, because the server may have run it. Commands that change the state of the connection (`MULTI`, `WATCH`,
    /// `SELECT`, …) are refused: use a dedicated ``RedisConnection``, for example from ``RedisPool/withConnection(budget:fileID:line:_:)``.
    public final class RedisClient: Resource, RedisCommands {
        /// The server, the login, and the timeouts. A command that has to connect first may take both timeouts together.
        public let configuration: RedisConfiguration
        private let environment: ResourceEnvironment
        private let mutex = AsyncMutex()
        private let state = Lock(State())

        private struct State: Sendable {
            /// The current connection, or the one that is opening. A lost connection stays here until it is replaced.
            var connection: RedisConnection?
            /// True from a successful connect to the next disconnect.
            var isConnected = false
            /// True for good once disposed.
            var isDisposed = false
            /// The number of failed connection attempts, and the last failure: tasks that waited for a failed attempt do not each try
            /// again.
            var failures = 0
            var lastFailure: RedisError?
        }

        /// Creates a client, which ``connect()`` or ``initialize()`` connects.
        ///
        /// - Parameters:
        ///   - configuration: The server, the login, and the timeouts.
        ///   - environment: The source of time for the timeouts.
        public init(_ configuration: RedisConfiguration, environment: ResourceEnvironment = .system) {
            self.configuration = configuration
            self.environment = environment
        }

        /// Connects the client until ``disconnect()``. Does nothing if the client is connected and its connection is not lost.
        ///
        /// - Throws: The errors of ``RedisConnection/initialize()``.
        public func connect() async throws {
            _ = try await self.connection(for: RedisConnection.connecting, isFirst: true)
        }

        /// Closes the connection. A running command fails with ``RedisError/Code/notOpen``. The client can be connected again.
        public func disconnect() async {
            let connection = self.state.withLock { state in
                state.isConnected = false
                defer { state.connection = nil }
                return state.connection
            }
            await connection?.dispose()
        }

        /// Connects the client for a container; see ``connect()``.
        public func initialize() async throws {
            try await self.connect()
        }

        /// Disconnects the client permanently.
        public func dispose() async {
            self.state.withLock { $0.isDisposed = true }
            await self.disconnect()
        }

        /// Sends a command and returns the server's reply; see ``RedisCommands/command(_:timeout:)``. Connects first if the connection was
        /// lost.
        @discardableResult
        public func command(_ words: [[UInt8]], timeout: Duration? = nil) async throws -> RedisValue {
            let command = try RedisCommand(words, to: self.configuration).withoutSession(self.configuration)
            do {
                return try await self.connection(for: command.name).run(command, timeout: timeout)
            } catch let error as RedisError where error.code == .connectionLost && !error.mayHaveRun {
                // The connection broke before this command was sent.
                return try await self.connection(for: command.name).run(command, timeout: timeout)
            }
        }

        /// Returns a usable connection, opening a new one if necessary.
        private func connection(for action: String, isFirst: Bool = false) async throws -> RedisConnection {
            if let connection = try self.present(action, isFirst) { return connection }
            let failures = self.state.withLock { $0.failures }
            return try await self.mutex.withLock {
                if let connection = try self.present(action, isFirst) { return connection }
                let connection = RedisConnection(self.configuration, environment: self.environment)
                let lost = try self.state.withLock { state throws(RedisError) in
                    if let error = state.lastFailure, state.failures != failures { throw error }
                    try self.check(state, action, isFirst)
                    defer { state.connection = connection }
                    return state.connection
                }
                await lost?.dispose()
                do {
                    try await connection.initialize()
                } catch {
                    if let error = error as? RedisError {
                        self.state.withLock { state in
                            // A disconnect during the attempt makes it fail, which is no evidence about the server.
                            guard state.connection === connection else { return }
                            state.failures += 1
                            state.lastFailure = error
                        }
                    }
                    throw error
                }
                // A disconnect during the attempt has disposed this connection.
                return try self.state.withLock { state throws(RedisError) in
                    guard state.connection === connection else { throw self.notConnected(action) }
                    state.isConnected = true
                    return connection
                }
            }
        }

        private func present(_ action: String, _ isFirst: Bool) throws(RedisError) -> RedisConnection? {
            let connection = try self.state.withLock { state throws(RedisError) in
                try self.check(state, action, isFirst)
                return state.isConnected ? state.connection : nil
            }
            return connection?.isUsable == true ? connection : nil
        }

        private func check(_ state: State, _ action: String, _ isFirst: Bool) throws(RedisError) {
            if state.isDisposed || !(isFirst || state.isConnected) { throw self.notConnected(action) }
        }

        private func notConnected(_ action: String) -> RedisError {
            RedisError(
                .notOpen,
                self.configuration,
                action: action,
                "the client is not connected (call connect(), unless it is disposed)"
            )
        }
    }
#endif
