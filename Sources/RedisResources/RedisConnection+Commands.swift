#if Redis
    import ResourceContainer

    extension RedisConnection {
        public func command(_ words: [[UInt8]], timeout: Duration? = nil) async throws -> RedisValue {
            try await self.run(RedisCommand(words, to: self.configuration), timeout: timeout)
        }

        func run(_ command: RedisCommand, timeout: Duration?) async throws -> RedisValue {
            try await self.within(timeout ?? self.configuration.commandTimeout, command.name) { try await self.exchange(command) }
        }

        /// How long the reply of a command that was left is waited for.
        private static let patience = Duration.milliseconds(250)

        /// Sends a command and takes its reply, in its turn.
        private func exchange(_ command: RedisCommand) async throws -> RedisValue {
            try await self.whenSettled()
            try Task.checkCancellation()
            let link = try self.begin(command)
            let reply = try await self.reply(to: command, over: link)
            self.state.withLock { $0.isBusy = false }
            if command.name == "QUIT" { self.abandon(self.error(.connectionLost, command.name, "the server was told to close it")) }
            return try self.value(of: reply, to: command)
        }

        /// The reply to a command that is sent now. If it throws, the connection is broken, or about to settle.
        private func reply(to command: RedisCommand, over link: RedisLink) async throws -> RedisValue {
            var isSent = false
            do {
                try await self.send(command, over: link)
                isSent = true
                return try await link.receive()
            } catch let error as CancellationError {
                if isSent {
                    self.settle(command, link)
                } else {
                    // What was sent of it would swallow the beginning of the next one.
                    self.abandon(self.error(.connectionLost, command.name, "it was left when a part of it was sent"))
                }
                throw error
            } catch {
                let error = (error as? LinkFailure).map { self.error($0, command.name, mayHaveRun: isSent) } ?? error
                self.abandon(error as? RedisError ?? self.error(.connectionLost, command.name, "\(error)"))
                throw error
            }
        }

        /// Returns when no reply is owed any more.
        func whenSettled() async throws {
            guard let settling = self.state.withLock({ $0.settling }) else { return }
            if await settling.wait() == nil { throw CancellationError() }
        }

        private func begin(_ command: RedisCommand) throws(RedisError) -> RedisLink {
            try self.state.withLock { state throws(RedisError) in
                switch state.phase {
                case .new, .connecting: throw self.error(.notOpen, command.name, "the connection is not initialised")
                case .closed: throw self.error(.notOpen, command.name, "the connection is closed")
                case .broken(let error): throw self.error(.connectionLost, command.name, "the connection is lost: \(error.message)")
                case .open(let link):
                    // Who sends to a server that has gone does not know what became of the command; this way nothing was sent.
                    guard link.isQuiet else {
                        let error = self.error(.connectionLost, command.name, "the server closed the connection before")
                        state.phase = .broken(error)
                        link.close()
                        throw error
                    }
                    state.isBusy = true
                    state.session.sent(command.name)
                    return link
                }
            }
        }

        /// Reads off the reply of a command that nobody waits for any more. Whoever comes next waits for it to end.
        private func settle(_ command: RedisCommand, _ link: RedisLink) {
            let settled = Promise<Void>()
            self.state.withLock { $0.settling = settled }
            // Started, because the task that left the command is on its way.
            self.environment.start {
                do {
                    _ = try await self.environment.time.within(Self.patience) { try await link.receive() }
                    self.state.withLock { $0.isBusy = false }
                } catch {
                    self.abandon(self.error(.connectionLost, command.name, "it was left by its task, and its reply did not come in time"))
                }
                self.state.withLock { $0.settling = nil }
                settled.fulfil(())
            }
        }

        func send(_ command: RedisCommand, over link: RedisLink) async throws {
            do {
                try await link.send(command.bytes)
            } catch let failure as LinkFailure {
                // A server that turns somebody away says why before it closes.
                if case .error(let answer)? = try? link.replyAtHand() {
                    throw RedisError(answer: answer, to: command.name, self.configuration)
                }
                throw failure
            }
        }

        func value(of reply: RedisValue, to command: RedisCommand) throws(RedisError) -> RedisValue {
            guard case .error(let answer) = reply else { return reply }
            throw RedisError(answer: answer, to: command.name, self.configuration)
        }

        func error(_ failure: LinkFailure, _ action: String, mayHaveRun: Bool = false) -> RedisError {
            let isClosed = self.state.withLock { if case .closed = $0.phase { true } else { false } }
            if isClosed { return self.closedMeanwhile(action, mayHaveRun: mayHaveRun) }
            return self.error(failure.code, action, failure.message, mayHaveRun: mayHaveRun)
        }

        func closedMeanwhile(_ action: String, mayHaveRun: Bool = false) -> RedisError {
            self.error(.notOpen, action, "the connection was closed meanwhile", mayHaveRun: mayHaveRun)
        }
    }
#endif
