#if Configuration
    public import Configuration
    public import ResourceContainer

    extension PoolConfiguration {
        static let settings: [Setting<PoolConfiguration>] = [Self.maximumSetting] + Self.settingsBesidesMaximum

        static let maximumSetting: Setting<PoolConfiguration> = .integer("maximum", \.maximum, atLeast: 1)
        static let minimumSizeSetting: Setting<PoolConfiguration> =
            .integer("minimumSize", \.minimumSize, 0...100_000, "a whole number from 0 to `maximum`, at most 100000")

        static let settingsBesidesMaximum: [Setting<PoolConfiguration>] = [
            Self.minimumSizeSetting,
            .word("prefill", \.prefill, [.background, .wait]),
            .word("idleOrder", \.idleOrder, [.newestFirst, .oldestFirst]),
            .duration("acquireBudget", \.acquireBudget),
            .word("whenEmpty", \.whenEmpty, [.wait, .fail]),
            .word("reentrancy", \.reentrancy, [.allow, .report, .throw]),
            .integer("creationConcurrency", \.creationConcurrency, atLeast: 1),
            .duration("createTimeout", \.createTimeout),
            .duration("failFastAfter", \.failFastAfter),
            .duration("validationFreshness", \.validationFreshness, zero: true),
            .duration("validateTimeout", \.validateTimeout),
            .duration("resetTimeout", \.resetTimeout),
            .optionalDuration("idleTimeout", \.idleTimeout),
            .optionalDuration("keepalive", \.keepalive),
            .optionalDuration("maximumLifetime", \.maximumLifetime),
            .fraction("lifetimeJitter", \.lifetimeJitter, 0...0.5, "a number from 0 to 0.5"),
            .duration("slowThreshold", \.slowThreshold, zero: true),
            .optionalDuration("leakThreshold", \.leakThreshold),
            .duration("drainTimeout", \.drainTimeout, zero: true),
            .duration("closeTimeout", \.closeTimeout, zero: true),
        ]

        /// Creates a configuration from the keys of <doc:Keys>. `maximum` is required.
        ///
        /// ```swift
        /// let configuration = try PoolConfiguration(config: config.scoped(to: "orders.pool"))
        /// ```
        ///
        /// - Parameter config: The reader, scoped to the keys of the pool.
        /// - Throws: ``ConfigurationError`` for a missing `maximum` or a value that is not accepted. Relations between values are checked
        ///   when a pool is created: see `PoolError.Code.invalidConfiguration`.
        public init(config: ConfigReader) throws(ConfigurationError) {
            try config.require(Self.maximumSetting.text, .integer)
            try self.init(config: config, defaults: PoolConfiguration(maximum: 1))
        }

        /// Creates a configuration from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the pool.
        ///   - defaults: The values of the keys that `config` does not have.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted. Relations between values are checked when a pool is created:
        ///   see `PoolError.Code.invalidConfiguration`.
        public init(config: ConfigReader, defaults: PoolConfiguration) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }
#endif
