#if Postgres
    import ResourceContainer
    // The internal target that PostgreSQL and Redis share.
    import SocketReadiness

    extension PostgresConnection {
        /// Creates a session with the server within the configuration's `connectTimeout`.
        func connected() async throws -> Session {
            let time = self.environment.time
            let end = time.now + self.configuration.connectTimeout
            let attempts: [[(keyword: String, value: String)]]
            do {
                attempts = try await time.within(self.configuration.connectTimeout) { try await self.configuration.libPQParameters() }
            } catch let failure as HostLookup.Failure {
                let host = self.configuration.host ?? ""
                throw self.error(.unreachable, "connecting", "the host name \"\(host)\" could not be resolved: \(failure.text)")
            } catch is BudgetExceeded {
                throw self.unanswered
            }
            return try await self.firstSession(attempts, until: end)
        }

        /// Tries the addresses one after the other. Each has an equal share of the remaining time, so that one that does not answer cannot
        /// use it up.
        ///
        /// - Throws: The error of the last attempt; a refusal by a server takes precedence.
        private func firstSession(_ attempts: [[(keyword: String, value: String)]], until end: TimeSource.Instant) async throws -> Session {
            let time = self.environment.time
            var failure = self.unanswered
            for (index, parameters) in attempts.enumerated() {
                let address = self.configuration.address
                do {
                    return try await time.within((end - time.now) / (attempts.count - index)) {
                        let session = try Session(parameters, address: address, notices: self.notices)
                        try await session.connect()
                        return session
                    }
                } catch is BudgetExceeded {
                    if failure.code != .refused { failure = self.unanswered }
                } catch let error as PostgresError {
                    switch error.code {
                    case .unreachable, .connectionLost:
                        if failure.code != .refused { failure = error }
                    case .refused: failure = error
                    // Other errors recur at the next address, and repeating a wrong password may lock the user out.
                    default: throw error
                    }
                }
            }
            throw failure
        }

        private var unanswered: PostgresError {
            self.error(.timedOut, "connecting", "no answer within \(self.configuration.connectTimeout)")
        }
    }
#endif
