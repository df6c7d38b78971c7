#if Redis
    import ResourceContainer

    /// What can be asked of a Redis server, over one connection, a client or a pool.
    ///
    /// A connection or a client answers one command at a time; a command that blocks on purpose (`BLPOP`) holds up those behind it, health
    /// checks too, and is best given a connection of its own.
    public protocol RedisCommands: KeyReadable, Pingable {
        /// The server that is asked.
        var configuration: RedisConfiguration { get }

        /// Sends a command and returns what the server answers.
        ///
        /// - Parameters:
        ///   - words: the command's name and its arguments, whatever bytes these are.
        ///   - timeout: how long it may take, waiting for those before it included; nil is the configuration's `commandTimeout`.
        /// - Throws: ``RedisError``; `CancellationError` at once if the task is cancelled. Whether the server carries out a command that was
        ///   left like this cannot be known; its answer is given to nobody.
        func command(_ words: [[UInt8]], timeout: Duration?) async throws -> RedisValue
    }

    // Disfavoured is what a pool has with the place of the caller.
    extension RedisCommands {
        /// ``command(_:timeout:)`` with words of text.
        @_disfavoredOverload
        @discardableResult
        public func command(_ words: [String], timeout: Duration? = nil) async throws -> RedisValue {
            try await self.command(words.map { Array($0.utf8) }, timeout: timeout)
        }

        /// ``command(_:timeout:)`` with words of text: `command("LPUSH", "queue", order)`.
        @_disfavoredOverload
        @discardableResult
        public func command(_ words: String..., timeout: Duration? = nil) async throws -> RedisValue {
            try await self.command(words, timeout: timeout)
        }

        /// The text under `key`; nil if there is nothing (the specification's `get`).
        ///
        /// - Throws: what ``command(_:timeout:)`` throws; ``RedisError/Code/protocolError`` if the value is not UTF-8: see ``bytes(of:)``.
        @_disfavoredOverload
        public func get(_ key: String) async throws -> String? {
            guard let bytes = try await self.bytes(of: key) else { return nil }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw RedisError(
                    .protocolError,
                    self.configuration,
                    action: "GET",
                    "the value is not UTF-8; bytes(of:) returns it as it is"
                )
            }
            return text
        }

        /// The value under `key`, whatever bytes these are; nil if there is nothing.
        public func bytes(of key: String) async throws -> [UInt8]? {
            switch try await self.command("GET", key) {
            case .null: nil
            case let answer: try answer.bytes ?? self.unexpected("GET")
            }
        }

        /// Puts `value` under `key` (the specification's `set`).
        ///
        /// - Parameter expiring: after how long the server forgets it, to the millisecond; above zero, nil for never.
        /// - Throws: what ``command(_:timeout:)`` throws; ``RedisError/Code/misuse`` if `expiring` is not above zero.
        @_disfavoredOverload
        public func set(_ key: String, _ value: String, expiring: Duration? = nil) async throws {
            try await self.set(key, Array(value.utf8), expiring: expiring)
        }

        /// Puts `value` under `key`, whatever bytes these are.
        ///
        /// - Parameter expiring: after how long the server forgets it, to the millisecond; above zero, nil for never.
        /// - Throws: what ``command(_:timeout:)`` throws; ``RedisError/Code/misuse`` if `expiring` is not above zero.
        public func set(_ key: String, _ value: [UInt8], expiring: Duration? = nil) async throws {
            var words = [Array("SET".utf8), Array(key.utf8), value]
            if let expiring {
                guard expiring > .zero else {
                    throw RedisError(
                        .misuse,
                        self.configuration,
                        action: "SET",
                        "it is to expire after \(expiring), which must be above zero"
                    )
                }
                words += [Array("PX".utf8), Array(String(max(1, expiring.wholeNanoseconds / 1_000_000)).utf8)]
            }
            _ = try await self.command(words, timeout: nil)
        }

        /// Removes what is under `keys`, and returns how many of them had something.
        @discardableResult
        public func delete(_ keys: String...) async throws -> Int {
            guard !keys.isEmpty else { return 0 }
            guard case .integer(let count) = try await self.command(["DEL"] + keys) else { return try self.unexpected("DEL") }
            return Int(count)
        }

        /// Returns if the server answers (the specification's `ping`).
        public func ping() async throws {
            guard try await self.command("PING") == .status("PONG") else { return try self.unexpected("PING") }
        }

        /// Looks `key` up (the specification's `get("health_check_key")`).
        public func probe(key: String) async throws {
            try await self.command("GET", key)
        }

        private func unexpected<Result>(_ action: String) throws(RedisError) -> Result {
            throw RedisError(.protocolError, self.configuration, action: action, "the answer is not what this command is answered with")
        }
    }
#endif
