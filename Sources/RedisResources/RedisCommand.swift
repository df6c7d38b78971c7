#if Redis
    import CHiredis

    /// A validated command in wire format.
    struct RedisCommand: Sendable {
        /// The name in upper case; contains no arguments, so errors can show it.
        let name: String
        /// The bytes to send.
        let bytes: [UInt8]

        /// - Throws: ``RedisError/Code/misuse`` for a command that cannot be sent, or that the server does not answer with exactly one
        ///   reply, which would shift the replies of later commands.
        init(_ words: [[UInt8]], to configuration: RedisConfiguration) throws(RedisError) {
            let word = String(decoding: words.first ?? [], as: UTF8.self).uppercased()
            // A first word that is not a name may be misplaced data, so errors do not show it.
            let isName = !word.isEmpty && word.utf8.count <= 40 && word.utf8.allSatisfy(Self.isNameByte)
            let name = isName ? word : "a command"
            func refusing(_ reason: String) -> RedisError { RedisError(.misuse, configuration, action: name, reason) }

            guard isName else { throw refusing("the first word is not the name of a command; pass every word as a separate element") }
            if Self.unanswerable.contains(name) || name.hasSuffix("SUBSCRIBE") {
                throw refusing("it is not answered by exactly one reply, which a connection requires")
            }
            if name == "CLIENT", words.count > 1, String(decoding: words[1], as: UTF8.self).uppercased() == "REPLY" {
                throw refusing("CLIENT REPLY suppresses the server's replies")
            }
            let size = words.reduce(0) { $0 + $1.count }
            guard size <= Self.sizeLimit else { throw refusing("it has \(size) bytes; the maximum is \(Self.sizeLimit)") }
            guard let bytes = Self.formatted(words) else { throw refusing("hiredis could not format it") }
            self.name = name
            self.bytes = bytes
        }

        /// Returns this command if it does not change the state of the connection for later commands; such a command needs a dedicated
        /// connection.
        ///
        /// - Throws: ``RedisError/Code/misuse``.
        func withoutSession(_ configuration: RedisConfiguration) throws(RedisError) -> RedisCommand {
            guard Self.changing.contains(self.name) else { return self }
            let reason = "it changes the state of the connection, and the next command may use another one; use a dedicated connection"
            throw RedisError(.misuse, configuration, action: self.name, reason)
        }

        private static let sizeLimit = 1 << 30
        private static let unanswerable: Set = ["MONITOR", "SYNC", "PSYNC", "HELLO"]
        private static let changing: Set = ["MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "SELECT", "AUTH", "RESET", "QUIT"]

        private static func isNameByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }

        private static func formatted(_ words: [[UInt8]]) -> [UInt8]? {
            guard let count = Int32(exactly: words.count) else { return nil }
            let lengths = words.map(\.count)
            return words.flatMap(\.self).withUnsafeBytes { all -> [UInt8]? in
                // An empty word has no memory; any address is valid.
                let start = all.bindMemory(to: CChar.self).baseAddress
                var offset = 0
                var pointers: [UnsafePointer<CChar>?] = lengths.map { length in
                    defer { offset += length }
                    return start.map { $0 + offset }
                }
                var target: UnsafeMutablePointer<CChar>?
                let length = Int(redisFormatCommandArgv(&target, count, &pointers, lengths))
                guard length >= 0, let target else { return nil }
                defer { redisFreeCommand(target) }
                return Array(UnsafeRawBufferPointer(start: target, count: length))
            }
        }
    }
#endif
