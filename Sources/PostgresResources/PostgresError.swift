#if Postgres
    import ResourceContainer

    /// What went wrong with a PostgreSQL server, where, and what the server said.
    ///
    /// Its description holds no password and no argument of a statement: statements are quoted without their literals, and what the server
    /// says about data that does not fit or about syntax without what it quotes, which is in ``detail`` then.
    public struct PostgresError: Error, Sendable, CustomStringConvertible {
        /// The kind of a failure. More may be added; compare with the static members.
        public struct Code: Hashable, Sendable, CustomStringConvertible {
            private enum Raw: String {
                case invalidConfiguration, unreachable, authenticationFailed, tooManyConnections, refused, connectionLost, timedOut, closed
                case serverError, misuse
            }

            private let raw: Raw

            /// The URL or one of its parameters cannot be used; no server was asked.
            public static let invalidConfiguration = Code(raw: .invalidConfiguration)
            /// Nobody answers there, or the name of the host cannot be resolved.
            public static let unreachable = Code(raw: .unreachable)
            /// The server does not let this user in, or not with this password.
            public static let authenticationFailed = Code(raw: .authenticationFailed)
            /// The server has as many connections as it may have (SQLSTATE class 53300).
            public static let tooManyConnections = Code(raw: .tooManyConnections)
            /// The server answered, but does not let anybody in like this: it starts or stops, or has no such database.
            public static let refused = Code(raw: .refused)
            /// The connection broke while it was used, or had been broken before.
            public static let connectionLost = Code(raw: .connectionLost)
            /// Connecting or a statement took longer than it may.
            public static let timedOut = Code(raw: .timedOut)
            /// The connection has been disposed, or was while the statement ran.
            public static let closed = Code(raw: .closed)
            /// The server ran the statement and refused it; ``PostgresError/sqlState`` says why.
            public static let serverError = Code(raw: .serverError)
            /// The call is wrong, whatever the server thinks of it.
            public static let misuse = Code(raw: .misuse)

            public var description: String {
                self.raw.rawValue
            }
        }

        /// The kind of the failure.
        public let code: Code
        /// Which server and database, as `host:port/database`.
        public let place: String
        /// What was tried.
        public let action: String
        /// What happened, in the server's or in libpq's words where they had any; for an SQLSTATE of class 22 and for 42601 with `"…"` for
        /// everything from the first double quotation mark to the last, where values are quoted.
        public let message: String
        /// The server's five characters for what happened; nil if it said none.
        public let sqlState: String?
        /// What the server added, for example which key was there already, after its whole message if ``message`` leaves a part of that out.
        /// May quote values, and so is not part of ``description``.
        public let detail: String?

        init(_ code: Code, _ place: String, _ action: String, _ message: String, sqlState: String? = nil, detail: String? = nil) {
            self.code = code
            self.place = place
            self.action = action
            self.message = message.withoutPasswords
            self.sqlState = sqlState
            self.detail = detail
        }

        public var description: String {
            "PostgreSQL, \(self.place): \(self.action) failed: \(self.message)\(self.sqlState.map { " (\($0))" } ?? "")"
        }
    }
#endif
