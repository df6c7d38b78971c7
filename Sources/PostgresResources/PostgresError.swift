#if Postgres
    import ResourceContainer

    /// An error of a PostgreSQL server or connection. It names the server, the action, and the cause.
    ///
    /// The description contains no password and no argument of a statement. Statements are quoted without their literals, and messages
    /// about unsuitable data or syntax without what they quote; ``detail`` has the full message in this case.
    public struct PostgresError: Error, Sendable, CustomStringConvertible {
        /// The kind of a failure. Later versions may add kinds; compare with the static members.
        public struct Code: Hashable, Sendable, CustomStringConvertible {
            private enum Raw: String {
                case invalidConfiguration, unreachable, authenticationFailed, tooManyConnections, refused, connectionLost, timedOut, closed
                case serverError, misuse
            }

            private let raw: Raw

            /// The URL or a parameter is not valid; no server was contacted.
            public static let invalidConfiguration = Code(raw: .invalidConfiguration)
            /// No server answers at the address, or the host name cannot be resolved.
            public static let unreachable = Code(raw: .unreachable)
            /// The server rejects the user or the password.
            public static let authenticationFailed = Code(raw: .authenticationFailed)
            /// The server has reached its maximum number of connections (SQLSTATE 53300).
            public static let tooManyConnections = Code(raw: .tooManyConnections)
            /// The server answered but refuses connections: for example, it is starting or stopping, or the database does not exist.
            public static let refused = Code(raw: .refused)
            /// The connection was lost during this use or before.
            public static let connectionLost = Code(raw: .connectionLost)
            /// Connecting or a statement exceeded its timeout.
            public static let timedOut = Code(raw: .timedOut)
            /// The connection is disposed, or was disposed while the statement ran.
            public static let closed = Code(raw: .closed)
            /// The server rejected the statement; ``PostgresError/sqlState`` has the reason.
            public static let serverError = Code(raw: .serverError)
            /// The call is not valid, independent of the server.
            public static let misuse = Code(raw: .misuse)

            /// The name of the code.
            public var description: String {
                self.raw.rawValue
            }
        }

        /// The kind of the failure.
        public let code: Code
        /// The server and the database, as `host:port/database`.
        public let address: String
        /// The action that failed: the quoted statement, or a word such as "connecting".
        public let action: String
        /// The cause, in the server's or libpq's words where they provide any. For an SQLSTATE of class 22 and for 42601, `"…"` replaces
        /// everything from the first double quotation mark to the last, because values are quoted there.
        public let message: String
        /// The server's SQLSTATE, five characters; nil if it sent none.
        public let sqlState: String?
        /// The server's detail, for example the duplicate key, preceded by the full message if ``message`` leaves a part of it out. It may
        /// quote values and is therefore not part of ``description``.
        public let detail: String?

        init(_ code: Code, _ address: String, _ action: String, _ message: String, sqlState: String? = nil, detail: String? = nil) {
            self.code = code
            self.address = address
            self.action = action
            self.message = message.withoutPasswords
            self.sqlState = sqlState
            self.detail = detail
        }

        /// One sentence: the server, the action, the message, and the SQLSTATE.
        public var description: String {
            "PostgreSQL, \(self.address): \(self.action) failed: \(self.message)\(self.sqlState.map { " (\($0))" } ?? "")"
        }
    }
#endif
