#if Redis
    import ResourceContainer

    /// A connection to a Redis server that can be pooled and bound: initialised by connecting and logging in, disposed by closing it.
    ///
    /// Commands of several tasks go one after the other, first come first served. Nothing blocks a thread. A connection that is lost stays
    /// lost: ``isUsable`` is false, and commands throw ``RedisError/Code/connectionLost``; ``RedisClient`` makes a new one by itself.
    ///
    /// A command that is left by its task - cancelled, or out of time - has its reply read off and thrown away, so that it is given to no
    /// other command; if that does not come within 250 ms, the connection is closed.
    public final class RedisConnection: Resource, RedisCommands {
        /// Which server, as whom, and how long things may take.
        public let configuration: RedisConfiguration
        let environment: ResourceEnvironment
        let turns = Turns()
        let state = Lock(State())

        /// What a connection is at the moment.
        enum Phase: Sendable {
            /// Until ``RedisConnection/initialize()``.
            case new
            /// From there to the end of the login; no link while there is no socket.
            case connecting(RedisLink?)
            /// Commands may be sent.
            case open(RedisLink)
            /// It could not be opened, or broke. Final but for the dispose.
            case broken(RedisError)
            /// Disposed. The link is there until the command that was under way has noticed. Final.
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
            /// Whether a command is under way.
            var isBusy = false
            /// There while the reply of a command that was left is awaited; fulfilled when the connection can be used again, or is broken.
            var settling: Promise<Void>?
        }

        /// A connection that is opened by ``initialize()``.
        ///
        /// - Parameter environment: where its deadlines come from.
        public init(_ configuration: RedisConfiguration, environment: ResourceEnvironment = .system) {
            self.configuration = configuration
            self.environment = environment
        }

        /// Whether a command may be sent: the connection is open, and the server has not closed it.
        public var isUsable: Bool {
            self.state.withLock { state in
                guard case .open(let link) = state.phase else { return false }
                return state.isBusy || state.settling != nil || link.isQuiet
            }
        }

        /// Connects, logs in and selects the database; returns when the server has answered.
        ///
        /// - Throws: ``RedisError`` with code `unreachable`, `authentication`, `tooManyClients`, `timedOut`, `invalidConfiguration` and others;
        ///   `CancellationError`. Nothing is left open then.
        public func initialize() async throws {
            if let fault = self.configuration.fault { throw RedisError.invalidConfiguration(fault) }
            try self.state.withLock { state throws(RedisError) in
                guard case .new = state.phase else { throw self.error(.notOpen, Self.connecting, "it was initialised or disposed before") }
                state.phase = .connecting(nil)
            }
            do {
                try await self.within(self.configuration.connectTimeout, Self.connecting) { try await self.connect() }
            } catch {
                let failure = error as? RedisError ?? self.error(.connectionLost, Self.connecting, "it was cancelled")
                self.abandon(failure)
                throw error
            }
        }

        /// Closes the connection, and never fails. A command that is under way throws ``RedisError/Code/notOpen``. Closing twice does nothing.
        public func dispose() async {
            self.state.withLock { state in
                if case .closed = state.phase { return }
                // The descriptor is closed when nobody waits for it any more; that it is shut down is what ends the waiting.
                state.phase.link?.shutDown()
                state.phase = .closed(state.phase.link)
            }
            // Started, because it must end with the descriptor closed whatever becomes of the caller.
            await self.environment.start {
                try? await self.turns.inTurn {
                    let settling = self.state.withLock { $0.settling }
                    await settling?.waitThroughCancellation()
                    self.abandon(self.error(.notOpen, "closing", "it is closed"))
                }
            }.value
        }

        /// Leaves the state in which a borrower of a pool may have left the connection: drops a transaction that was begun, unwatches, selects
        /// the configured database, and waits for the reply of a command that was left.
        ///
        /// Not done with the server's own `RESET`, which servers before 6.2 do not know and which logs out. Client names, scripts and the like
        /// stay. A reset connection without any of this costs no round trip.
        ///
        /// - Throws: ``RedisError`` if the connection is of no use any more, or was logged in as somebody else.
        public func reset() async throws {
            try await self.within(self.configuration.commandTimeout, "resetting") { try await self.whenSettled() }
            guard self.isUsable else { throw self.error(.connectionLost, "resetting", "the connection is lost or closed") }
            let session = self.state.withLock { $0.session }
            if session.hasChangedUser { throw self.error(.misuse, "resetting", "it was logged in as another user, which is not undone") }
            for words in session.undoing(database: self.configuration.database) { try await self.command(words) }
            self.state.withLock { $0.session.undone() }
        }

        /// Closes what there is, for good; nobody may be waiting for the descriptor.
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

        /// Runs `body` in turn, and cancels it when the time is over.
        func within<Result: Sendable>(
            _ budget: Duration,
            _ action: String,
            _ body: @escaping @Sendable () async throws -> Result
        ) async throws -> Result {
            do {
                return try await self.environment.time.within(budget) { try await self.turns.inTurn { try await body() } }
            } catch is BudgetExceeded {
                throw self.error(.timedOut, action, "no answer within \(budget)", mayHaveRun: action != Self.connecting)
            }
        }
    }
#endif
