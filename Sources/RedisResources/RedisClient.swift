#if Redis
    import ResourceContainer

    /// A client of a Redis server (the specification's `RedisClient`): one connection, which is made anew when it was lost.
    ///
    /// It is a resource, and can be bound as one. Bound as the type of somebody else that it is on the specification's page, it takes
    ///
    /// ```swift
    /// try container.bind(
    ///     RedisClient.self,
    ///     lifecycle: .managed(onInitialize: { try await $0.connect() }, onDispose: { await $0.disconnect() })
    /// ) { RedisClient(configuration) }
    /// ```
    ///
    /// A command that finds the connection lost makes another one first, and is sent once; one that was sent when the connection broke is not
    /// sent again, because it may have been carried out. Commands whose effect lies in the connection (`MULTI`, `WATCH`, `SELECT`, …) are
    /// refused: they take a ``RedisConnection`` of one's own, such as ``RedisPool/withConnection(budget:fileID:line:_:)`` lends.
    public final class RedisClient: Resource, RedisCommands {
        /// Which server, as whom, and how long things may take. A command that has to connect first may take both timeouts.
        public let configuration: RedisConfiguration
        private let environment: ResourceEnvironment
        private let turns = Turns()
        private let state = Lock(State())

        private struct State: Sendable {
            /// The connection in use or being made; there also when it was lost, until the next is made.
            var connection: RedisConnection?
            /// From a successful connect to the next disconnect.
            var isConnected = false
            /// For good.
            var isDisposed = false
            /// How often connecting failed, and how it failed last: those who waited for it meanwhile do not each try again.
            var failures = 0
            var lastFailure: RedisError?
        }

        /// A client that connects when it is told to, or initialised.
        ///
        /// - Parameter environment: where its deadlines come from.
        public init(_ configuration: RedisConfiguration, environment: ResourceEnvironment = .system) {
            self.configuration = configuration
            self.environment = environment
        }

        /// Connects, and is connected from now on until ``disconnect()``. If it is already, this does nothing, unless the connection was lost.
        ///
        /// - Throws: what ``RedisConnection/initialize()`` throws.
        public func connect() async throws {
            _ = try await self.connection(for: RedisConnection.connecting, isFirst: true)
        }

        /// Closes the connection. A command that is under way fails with ``RedisError/Code/notOpen``. ``connect()`` may follow.
        public func disconnect() async {
            let connection = self.state.withLock { state in
                state.isConnected = false
                defer { state.connection = nil }
                return state.connection
            }
            await connection?.dispose()
        }

        /// ``connect()`` as a container does it.
        public func initialize() async throws {
            try await self.connect()
        }

        /// ``disconnect()`` for good.
        public func dispose() async {
            self.state.withLock { $0.isDisposed = true }
            await self.disconnect()
        }

        @discardableResult
        public func command(_ words: [[UInt8]], timeout: Duration? = nil) async throws -> RedisValue {
            let command = try RedisCommand(words, to: self.configuration).withoutSession(self.configuration)
            do {
                return try await self.connection(for: command.name).run(command, timeout: timeout)
            } catch let error as RedisError where error.code == .connectionLost && !error.mayHaveRun {
                // It broke while this command waited for its turn, or a moment ago.
                return try await self.connection(for: command.name).run(command, timeout: timeout)
            }
        }

        /// The connection, if need be a new one.
        private func connection(for action: String, isFirst: Bool = false) async throws -> RedisConnection {
            if let connection = try self.present(action, isFirst) { return connection }
            let failures = self.state.withLock { $0.failures }
            return try await self.turns.inTurn {
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
                            // One who disconnects meanwhile makes it fail, which says nothing about the server.
                            guard state.connection === connection else { return }
                            state.failures += 1
                            state.lastFailure = error
                        }
                    }
                    throw error
                }
                // One who disconnects meanwhile has disposed of this one.
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
                "the client is not connected (connect() does that, unless it is disposed)"
            )
        }
    }
#endif
