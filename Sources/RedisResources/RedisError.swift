#if Redis
    import ResourceContainer

    /// An error of a Redis server or connection. It names the server, the command, the cause, and where possible the remedy.
    ///
    /// Arguments of commands never appear: they may be personal data or a password.
    public struct RedisError: Error, Sendable, CustomStringConvertible {
        /// The kind of a failure. Later versions may add kinds; compare with the static members.
        public struct Code: Hashable, Sendable, CustomStringConvertible {
            private enum Raw: String {
                case unreachable, authentication, tooManyClients, connectionLost, timedOut, serverError, protocolError, notOpen, misuse,
                    invalidConfiguration
            }

            private let raw: Raw

            /// No server listens at the address, or the host does not exist.
            public static let unreachable = Code(raw: .unreachable)
            /// The server requires a user and a password, or rejects those that were configured.
            public static let authentication = Code(raw: .authentication)
            /// The server has reached its maximum number of clients (setting `maxclients`).
            public static let tooManyClients = Code(raw: .tooManyClients)
            /// The connection was lost, during this command or before.
            public static let connectionLost = Code(raw: .connectionLost)
            /// The server did not answer within the timeout.
            public static let timedOut = Code(raw: .timedOut)
            /// The server rejected the command; the connection stays usable.
            public static let serverError = Code(raw: .serverError)
            /// The server's reply cannot be parsed, or has an unexpected type.
            public static let protocolError = Code(raw: .protocolError)
            /// The connection is not initialized, or it is closed.
            public static let notOpen = Code(raw: .notOpen)
            /// The command cannot be sent this way; nothing was sent.
            public static let misuse = Code(raw: .misuse)
            /// The configuration is not valid.
            public static let invalidConfiguration = Code(raw: .invalidConfiguration)

            /// The name of the code.
            public var description: String {
                self.raw.rawValue
            }
        }

        /// The kind of the failure.
        public let code: Code
        /// The server and the database: `cache.example:6379/0`; empty for errors of the configuration.
        public let address: String
        /// The action that failed: the name of the command, or `connecting`.
        public let action: String
        /// The cause, in the server's words if it sent any.
        public let message: String
        /// Whether the server may have run the command or may still run it. If false, the command can be sent again safely.
        public let mayHaveRun: Bool

        init(_ code: Code, _ configuration: RedisConfiguration, action: String, _ message: String, mayHaveRun: Bool = false) {
            self.code = code
            self.mayHaveRun = mayHaveRun
            self.address = configuration.address
            self.action = action
            var message = message.withoutPasswords
            // A server or a proxy may quote what it received.
            if let password = configuration.password, !password.isEmpty {
                message = message.split(separator: password, omittingEmptySubsequences: false).joined(separator: "***")
            }
            self.message = message
        }

        private init(faultOfConfiguration message: String) {
            self.code = .invalidConfiguration
            self.address = ""
            self.action = "reading the configuration"
            self.message = message
            self.mayHaveRun = false
        }

        /// `message` must not quote text that may contain a password.
        static func invalidConfiguration(_ message: String) -> RedisError {
            RedisError(faultOfConfiguration: message)
        }

        /// One sentence: the server, the action, and the message.
        public var description: String {
            "Redis\(self.address.isEmpty ? "" : " at \(self.address)"): \(self.action) failed: \(self.message)"
        }
    }

    extension RedisError {
        /// Creates the error for an error reply of the server.
        init(answer: String, to action: String, _ configuration: RedisConfiguration) {
            // "unknown command 'X', with args beginning with: …" is the only message that quotes arguments.
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
