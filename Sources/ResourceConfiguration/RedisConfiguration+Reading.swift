#if Configuration && Redis
    public import Configuration
    public import RedisResources

    extension RedisConfiguration {
        /// The settings besides `url`.
        static let settings: [Setting<RedisConfiguration>] = [
            Setting("host", "a name or an address") { root in
                if case .tcp(let host, _) = root.endpoint { host } else { "none" }
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let host = try source.value(of: text, .text) else { return }
                if host.isEmpty { throw .notAccepted(host) }
                root.endpoint = .tcp(host: host, port: root.port ?? 6379)
            },
            Setting("port", "a whole number from 1 to 65535") { root in
                root.port.map(String.init) ?? "none"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let port = try source.value(of: text, .integer) else { return }
                guard (1...65_535).contains(port) else { throw .notAccepted("\(port)") }
                guard case .tcp(let host, _) = root.endpoint else { throw .refused("the server is a socket, which has no port") }
                root.endpoint = .tcp(host: host, port: port)
            },
            Setting("path", "the path of a socket, instead of `host` and `port`") { root in
                if case .unix(let path) = root.endpoint { path } else { "none" }
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let path = try source.value(of: text, .text) else { return }
                if path.isEmpty { throw .notAccepted(path) }
                root.endpoint = .unix(path: path)
            },
            .optionalText("user", \.user, "the name of a user"),
            .optionalText("password", \.password, "a text", isSecret: true),
            .integer("database", \.database, atLeast: 0),
            .duration("connectTimeout", \.connectTimeout),
            .duration("commandTimeout", \.commandTimeout),
        ]

        static let url = SettingText(
            key: "url",
            accepted: "a URL, such as `redis://user:password@host:port/database`",
            isSecret: true
        )

        private var port: Int? {
            if case .tcp(_, let port) = self.endpoint { port } else { nil }
        }

        /// Creates a configuration from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the server. The URL and the password are read as secrets.
        ///   - defaults: The values of the keys that `config` does not have. The parts of `url` replace them.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted. The error contains no secret.
        public init(config: ConfigReader, defaults: RedisConfiguration = RedisConfiguration()) throws(ConfigurationError) {
            if let url = try config.optional(Self.url, .text) {
                do throws(RedisError) {
                    try self.init(url: url, connectTimeout: defaults.connectTimeout, commandTimeout: defaults.commandTimeout)
                } catch {
                    throw ConfigurationError(Self.url, fault: .refused(error.description), in: config)
                }
            } else {
                self = defaults
            }
            try config.apply(Self.settings, to: &self)
        }
    }
#endif
