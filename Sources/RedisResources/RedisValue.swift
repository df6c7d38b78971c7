#if Redis
    import CHiredis

    /// What a server answers.
    public enum RedisValue: Sendable, Hashable {
        /// There is nothing.
        case null
        /// A number: a count, a length, yes (1) or no (0).
        case integer(Int64)
        /// A short word of the server's, such as `OK`.
        case status(String)
        /// What was stored, whatever bytes these are.
        case string([UInt8])
        /// What went wrong with one command of several; if it was the only one, it is thrown.
        case error(String)
        /// Several, in the order of the server.
        case array([RedisValue])

        /// The bytes of a string or a status; nil of anything else.
        public var bytes: [UInt8]? {
            switch self {
            case .string(let bytes): bytes
            case .status(let text): Array(text.utf8)
            case .null, .integer, .error, .array: nil
            }
        }

        /// The text of a string or a status; nil of anything else, and of bytes that are not UTF-8.
        public var text: String? {
            self.bytes.flatMap { String(validating: $0, as: UTF8.self) }
        }
    }

    extension RedisValue {
        /// A copy of hiredis's reply. Its nesting has a limit, which hiredis keeps (7).
        init(_ reply: redisReply) {
            var bytes: [UInt8] {
                reply.str.map { Array(UnsafeRawBufferPointer(start: $0, count: Int(reply.len))) } ?? []
            }
            switch reply.type {
            case REDIS_REPLY_STRING: self = .string(bytes)
            case REDIS_REPLY_STATUS: self = .status(String(decoding: bytes, as: UTF8.self))
            case REDIS_REPLY_ERROR: self = .error(String(decoding: bytes, as: UTF8.self))
            case REDIS_REPLY_INTEGER: self = .integer(Int64(reply.integer))
            case REDIS_REPLY_ARRAY:
                self = .array(
                    UnsafeBufferPointer(start: reply.element, count: Int(reply.elements)).map { $0.map { Self($0.pointee) } ?? .null }
                )
            default: self = .null
            }
        }
    }
#endif
