#if Redis
    import ResourceContainer

    extension RedisConnection {
        /// Connects and logs in, in the turn of the initialization.
        func connect() async throws {
            let addresses: [RedisAddress]
            do {
                addresses = try await RedisAddress.all(of: self.configuration.endpoint)
            } catch let failure as LinkFailure {
                throw self.error(failure.code, Self.connecting, failure.message)
            }
            let link = try await self.firstLink(to: addresses)
            try await self.logIn(over: link)
            try self.state.withLock { state throws(RedisError) in
                guard case .connecting = state.phase else { throw self.closedDuringCall(Self.connecting) }
                state.phase = .open(link)
            }
        }

        /// Tries the addresses one after the other. Each has an equal share of the remaining time, so that one that does not answer cannot
        /// use it up.
        private func firstLink(to addresses: [RedisAddress]) async throws -> RedisLink {
            let time = self.environment.time
            let end = time.now + self.configuration.connectTimeout
            var failures: [String] = []
            for (index, address) in addresses.enumerated() {
                let left = addresses.count - index
                do {
                    // The last address has the remaining time, which the budget of the initialization limits.
                    if left == 1 { return try await self.link(to: address) }
                    return try await time.within((end - time.now) / left) { try await self.link(to: address) }
                } catch let failure as LinkFailure {
                    failures.append("\(address.host)\(failure.message)")
                } catch is BudgetExceeded {
                    failures.append("\(address.host)no answer")
                }
                self.state.withLock { state in
                    guard case .connecting(let link?) = state.phase else { return }
                    link.close()
                    state.phase = .connecting(nil)
                }
            }
            let failure = LinkFailure(.unreachable, "\(failures.joined(separator: "; ")) (is the server running there?)")
            throw self.error(failure, Self.connecting)
        }

        private func link(to address: RedisAddress) async throws -> RedisLink {
            let link = try RedisLink(to: address)
            try self.state.withLock { state throws(RedisError) in
                guard case .connecting = state.phase else { throw self.closedDuringCall(Self.connecting) }
                state.phase = .connecting(link)
            }
            try await link.connected()
            return link
        }

        /// Logs in and waits for a first reply: a server that rejects a client or requires a password reports it only then.
        private func logIn(over link: RedisLink) async throws {
            var greeting: [[String]] = []
            if let password = self.configuration.password {
                greeting.append(["AUTH", self.configuration.user, password].compactMap(\.self))
            }
            if self.configuration.database != 0 { greeting.append(["SELECT", String(self.configuration.database)]) }
            for words in greeting.isEmpty ? [["PING"]] : greeting {
                let command = try RedisCommand(words.map { Array($0.utf8) }, to: self.configuration)
                do {
                    try await self.send(command, over: link)
                    _ = try self.value(of: await link.receive(), to: command)
                } catch let failure as LinkFailure {
                    throw self.error(failure, command.name)
                }
            }
        }
    }

    extension RedisAddress {
        /// The address as a prefix of a message.
        fileprivate var host: String {
            switch self {
            case .tcp(let host, _): "\(host): "
            case .unix: ""
            }
        }
    }
#endif
