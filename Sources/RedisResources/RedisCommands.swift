#if Redis
    import ResourceContainer

    /// The commands of a Redis server, over a connection, a client, or a pool.
    ///
    /// A connection or a client runs one command at a time. A command that blocks on purpose (`BLPOP`) delays the commands and health
    /// checks behind it; use a dedicated connection for it.
    public protocol RedisCommands: KeyReadable, Pingable {
        /// The configuration of the server.
        var configuration: RedisConfiguration { get }

        /// Sends a command and returns the server's reply.
        ///
        /// - Parameters:
        ///   - words: The name of the command and its arguments, as arbitrary bytes.
        ///   - timeout: The timeout, including the wait for earlier commands; nil for the configuration's `commandTimeout`.
        /// - Returns: The reply.
        /// - Throws: ``RedisError``; `CancellationError` at once if the task is canceled. The server may still run a canceled command; its
        ///   reply is discarded.
        func command(_ words: [[UInt8]], timeout: Duration?) async throws -> RedisValue
    }

    // Disfavored, because a pool has overloads with the caller's source location.
    extension RedisCommands {
        /// Sends a command with words of text; see ``command(_:timeout:)``.
        @_disfavoredOverload
        @discardableResult
        public func command(_ words: [String], timeout: Duration? = nil) async throws -> RedisValue {
            try await self.command(words.map { Array($0.utf8) }, timeout: timeout)
        }

        /// Sends a command with words of text, as in `command("LPUSH", "queue", order)`; see ``command(_:timeout:)``.
        @_disfavoredOverload
        @discardableResult
        public func command(_ words: String..., timeout: Duration? = nil) async throws -> RedisValue {
            try await self.command(words, timeout: timeout)
        }

        /// Returns the text under `key`; nil if the key does not exist.
        ///
        /// - Throws: The errors of ``command(_:timeout:)``; ``RedisError/Code/protocolError`` if the value is not UTF-8: see
        ///   ``bytes(of:)``.
        @_disfavoredOverload
        public func get(_ key: String) async throws -> String? {
            guard let bytes = try await self.bytes(of: key) else { return nil }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw RedisError(
                    .protocolError,
                    self.configuration,
                    action: "GET",
                    "the value is not UTF-8; read it with bytes(of:)"
                )
            }
            return text
        }

        /// Returns the bytes under `key`; nil if the key does not exist.
        ///
        /// - Throws: The errors of ``command(_:timeout:)``.
        public func bytes(of key: String) async throws -> [UInt8]? {
            switch try await self.command("GET", key) {
            case .null: nil
            case let answer: try answer.bytes ?? self.unexpected("GET")
            }
        }

        /// Sets the value of `key` to text.
        ///
        /// - Parameters:
        ///   - key: The key.
        ///   - value: The new value, stored as UTF-8.
        ///   - expiring: The time until the key expires, with millisecond resolution; positive. Nil for never.
        /// - Throws: The errors of ``command(_:timeout:)``; ``RedisError/Code/misuse`` if `expiring` is not positive.
        @_disfavoredOverload
        public func set(_ key: String, _ value: String, expiring: Duration? = nil) async throws {
            try await self.set(key, Array(value.utf8), expiring: expiring)
        }

        /// Sets the value of `key` to bytes.
        ///
        /// - Parameters:
        ///   - key: The key.
        ///   - value: The new value.
        ///   - expiring: The time until the key expires, with millisecond resolution; positive. Nil for never.
        /// - Throws: The errors of ``command(_:timeout:)``; ``RedisError/Code/misuse`` if `expiring` is not positive.
        public func set(_ key: String, _ value: [UInt8], expiring: Duration? = nil) async throws {
            var words = [Array("SET".utf8), Array(key.utf8), value]
            if let expiring {
                guard expiring > .zero else {
                    throw RedisError(
                        .misuse,
                        self.configuration,
                        action: "SET",
                        "expiring is \(expiring) and must be above zero"
                    )
                }
                words += [Array("PX".utf8), Array(String(max(1, expiring.wholeNanoseconds / 1_000_000)).utf8)]
            }
            _ = try await self.command(words, timeout: nil)
        }

        /// Deletes `keys`, and returns how many of them existed.
        ///
        /// - Throws: The errors of ``command(_:timeout:)``.
        @discardableResult
        public func delete(_ keys: String...) async throws -> Int {
            guard !keys.isEmpty else { return 0 }
            guard case .integer(let count) = try await self.command(["DEL"] + keys) else { return try self.unexpected("DEL") }
            return Int(count)
        }

        /// Sends `PING` to test the server.
        ///
        /// - Throws: The errors of ``command(_:timeout:)``.
        public func ping() async throws {
            guard try await self.command("PING") == .status("PONG") else { return try self.unexpected("PING") }
        }

        /// Reads `key` to test the server.
        ///
        /// - Throws: The errors of ``command(_:timeout:)``.
        public func probe(key: String) async throws {
            try await self.command("GET", key)
        }

        private func unexpected<Result>(_ action: String) throws(RedisError) -> Result {
            throw RedisError(.protocolError, self.configuration, action: action, "the reply has an unexpected type")
        }
    }
#endif
