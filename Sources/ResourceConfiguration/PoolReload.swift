#if Configuration
    public import Configuration
    public import ResourceContainer

    /// The result of a change of a configuration for a pool that follows it.
    public enum PoolReload: Sendable, Hashable {
        /// The pool has these limits now.
        case resized(maximum: Int, minimum: Int)
        /// The new values are not valid. The pool keeps its limits. The text states the reason.
        case refused(String)
    }

    /// The limits of a pool in a configuration.
    private struct PoolLimits: Equatable {
        var maximum: Int
        var minimum: Int

        /// Reads `settings`; an absent key has the value of `defaults`.
        init(
            _ source: some ConfigurationSource,
            _ settings: [Setting<PoolConfiguration>],
            defaults: PoolConfiguration
        ) throws(ConfigurationError) {
            var configuration = defaults
            try source.apply(settings, to: &configuration)
            self.maximum = configuration.maximum
            self.minimum = configuration.minimumSize
        }
    }

    /// Calls `resize` with the limits that `settings` read from `config`, now and after each change of them, until the task is canceled.
    private nonisolated(nonsending) func follow(
        _ config: ConfigReader,
        _ settings: [Setting<PoolConfiguration>],
        defaults: PoolConfiguration,
        report: (PoolReload) -> Void,
        resize: (PoolLimits) throws(PoolError) -> Void
    ) async throws {
        try await config.watchSnapshot { updates in
            var last: Result<PoolLimits, ConfigurationError>?
            for await snapshot in updates {
                let limits = Result { () throws(ConfigurationError) in try PoolLimits(snapshot, settings, defaults: defaults) }
                if limits == last { continue }
                last = limits
                switch limits {
                case .failure(let error): report(.refused(error.description))
                case .success(let limits):
                    do throws(PoolError) {
                        try resize(limits)
                        report(.resized(maximum: limits.maximum, minimum: limits.minimum))
                    } catch { report(.refused(error.description)) }
                }
            }
        }
    }

    extension ResourcePool {
        /// Resizes the pool to the limits in a configuration, now and after each change of them, until the task is canceled.
        ///
        /// The keys are `maximum` and `minimumSize`; an absent key has the value with which the pool was created. Leases are kept: surplus
        /// items are closed when they are released. Other settings of a pool are fixed at its creation, and their changes have no effect.
        /// The provider of the configuration must reload, as `ReloadingFileProvider` does; without one that does, the method returns after the
        /// first reading.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the pool.
        ///   - report: Called after the first reading and after each change.
        /// - Throws: The error of a provider that cannot be watched.
        public nonisolated(nonsending) func followLimits(
            in config: ConfigReader,
            report: (PoolReload) -> Void = { _ in }
        ) async throws {
            let settings = [PoolConfiguration.maximumSetting, PoolConfiguration.minimumSizeSetting]
            try await follow(config, settings, defaults: self.configuration, report: report) { limits throws(PoolError) in
                try self.resize(maximum: limits.maximum, minimum: limits.minimum)
            }
        }
    }

    extension NamedPool {
        /// Resizes the inner pool to the limits in a configuration, until the task is canceled. See
        /// `ResourcePool.followLimits(in:report:)`.
        public nonisolated(nonsending) func followLimits(
            in config: ConfigReader,
            report: (PoolReload) -> Void = { _ in }
        ) async throws {
            try await self.pool.followLimits(in: config, report: report)
        }
    }

    extension KeyedResourcePool {
        /// Resizes the pool to the `maximum` in a configuration, now and after each change of it, until the task is canceled. See
        /// `ResourcePool.followLimits(in:report:)`. The key `minimumSize` is not read, because a keyed pool keeps no minimum.
        public nonisolated(nonsending) func followLimits(
            in config: ConfigReader,
            report: (PoolReload) -> Void = { _ in }
        ) async throws {
            try await follow(config, [PoolConfiguration.maximumSetting], defaults: self.configuration, report: report) {
                limits throws(PoolError) in
                try self.resize(maximum: limits.maximum)
            }
        }
    }
#endif
