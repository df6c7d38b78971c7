#if Configuration && Postgres
    public import Configuration
    public import PostgresResources

    extension PostgresConfiguration {
        /// The settings besides `url`, `password`, and `sslMode`, which can be set but not read.
        static let settings: [Setting<PostgresConfiguration>] = [
            Self.hostSetting,
            .integer("port", \.port, 1...65_535, "a whole number from 1 to 65535"),
            .optionalText("user", \.user, "the name of a user"),
            .optionalText("database", \.database, "the name of a database"),
            .text("applicationName", \.applicationName, "a text"),
            .duration("connectTimeout", \.connectTimeout),
            .optionalDuration("statementTimeout", \.statementTimeout),
            .duration("cancelTimeout", \.cancelTimeout),
            Setting("sessionReset", "`discardAll` or `rollback`") {
                $0.sessionReset == .rollback ? "rollback" : "discardAll"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                switch try source.value(of: text, .text) {
                case nil: return
                case "discardAll": root.sessionReset = .discardAll
                case "rollback": root.sessionReset = .rollback
                case .some(let other): throw .notAccepted(other)
                }
            },
        ]

        static let hostSetting: Setting<PostgresConfiguration> =
            .optionalText("host", \.host, "a name, an address, or the directory of a socket")
        static let url = SettingText(
            key: "url",
            accepted: "a URL, such as `postgres://user:password@host:port/database`",
            isSecret: true
        )
        static let password = SettingText(key: "password", accepted: "a text", isSecret: true)
        static let sslMode = SettingText(key: "sslMode", accepted: "an encryption mode, from `disable` to `verify-full`")

        /// Creates a configuration from the keys of <doc:Keys>.
        ///
        /// With `url`, the URL is the default of the other keys; `password` and `sslMode` are then parts of the URL, and their keys are not
        /// read. Without it, `host` is required.
        ///
        /// - Parameter config: The reader, scoped to the keys of the server. The URL and the password are read as secrets.
        /// - Throws: ``ConfigurationError`` for a missing `host` or a value that is not accepted. The error contains no secret.
        public init(config: ConfigReader) throws(ConfigurationError) {
            if let url = try config.optional(Self.url, .text) {
                do throws(PostgresError) { try self.init(url: url) } catch {
                    throw ConfigurationError(Self.url, fault: .refused(error.description), in: config)
                }
            } else {
                self.init(
                    host: try config.require(Self.hostSetting.text, .text),
                    password: try config.optional(Self.password, .text),
                    sslMode: try config.optional(Self.sslMode, .text)
                )
            }
            try config.apply(Self.settings, to: &self)
        }
    }
#endif
