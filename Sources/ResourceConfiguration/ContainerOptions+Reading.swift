#if Configuration
    public import Configuration
    public import ResourceContainer

    extension ContainerOptions {
        static let settings: [Setting<ContainerOptions>] = [.truth("trapsWhenDroppedOpen", \.trapsWhenDroppedOpen)]

        /// Creates options from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the container.
        ///   - defaults: The values of the keys that `config` does not have.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted.
        public init(config: ConfigReader, defaults: ContainerOptions = ContainerOptions()) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }

    extension BindingOptions {
        static let settings: [Setting<BindingOptions>] = [
            .duration("initializeTimeout", \.initializeTimeout),
            .duration("disposeTimeout", \.disposeTimeout),
            .optionalDuration("degradedAfter", \.degradedAfter),
            .truth("critical", \.critical),
            .optionalDuration("healthInterval", \.healthInterval),
            .optionalDuration("healthDeadline", \.healthDeadline),
            .truth("eager", \.eager),
            .truth("owned", \.owned),
            .truth("trackOutliving", \.trackOutliving),
            .truth("allowsFaults", \.allowsFaults),
            .truth("poolPerScope", \.poolPerScope),
            .pairs("tags", \.tags, separator: "=", "a list of `name=value`"),
        ]

        /// Creates options from the keys of <doc:Keys>.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the binding.
        ///   - defaults: The values of the keys that `config` does not have.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted.
        public init(config: ConfigReader, defaults: BindingOptions = BindingOptions()) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }

    extension Setting {
        /// A list of names with values. The values may be secret.
        static func pairs(
            _ key: String,
            _ path: Path<[String: String]>,
            separator: Character,
            _ accepted: String,
            isSecret: Bool = false
        ) -> Setting {
            Setting(key, accepted, isSecret: isSecret) {
                $0[keyPath: path].isEmpty ? "none" : $0[keyPath: path].keys.sorted().joined(separator: ", ")
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let list = try source.value(of: text, .texts) else { return }
                var pairs: [String: String] = [:]
                for pair in list {
                    let parts = pair.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
                    guard parts.count == 2, !parts[0].isEmpty else { throw .notAccepted(pair) }
                    pairs[String(parts[0])] = String(parts[1].drop { $0 == " " })
                }
                root[keyPath: path] = pairs
            }
        }
    }
#endif
