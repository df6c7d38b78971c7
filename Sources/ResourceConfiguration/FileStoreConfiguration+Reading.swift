#if Configuration
    public import Configuration
    public import FileResources

    extension FileStoreConfiguration {
        static let settings: [Setting<FileStoreConfiguration>] = [
            .integer("maximumOpen", \.maximumOpen, atLeast: 1),
            .duration("openBudget", \.openBudget),
            .word("whenFull", \.whenFull, [.wait, .fail]),
            .duration("slowThreshold", \.slowThreshold, zero: true),
            .optionalDuration("leakThreshold", \.leakThreshold),
            .duration("drainTimeout", \.drainTimeout, zero: true),
            .integer("parallelism", \.parallelism, 1...1024, "a whole number from 1 to 1024"),
            .word("durability", \.durability, [.synced, .buffered]),
        ]

        /// Creates a configuration from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the store.
        ///   - defaults: The values of the keys that `config` does not have.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted.
        public init(config: ConfigReader, defaults: FileStoreConfiguration = FileStoreConfiguration()) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }
#endif
