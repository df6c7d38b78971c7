#if Postgres
    /// The configuration of a connection to a PostgreSQL database: the server, the login, and the timeouts. The password can be set but not
    /// read, and appears in no description.
    public struct PostgresConfiguration: Sendable, Hashable {
        /// How a pool resets a session when a connection is released, beyond ending an open transaction.
        public struct SessionReset: Hashable, Sendable {
            private enum Raw {
                case discardAll, rollback
            }

            private let raw: Raw

            /// Resets everything - settings, temporary tables, locks, cursors, and plans - with `DISCARD ALL`. Costs one round trip per
            /// release.
            public static let discardAll = SessionReset(raw: .discardAll)
            /// Ends an open transaction only; no round trip if none is open. For holders that do not change session state.
            public static let rollback = SessionReset(raw: .rollback)
        }

        /// The server's name or address, or the directory of its socket if it begins with `/`; nil for libpq's default, a local socket.
        public var host: String?
        /// The server's port.
        public var port: Int
        /// The user to log in as; nil for the user that runs the process.
        public var user: String?
        /// The database; nil for the one with the user's name.
        public var database: String?
        /// The name that the server shows in `pg_stat_activity`.
        public var applicationName: String
        /// The timeout for connecting, including the host name lookup and the login.
        public var connectTimeout: Duration = .seconds(10)
        /// The timeout of a statement; nil for none. The client enforces it in the environment's time; the server does not know it.
        public var statementTimeout: Duration? = .seconds(30)
        /// How long the server may take to end a canceled statement before the connection is closed.
        public var cancelTimeout: Duration = .seconds(2)
        /// How a pool resets the session when a connection is released.
        public var sessionReset: SessionReset = .discardAll
        /// Additional libpq parameters by keyword, such as `sslmode`.
        var parameters: [String: Secret] = [:]
        var password: Secret?

        /// Creates a configuration from its parts.
        ///
        /// - Parameters:
        ///   - host: A name, an address, or the directory of a socket.
        ///   - port: The server's port.
        ///   - user: The user; nil for the user that runs the process.
        ///   - password: The password; nil for none, or for libpq's other sources, such as a password file.
        ///   - database: The database; nil for the one with the user's name.
        ///   - applicationName: The name that the server shows in `pg_stat_activity`.
        ///   - sslMode: libpq's encryption mode, from `disable` to `verify-full`; nil for `prefer`.
        public init(
            host: String,
            port: Int = 5432,
            user: String? = nil,
            password: String? = nil,
            database: String? = nil,
            applicationName: String = "resmon",
            sslMode: String? = nil
        ) {
            self.host = host
            self.port = port
            self.user = user
            self.password = password.map(Secret.init)
            self.database = database
            self.applicationName = applicationName
            if let sslMode { self.parameters["sslmode"] = Secret(sslMode) }
        }

        /// The server and the database as errors name them: `host:port/database`.
        public var address: String {
            let host = self.host ?? "local socket"
            let shown = host.contains(":") ? "[\(host)]" : host
            return "\(shown):\(self.port)/\(self.database ?? self.user ?? "")"
        }

        /// The same server with another application name.
        func named(_ applicationName: String) -> PostgresConfiguration {
            var configuration = self
            configuration.applicationName = applicationName
            return configuration
        }
    }

    extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
        /// The configuration as a URL, without the password and parameters.
        public var description: String {
            "postgres://\(self.user.map { "\($0)@" } ?? "")\(self.address)"
        }

        /// The same as ``description``.
        public var debugDescription: String {
            self.description
        }

        /// An empty mirror, which hides the password.
        public var customMirror: Mirror {
            Mirror(self, children: [])
        }
    }

    /// A text that does not appear in printed output, in debuggers, or in test failures.
    struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
        let text: String

        init(_ text: String) {
            self.text = text
        }

        var description: String { "***" }
        var debugDescription: String { "***" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }
#endif
