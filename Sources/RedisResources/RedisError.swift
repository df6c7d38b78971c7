#if Redis
    import ResourceContainer

    /// What could not be done with a Redis server: what happened, at which server, and what to do about it.
    ///
    /// Names the command and never its arguments: they may be anybody's data, or a password.
    public struct RedisError: Error, Sendable, CustomStringConvertible {
        /// The kind of a failure. More may be added; compare with the static members.
        public struct Code: Hashable, Sendable, CustomStringConvertible {
            private enum Raw: String {
                case unreachable, authentication, tooManyClients, connectionLost, timedOut, serverError, protocolError, notOpen, misuse,
                    invalidConfiguration
            }

            private let raw: Raw

            /// Nobody listens there, or there is no such host.
            public static let unreachable = Code(raw: .unreachable)
            /// The server wants a user and a password, or others than those given.
            public static let authentication = Code(raw: .authentication)
            /// The server has as many clients as it takes (its setting `maxclients`).
            public static let tooManyClients = Code(raw: .tooManyClients)
            /// The connection broke, during this command or before.
            public static let connectionLost = Code(raw: .connectionLost)
            /// The server did not answer in time.
            public static let timedOut = Code(raw: .timedOut)
            /// The server refused the command; the connection can be used further.
            public static let serverError = Code(raw: .serverError)
            /// The server's answer cannot be understood, or is not what this command is answered with.
            public static let protocolError = Code(raw: .protocolError)
            /// The connection was not opened, or is closed.
            public static let notOpen = Code(raw: .notOpen)
            /// The command cannot be sent this way; nothing was sent.
            public static let misuse = Code(raw: .misuse)
            /// The configuration cannot work.
            public static let invalidConfiguration = Code(raw: .invalidConfiguration)

            public var description: String {
                self.raw.rawValue
            }
        }

        /// The kind of the failure.
        public let code: Code
        /// The server and the database: `cache.example:6379/0`; empty if the configuration does not say.
        public let place: String
        /// What was tried: the name of the command, or `connecting`.
        public let action: String
        /// The reason: the server's words if it said any.
        public let message: String
        /// Whether the server may have carried the command out, or still may: if not, it can be sent again without harm.
        public let mayHaveRun: Bool

        init(_ code: Code, _ configuration: RedisConfiguration, action: String, _ message: String, mayHaveRun: Bool = false) {
            self.code = code
            self.mayHaveRun = mayHaveRun
            self.place = configuration.place
            self.action = action
            var message = message.withoutPasswords
            // A server, or what stands in for one, may quote what it was sent.
            if let password = configuration.password, !password.isEmpty {
                message = message.split(separator: password, omittingEmptySubsequences: false).joined(separator: "***")
            }
            self.message = message
        }

        private init(faultOfConfiguration message: String) {
            self.code = .invalidConfiguration
            self.place = ""
            self.action = "reading the configuration"
            self.message = message
            self.mayHaveRun = false
        }

        /// `message` must quote nothing that may be a password.
        static func invalidConfiguration(_ message: String) -> RedisError {
            RedisError(faultOfConfiguration: message)
        }

        public var description: String {
            "Redis\(self.place.isEmpty ? "" : " at \(self.place)"): \(self.action) failed: \(self.message)"
        }
    }

    extension RedisError {
        /// What the server answered with instead of a value.
        init(answer: String, to action: String, _ configuration: RedisConfiguration) {
            // "unknown command 'X', with args beginning with: …" is the one message that quotes arguments.
            var message = answer
            if let arguments = answer.firstRange(of: ", with args beginning with") { message = String(answer[..<arguments.lowerBound]) }
            let kind = message.prefix { $0 != " " }
            if message.hasPrefix("ERR max number of clients") {
                self.init(.tooManyClients, configuration, action: action, "\(message) (the server's setting maxclients)")
            } else if kind == "NOAUTH" || kind == "WRONGPASS" || action == "AUTH" {
                let login = configuration.password == nil ? "no password is configured" : "check the user and the password"
                self.init(.authentication, configuration, action: action, "\(message) (\(login))")
            } else {
                self.init(.serverError, configuration, action: action, message)
            }
        }
    }
#endif
