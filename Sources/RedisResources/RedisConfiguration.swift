#if Redis
    /// The configuration of a connection to a Redis server: the endpoint, the login, and the timeouts. Its description and mirror hide the
    /// password.
    public struct RedisConfiguration: Sendable, Hashable {
        /// The endpoint of a server.
        public enum Endpoint: Sendable, Hashable {
            /// TCP: a host name or a numeric address, and a port from 1 to 65535.
            case tcp(host: String, port: Int)
            /// A Unix domain socket on this machine; the path has at most 107 bytes.
            case unix(path: String)
        }

        /// The endpoint of the server.
        public var endpoint: Endpoint
        /// The user to log in as; nil for the server's default user.
        public var user: String?
        /// The password to log in with; nil for no login.
        public var password: String?
        /// The number of the database, from 0.
        public var database: Int
        /// The timeout for connecting, including the name lookup and the login; positive.
        public var connectTimeout: Duration
        /// The timeout of a command, including the wait for earlier commands on the connection; positive.
        public var commandTimeout: Duration

        /// Creates a configuration. The values are validated on connecting: see ``RedisError/Code/invalidConfiguration``.
        public init(
            _ endpoint: Endpoint,
            user: String? = nil,
            password: String? = nil,
            database: Int = 0,
            connectTimeout: Duration = .seconds(5),
            commandTimeout: Duration = .seconds(5)
        ) {
            self.endpoint = endpoint
            self.user = user
            self.password = password
            self.database = database
            self.connectTimeout = connectTimeout
            self.commandTimeout = commandTimeout
        }

        /// Creates a configuration for a server over TCP. The values are validated on connecting: see
        /// ``RedisError/Code/invalidConfiguration``.
        public init(
            host: String = "127.0.0.1",
            port: Int = 6379,
            user: String? = nil,
            password: String? = nil,
            database: Int = 0,
            connectTimeout: Duration = .seconds(5),
            commandTimeout: Duration = .seconds(5)
        ) {
            self.init(
                .tcp(host: host, port: port),
                user: user,
                password: password,
                database: database,
                connectTimeout: connectTimeout,
                commandTimeout: commandTimeout
            )
        }

        /// The server and the database as errors name them: `cache.example:6379/0`.
        public var address: String {
            switch self.endpoint {
            case .tcp(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)/\(self.database)"
            case .unix(let path): "\(path)/\(self.database)"
            }
        }

        /// The first invalid setting; nil if all are valid.
        var fault: String? {
            switch self.endpoint {
            case .tcp(let host, let port):
                if host.isEmpty || host.utf8.contains(0) { return "the host name is empty or contains a NUL character" }
                if !(1...65_535).contains(port) { return "the port is \(port) and must be from 1 to 65535" }
            case .unix(let path):
                // The length is the system's limit, at which it cuts a path off silently.
                if path.isEmpty || path.utf8.contains(0) { return "the socket path is empty or contains a NUL character" }
                if path.utf8.count > 107 { return "the socket path has \(path.utf8.count) bytes; the maximum is 107" }
            }
            if self.user != nil, self.password == nil { return "a user is set without a password" }
            if self.database < 0 { return "the database is \(self.database) and must be at least 0" }
            if self.connectTimeout <= .zero { return "the connect timeout is \(self.connectTimeout) and must be above zero" }
            if self.commandTimeout <= .zero { return "the command timeout is \(self.commandTimeout) and must be above zero" }
            return nil
        }
    }

    extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
        /// The configuration as a URL, without the password.
        public var description: String {
            let user = self.password == nil ? "" : "\(self.user ?? ""):***@"
            switch self.endpoint {
            case .tcp: return "redis://\(user)\(self.address)"
            case .unix(let path): return "unix://\(user)\(path)?db=\(self.database)"
            }
        }

        /// A mirror with the description only, which hides the password.
        public var customMirror: Mirror {
            Mirror(self, children: ["description": self.description])
        }
    }
#endif
