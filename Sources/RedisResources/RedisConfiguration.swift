#if Redis
    /// Where a Redis server is, as whom to log in, and how long things may take.
    ///
    /// Its text and its mirror do not show the password.
    public struct RedisConfiguration: Sendable, Hashable {
        /// How a server is reached.
        public enum Endpoint: Sendable, Hashable {
            /// Over TCP: a host name or a numeric address, and a port from 1 to 65535.
            case tcp(host: String, port: Int)
            /// Over a socket file on this machine; its path has at most 107 bytes.
            case unix(path: String)
        }

        /// How the server is reached.
        public var endpoint: Endpoint
        /// The user to log in as; nil is the server's default user.
        public var user: String?
        /// The password to log in with; nil to not log in.
        public var password: String?
        /// The number of the database, from 0.
        public var database: Int
        /// How long it may take until a connection is ready: looking the name up, connecting, logging in. Above zero.
        public var connectTimeout: Duration
        /// How long a command may take, waiting for those before it on the connection included. Above zero.
        public var commandTimeout: Duration

        /// A configuration in parts. What it says is checked when somebody connects with it: ``RedisError/Code/invalidConfiguration``.
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

        /// A configuration in parts, for a server that is reached over TCP.
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

        /// The server and the database, as errors name them: `cache.example:6379/0`.
        public var place: String {
            switch self.endpoint {
            case .tcp(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)/\(self.database)"
            case .unix(let path): "\(path)/\(self.database)"
            }
        }

        /// What is wrong with it; nil if nothing is.
        var fault: String? {
            switch self.endpoint {
            case .tcp(let host, let port):
                if host.isEmpty || host.utf8.contains(0) { return "the host has no name" }
                if !(1...65_535).contains(port) { return "the port is \(port) and must be from 1 to 65535" }
            case .unix(let path):
                // The length is the system's limit, to which a path would be cut without a word.
                if path.isEmpty || path.utf8.contains(0) { return "the socket has no path" }
                if path.utf8.count > 107 { return "the path of the socket has \(path.utf8.count) bytes and may have 107" }
            }
            if self.user != nil, self.password == nil { return "a user is given without a password" }
            if self.database < 0 { return "the database is \(self.database) and must be at least 0" }
            if self.connectTimeout <= .zero { return "the connect timeout is \(self.connectTimeout) and must be above zero" }
            if self.commandTimeout <= .zero { return "the command timeout is \(self.commandTimeout) and must be above zero" }
            return nil
        }
    }

    extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
        /// As a URL, without the password.
        public var description: String {
            let user = self.password == nil ? "" : "\(self.user ?? ""):***@"
            switch self.endpoint {
            case .tcp: return "redis://\(user)\(self.place)"
            case .unix(let path): return "unix://\(user)\(path)?db=\(self.database)"
            }
        }

        public var customMirror: Mirror {
            Mirror(self, children: ["description": self.description])
        }
    }
#endif
