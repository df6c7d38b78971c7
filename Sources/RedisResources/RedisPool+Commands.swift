#if Redis
    import ResourceContainer

    /// The short forms of ``RedisCommands`` that are used most, for which errors, events and figures of the pool name the caller.
    extension RedisPool {
        /// ``command(_:timeout:fileID:line:)-([[UInt8]],_,_,_)`` for those who do not know what they call.
        @_disfavoredOverload
        @discardableResult
        public func command(_ words: [[UInt8]], timeout: Duration?) async throws -> RedisValue {
            try await self.command(words, timeout: timeout, fileID: #fileID, line: #line)
        }

        /// ``RedisCommands/command(_:timeout:)-([String],_)`` over any connection of the pool.
        @discardableResult
        public func command(
            _ words: [String],
            timeout: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws -> RedisValue {
            try await self.command(words.map { Array($0.utf8) }, timeout: timeout, fileID: fileID, line: line)
        }

        /// ``RedisCommands/command(_:timeout:)-(String...,_)`` over any connection of the pool.
        @discardableResult
        public func command(
            _ words: String...,
            timeout: Duration? = nil,
            fileID: StaticString = #fileID,
            line: UInt = #line
        ) async throws -> RedisValue {
            try await self.command(words, timeout: timeout, fileID: fileID, line: line)
        }

        /// ``RedisCommands/get(_:)`` over any connection of the pool.
        public func get(_ key: String, fileID: StaticString = #fileID, line: UInt = #line) async throws -> String? {
            try await Caller(pool: self, fileID: fileID, line: line).get(key)
        }

        /// ``RedisCommands/set(_:_:expiring:)-(_,String,_)`` over any connection of the pool.
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

    /// The pool as one caller uses it.
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
