#if Redis
    import ResourceContainer

    /// The most frequently used shorthands of ``RedisCommands``, with the caller's source location for errors, events, and samples of the pool.
    extension RedisPool {
        /// ``command(_:timeout:fileID:line:)-([[UInt8]],_,_,_)`` as the requirement of ``RedisCommands``, for generic code.
        @_disfavoredOverload
        @discardableResult
        public func command(_ words: [[UInt8]], timeout: Duration?) async throws -> RedisValue {
            try await self.command(words, timeout: timeout, fileID: #fileID, line: #line)
        }

        /// Sends a command with words of text on a connection of the pool; see ``RedisCommands/command(_:timeout:)-([String],_)``.
        @discardableResult
        public func command(
            _ words: [String],
            timeout: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws -> RedisValue {
            try await self.command(words.map { Array($0.utf8) }, timeout: timeout, fileID: fileID, line: line)
        }

        /// Sends a command with words of text on a connection of the pool; see ``RedisCommands/command(_:timeout:)-(String...,_)``.
        @discardableResult
        public func command(
            _ words: String...,
            timeout: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws -> RedisValue {
            try await self.command(words, timeout: timeout, fileID: fileID, line: line)
        }

        /// Returns the text under `key`, on a connection of the pool; see ``RedisCommands/get(_:)``.
        public func get(_ key: String, fileID: StaticString = #fileID, line: UInt = #line) async throws -> String? {
            try await Caller(pool: self, fileID: fileID, line: line).get(key)
        }

        /// Sets the value of `key` to text, on a connection of the pool; see ``RedisCommands/set(_:_:expiring:)-(_,String,_)``.
        public func set(
            _ key: String,
            _ value: String,
            expiring: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws {
            try await Caller(pool: self, fileID: fileID, line: line).set(key, value, expiring: expiring)
        }
    }

    /// The pool with the source location of one caller.
    private struct Caller: RedisCommands {
        let pool: RedisPool
        let fileID: StaticString
        let line: UInt

        var configuration: RedisConfiguration {
            self.pool.configuration
        }

        func command(_ words: [[UInt8]], timeout: Duration?) async throws -> RedisValue {
            try await self.pool.command(words, timeout: timeout, fileID: self.fileID, line: self.line)
        }
    }
#endif
