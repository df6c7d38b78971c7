#if Redis
    import CHiredis

    /// A reply of a Redis server, in one of the types of the protocol RESP2.
    public enum RedisValue: Sendable, Hashable {
        /// A null reply: the key or element does not exist.
        case null
        /// An integer: a count, a length, or a Boolean as 1 or 0.
        case integer(Int64)
        /// A simple string, such as `OK`.
        case status(String)
        /// A bulk string: stored data as arbitrary bytes.
        case string([UInt8])
        /// An error reply inside an array; a single error reply is thrown instead.
        case error(String)
        /// An array of replies.
        case array([RedisValue])

        /// The bytes of a string or a status; nil for other replies.
        public var bytes: [UInt8]? {
            switch self {
            case .string(let bytes): bytes
            case .status(let text): Array(text.utf8)
            case .null, .integer, .error, .array: nil
            }
        }

        /// The text of a string or a status; nil for other replies, and for bytes that are not UTF-8.
        public var text: String? {
            self.bytes.flatMap { String(validating: $0, as: UTF8.self) }
        }
    }

    extension RedisValue {
        /// Copies hiredis's reply. hiredis limits the nesting depth to 7.
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
