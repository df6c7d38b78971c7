#if Configuration && (Standard || SQLite)
    public import Configuration
    import ResourceContainer
    public import SQLiteResources

    extension SQLiteConfiguration {
        static let settings: [Setting<SQLiteConfiguration>] =
            [Self.pathSetting, .duration("busyTimeout", \.busyTimeout, zero: true)]
            + PoolConfiguration.settings.map { $0.nested(in: "readers", \.readers) }
            // The maximum of the writer is always 1.
            + PoolConfiguration.settingsBesidesMaximum.map { $0.nested(in: "writer", \.writer) }

        static let pathSetting: Setting<SQLiteConfiguration> = Setting("path", "the path of a file, or `:memory:`") {
            $0.location.label
        } apply: { source, text, root throws(ConfigurationError.Fault) in
            guard let path = try source.value(of: text, .text) else { return }
            if path.isEmpty { throw .notAccepted(path) }
            root.location = path == ":memory:" ? .memory : .file(path)
        }

        /// Creates a configuration from the keys of <doc:Keys>. `path` is required.
        ///
        /// - Parameter config: The reader, scoped to the keys of the database. Migrations are code: set
        ///   `SQLiteConfiguration.migrations` afterward, or pass them in `defaults`.
        /// - Throws: ``ConfigurationError`` for a missing `path` or a value that is not accepted.
        public init(config: ConfigReader) throws(ConfigurationError) {
            try config.require(Self.pathSetting.text, .text)
            try self.init(config: config, defaults: SQLiteConfiguration(.memory))
        }

        /// Creates a configuration from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the database.
        ///   - defaults: The values of the keys that `config` does not have, and the migrations.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted.
        public init(config: ConfigReader, defaults: SQLiteConfiguration) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }
#endif
