#if Redis
    import ResourceContainer

    /// A connection to a Redis server that can be pooled and bound. Initialize connects and logs in; dispose closes the connection.
    ///
    /// Commands run one after the other, first in, first out. No operation blocks a thread. A lost connection stays lost: ``isUsable`` is
    /// false, and commands throw ``RedisError/Code/connectionLost``; ``RedisClient`` replaces lost connections itself.
    ///
    /// If a command is canceled or times out, its reply is read and discarded, so that no other command receives it. If the reply does not
    /// arrive within 250 ms, the connection is closed.
    public final class RedisConnection: Resource, RedisCommands {
        /// The server, the login, and the timeouts.
        public let configuration: RedisConfiguration
        let environment: ResourceEnvironment
        let mutex = AsyncMutex()
        let state = Lock(State())

        /// The phase of a connection.
        enum Phase: Sendable {
            /// Until ``RedisConnection/initialize()``.
            case new
            /// From there to the end of the login; the link is nil while there is no socket.
            case connecting(RedisLink?)
            /// Open: commands may be sent.
            case open(RedisLink)
            /// Failed to open, or lost. Final except for dispose.
            case broken(RedisError)
            /// Disposed. The link remains until the running command has ended. Final.
            case closed(RedisLink?)

            var link: RedisLink? {
                switch self {
                case .open(let link): link
                case .connecting(let link), .closed(let link): link
                case .new, .broken: nil
                }
            }
        }

        struct State: Sendable {
            var phase = Phase.new
            var session = RedisSession()
            /// Whether a command is running.
            var isBusy = false
            /// Set while the reply of an abandoned command is pending; fulfilled when the connection is usable again or broken.
            var settling: Promise<Void>?
        }

        /// Creates a connection, which ``initialize()`` opens.
        ///
        /// - Parameters:
        ///   - configuration: The server, the login, and the timeouts.
        ///   - environment: The source of time for the timeouts.
        public init(_ configuration: RedisConfiguration, environment: ResourceEnvironment = .system) {
            self.configuration = configuration
            self.environment = environment
        }

        /// Whether a command can be sent: the connection is open, and the server has not closed it.
        public var isUsable: Bool {
            self.state.withLock { state in
                guard case .open(let link) = state.phase else { return false }
                return state.isBusy || state.settling != nil || link.isQuiet
            }
        }

        /// Connects, logs in, and selects the database; returns when the server has answered.
        ///
        /// - Throws: ``RedisError`` with code `unreachable`, `authentication`, `tooManyClients`, `timedOut`, `invalidConfiguration`, and
        ///   others; `CancellationError`. The connection is then closed.
        public func initialize() async throws {
            if let fault = self.configuration.fault { throw RedisError.invalidConfiguration(fault) }
            try self.state.withLock { state throws(RedisError) in
                guard case .new = state.phase else { throw self.error(.notOpen, Self.connecting, "it was initialized or disposed before") }
                state.phase = .connecting(nil)
            }
            do {
                try await self.within(self.configuration.connectTimeout, Self.connecting) { try await self.connect() }
            } catch {
                let failure = error as? RedisError ?? self.error(.connectionLost, Self.connecting, "it was canceled")
                self.abandon(failure)
                throw error
            }
        }

        /// Closes the connection and never fails. A running command throws ``RedisError/Code/notOpen``. Disposing again does nothing.
        public func dispose() async {
            self.state.withLock { state in
                if case .closed = state.phase { return }
                // The descriptor is closed when no operation waits for it; shutting it down ends the waits.
                state.phase.link?.shutDown()
                state.phase = .closed(state.phase.link)
            }
            // A separate task, because the descriptor must be closed regardless of the caller's cancellation.
            await self.environment.start {
                try? await self.mutex.withLock {
                    let settling = self.state.withLock { $0.settling }
                    await settling?.waitThroughCancellation()
                    self.abandon(self.error(.notOpen, "closing", "it is closed"))
                }
            }.value
        }

        /// Resets the session for the next holder of a pool: discards an open transaction, unwatches keys, selects the configured database,
        /// and waits for the reply of an abandoned command.
        ///
        /// Does not use the server's `RESET`, which requires Redis 6.2 and logs out. Client names and scripts remain. A session without
        /// such changes costs no round trip.
        ///
        /// - Throws: ``RedisError`` if the connection is unusable or has logged in as another user.
        public func reset() async throws {
            try await self.within(self.configuration.commandTimeout, "resetting") { try await self.whenSettled() }
            guard self.isUsable else { throw self.error(.connectionLost, "resetting", "the connection is lost or closed") }
            let session = self.state.withLock { $0.session }
            if session.hasChangedUser { throw self.error(.misuse, "resetting", "it logged in as another user, which is not undone") }
            for words in session.undoing(database: self.configuration.database) { try await self.command(words) }
            self.state.withLock { $0.session.undone() }
        }

        /// Closes the connection permanently; no operation may be waiting for the descriptor.
        func abandon(_ error: RedisError) {
            self.state.withLock { state in
                state.phase.link?.close()
                switch state.phase {
                case .new, .connecting, .open: state.phase = .broken(error)
                case .closed: state.phase = .closed(nil)
                case .broken: break
                }
            }
        }

        static let connecting = "connecting"

        func error(_ code: RedisError.Code, _ action: String, _ message: String, mayHaveRun: Bool = false) -> RedisError {
            RedisError(code, self.configuration, action: action, message, mayHaveRun: mayHaveRun)
        }

        /// Runs `body` in its turn, and cancels it when the budget is exhausted.
        func within<Result: Sendable>(
            _ budget: Duration,
            _ action: String,
            _ body: @escaping @Sendable () async throws -> Result
        ) async throws -> Result {
            do {
                return try await self.environment.time.within(budget) { try await self.mutex.withLock { try await body() } }
            } catch is BudgetExceeded {
                throw self.error(.timedOut, action, "no answer within \(budget)", mayHaveRun: action != Self.connecting)
            }
        }
    }
#endif
