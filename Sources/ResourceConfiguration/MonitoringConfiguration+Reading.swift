#if Configuration
    public import Configuration
    public import ResourceMonitoring

    extension FindingRules {
        static let settings: [Setting<FindingRules>] = [
            .duration("slowInitialize", \.slowInitialize),
            .duration("slowDispose", \.slowDispose),
            .duration("quietAfter", \.quietAfter),
            .duration("starvedAfter", \.starvedAfter),
            .integer("failuresInARow", \.failuresInARow, atLeast: 1),
            .integer("stormRate", \.stormRate, atLeast: 1),
            .duration("unusedAfter", \.unusedAfter),
            .integer("errorBurst", \.errorBurst, atLeast: 1),
            .integer("flapChanges", \.flapChanges, atLeast: 1),
            .fraction("scopeFactor", \.scopeFactor, 0...1e9, "a number of at least 0"),
            .duration("scopeAtLeast", \.scopeAtLeast, zero: true),
            .integer("scopeHistory", \.scopeHistory, atLeast: 1),
            .integer("transients", \.transients, atLeast: 1),
            Setting("allow", "a list of kinds of findings, alone or with a subject, as in `never-used:Cache*`") { rules in
                rules.allowed.isEmpty ? "none" : rules.allowed.map { $0.kind.rawValue }.joined(separator: ", ")
            } apply: { source, text, rules throws(ConfigurationError.Fault) in
                for name in try source.value(of: text, .texts) ?? [] {
                    do throws(FindingRulesError) { try rules.allow(named: name) } catch { throw .refused(error.description) }
                }
            },
        ]

        /// Creates rules from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the monitor.
        ///   - defaults: The values of the keys that `config` does not have. The findings in `allow` are added to its suppressed ones.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted.
        public init(config: ConfigReader, defaults: FindingRules = FindingRules()) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }

    extension HealthPolicy {
        static let settings: [Setting<HealthPolicy>] = [
            .duration("deadline", \.deadline),
            .duration("interval", \.interval),
            .fraction("jitter", \.jitter, 0...0.5, "a number from 0 to 0.5"),
            .integer("fall", \.fall, atLeast: 1),
            .integer("rise", \.rise, atLeast: 1),
        ]

        /// Creates a policy from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the health checks.
        ///   - defaults: The values of the keys that `config` does not have.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted.
        public init(config: ConfigReader, defaults: HealthPolicy = HealthPolicy()) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }
#endif
