#if Redis
    import ResourceContainer

    extension RedisConnection {
        /// Sends a command in its turn and returns the server's reply; see ``RedisCommands/command(_:timeout:)``.
        public func command(_ words: [[UInt8]], timeout: Duration? = nil) async throws -> RedisValue {
            try await self.run(RedisCommand(words, to: self.configuration), timeout: timeout)
        }

        func run(_ command: RedisCommand, timeout: Duration?) async throws -> RedisValue {
            try await self.within(timeout ?? self.configuration.commandTimeout, command.name) { try await self.exchange(command) }
        }

        /// How long to wait for the reply of a command that its task abandoned.
        private static let patience = Duration.milliseconds(250)

        /// Sends a command and receives its reply, in its turn.
        private func exchange(_ command: RedisCommand) async throws -> RedisValue {
            try await self.whenSettled()
            try Task.checkCancellation()
            let link = try self.begin(command)
            let reply = try await self.reply(to: command, over: link)
            self.state.withLock { $0.isBusy = false }
            if command.name == "QUIT" { self.abandon(self.error(.connectionLost, command.name, "QUIT closed it")) }
            return try self.value(of: reply, to: command)
        }

        /// Sends a command and receives its reply. If it throws, the connection is broken or settling.
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
                    // The server would read the next command as the rest of this one.
                    self.abandon(self.error(.connectionLost, command.name, "it was canceled after a part of it was sent"))
                }
                throw error
            } catch {
                let error = (error as? LinkFailure).map { self.error($0, command.name, mayHaveRun: isSent) } ?? error
                self.abandon(error as? RedisError ?? self.error(.connectionLost, command.name, "\(error)"))
                throw error
            }
        }

        /// Returns when no reply is pending.
        func whenSettled() async throws {
            guard let settling = self.state.withLock({ $0.settling }) else { return }
            if await settling.wait() == nil { throw CancellationError() }
        }

        private func begin(_ command: RedisCommand) throws(RedisError) -> RedisLink {
            try self.state.withLock { state throws(RedisError) in
                switch state.phase {
                case .new, .connecting: throw self.error(.notOpen, command.name, "the connection is not initialized")
                case .closed: throw self.error(.notOpen, command.name, "the connection is closed")
                case .broken(let error): throw self.error(.connectionLost, command.name, "the connection is lost: \(error.message)")
                case .open(let link):
                    // After a send to a closed connection, it is unknown whether the command ran; this check ensures that it was not sent.
                    guard link.isQuiet else {
                        let error = self.error(.connectionLost, command.name, "the server has closed the connection")
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

        /// Reads and discards the reply of an abandoned command. The next command waits until that ends.
        private func settle(_ command: RedisCommand, _ link: RedisLink) {
            let settled = Promise<Void>()
            self.state.withLock { $0.settling = settled }
            // A separate task, because the task of the command does not wait.
            self.environment.start {
                do {
                    _ = try await self.environment.time.within(Self.patience) { try await link.receive() }
                    self.state.withLock { $0.isBusy = false }
                } catch {
                    self.abandon(self.error(.connectionLost, command.name, "its task was canceled, and its reply did not arrive in time"))
                }
                self.state.withLock { $0.settling = nil }
                settled.fulfill(())
            }
        }

        func send(_ command: RedisCommand, over link: RedisLink) async throws {
            do {
                try await link.send(command.bytes)
            } catch let failure as LinkFailure {
                // A server that rejects a client sends the reason before it closes.
                if case .error(let answer)? = try? link.availableReply() {
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
            if isClosed { return self.closedDuringCall(action, mayHaveRun: mayHaveRun) }
            return self.error(failure.code, action, failure.message, mayHaveRun: mayHaveRun)
        }

        func closedDuringCall(_ action: String, mayHaveRun: Bool = false) -> RedisError {
            self.error(.notOpen, action, "the connection was closed during the call", mayHaveRun: mayHaveRun)
        }
    }
#endif
