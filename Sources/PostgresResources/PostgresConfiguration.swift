#if Postgres
    /// How a server and a database are reached, and how long things may take there.
    ///
    /// Its password can be given and not be read, and stands in no text made of it.
    public struct PostgresConfiguration: Sendable, Hashable {
        /// What a pool does with the state of a session when a connection comes back, beside ending an open transaction.
        public struct SessionReset: Hashable, Sendable {
            private enum Raw {
                case discardAll, rollback
            }

            private let raw: Raw

            /// Everything: settings, temporary tables, locks, cursors and plans, by `DISCARD ALL`. One round trip each time.
            public static let discardAll = SessionReset(raw: .discardAll)
            /// Nothing but the transaction: no round trip if none is open. For borrowers that change nothing of the session.
            public static let rollback = SessionReset(raw: .rollback)
        }

        /// The server's name or address, or the directory of its socket if it begins with `/`; nil for libpq's default, which is a socket.
        public var host: String?
        /// The server's port.
        public var port: Int
        /// Who asks; nil for the user that the process runs as.
        public var user: String?
        /// Which database; nil for the one that is called as the user.
        public var database: String?
        /// What the server shows in `pg_stat_activity`.
        public var applicationName: String
        /// How long connecting may take, the look-up of the host's name and logging in included.
        public var connectTimeout: Duration = .seconds(10)
        /// How long a statement may take; nil for as long as it takes. It is kept here, on the environment's time, and not by the server.
        public var statementTimeout: Duration? = .seconds(30)
        /// How long the server may take to end a statement that was cancelled, before the connection is given up.
        public var cancelTimeout: Duration = .seconds(2)
        /// What a pool does with the session when a connection comes back.
        public var sessionReset: SessionReset = .discardAll
        /// Further parameters of libpq by keyword, such as `sslmode`.
        var parameters: [String: Secret] = [:]
        var password: Secret?

        /// A server and a database by their parts.
        ///
        /// - Parameters:
        ///   - host: a name, an address, or the directory of a socket.
        ///   - password: nil for none, or for libpq's own ways to find one.
        ///   - database: nil for the one that is called as the user.
        ///   - sslMode: whether the connection is encrypted, in libpq's words from `disable` to `verify-full`; nil for `prefer`.
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

        /// Which server and database, as errors name it: `host:port/database`.
        public var place: String {
            let host = self.host ?? "local socket"
            let shown = host.contains(":") ? "[\(host)]" : host
            return "\(shown):\(self.port)/\(self.database ?? self.user ?? "")"
        }

        /// The same server for another purpose, which `pg_stat_activity` shows.
        func named(_ applicationName: String) -> PostgresConfiguration {
            var configuration = self
            configuration.applicationName = applicationName
            return configuration
        }
    }

    extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
        /// As a URL without a password and without parameters.
        public var description: String {
            "postgres://\(self.user.map { "\($0)@" } ?? "")\(self.place)"
        }

        public var debugDescription: String {
            self.description
        }

        public var customMirror: Mirror {
            Mirror(self, children: [])
        }
    }

    /// A text that nobody sees: neither printed, nor in a debugger's or a test's description of what holds it.
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
