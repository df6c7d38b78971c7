#if Configuration
    import Configuration

    /// One key of a configuration struct: its documentation, and how its value is read and applied.
    ///
    /// The table of keys in the documentation is compared with these.
    struct Setting<Root>: Sendable {
        var text: SettingText
        /// The value as the table shows it.
        let shown: @Sendable (Root) -> String
        /// Applies the value to `Root`. Does nothing if there is none.
        let apply: @Sendable (any ConfigurationSource, SettingText, inout Root) throws(ConfigurationError.Fault) -> Void

        init(
            _ key: String,
            _ accepted: String,
            isSecret: Bool = false,
            shown: @escaping @Sendable (Root) -> String,
            apply: @escaping @Sendable (any ConfigurationSource, SettingText, inout Root) throws(ConfigurationError.Fault) -> Void
        ) {
            self.text = SettingText(key: key, accepted: accepted, isSecret: isSecret)
            self.shown = shown
            self.apply = apply
        }
    }

    extension Setting {
        typealias Path<Value> = any WritableKeyPath<Root, Value> & Sendable

        /// A whole number in a range.
        static func integer(_ key: String, _ path: Path<Int>, _ range: some RangeExpression<Int> & Sendable, _ accepted: String) -> Setting
        {
            Setting(key, accepted) {
                "\($0[keyPath: path])"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let value = try source.value(of: text, .integer) else { return }
                guard range.contains(value) else { throw .notAccepted("\(value)") }
                root[keyPath: path] = value
            }
        }

        /// A whole number of at least `least`.
        static func integer(_ key: String, _ path: Path<Int>, atLeast least: Int) -> Setting {
            .integer(key, path, least..., "a whole number of at least \(least)")
        }

        /// A number in a range.
        static func fraction(_ key: String, _ path: Path<Double>, _ range: ClosedRange<Double>, _ accepted: String) -> Setting {
            Setting(key, accepted) {
                "\($0[keyPath: path])"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                let value: Double
                if let fraction = ValueType<Double>.fraction.read(source, text) {
                    value = fraction
                } else if let integer = ValueType<Int>.integer.read(source, text) {
                    value = Double(integer)
                } else {
                    // Throws if there is a value of another type.
                    _ = try source.value(of: text, .fraction)
                    return
                }
                guard range.contains(value) else { throw .notAccepted("\(value)") }
                root[keyPath: path] = value
            }
        }

        static func truth(_ key: String, _ path: Path<Bool>) -> Setting {
            Setting(key, "`true` or `false`") {
                "\($0[keyPath: path])"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                if let value = try source.value(of: text, .truth) { root[keyPath: path] = value }
            }
        }

        /// One of a set of words.
        static func word<Value: RawRepresentable<String> & Sendable>(_ key: String, _ path: Path<Value>, _ values: [Value]) -> Setting {
            let accepted = values.map { "`\($0.rawValue)`" }.joined(separator: " or ")
            return Setting(key, accepted) {
                $0[keyPath: path].rawValue
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let value = try source.value(of: text, .text) else { return }
                guard let known = values.first(where: { $0.rawValue == value }) else { throw .notAccepted(value) }
                root[keyPath: path] = known
            }
        }

        /// A duration.
        static func duration(_ key: String, _ path: Path<Duration>, zero isZeroAllowed: Bool = false) -> Setting {
            let accepted = "a duration\(isZeroAllowed ? "" : " above zero"), such as `500ms`, `30s`, `5m`, or `1h`"
            return Setting(key, accepted) {
                DurationSpelling.text($0[keyPath: path])
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let value = try source.value(of: text, .text) else { return }
                guard let duration = DurationSpelling.parse(value), isZeroAllowed || duration > .zero else { throw .notAccepted(value) }
                root[keyPath: path] = duration
            }
        }

        /// A duration or `never`.
        static func optionalDuration(_ key: String, _ path: Path<Duration?>) -> Setting {
            let accepted = "a duration above zero, such as `500ms`, `30s`, `5m`, or `1h`, or `never`"
            return Setting(key, accepted) {
                $0[keyPath: path].map(DurationSpelling.text) ?? "never"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let value = try source.value(of: text, .text) else { return }
                if value == "never" { return root[keyPath: path] = nil }
                guard let duration = DurationSpelling.parse(value), duration > .zero else { throw .notAccepted(value) }
                root[keyPath: path] = duration
            }
        }

        /// A text.
        static func text(_ key: String, _ path: Path<String>, _ accepted: String) -> Setting {
            Setting(key, accepted) {
                $0[keyPath: path]
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                if let value = try source.value(of: text, .text) { root[keyPath: path] = value }
            }
        }

        /// A text that may be absent. The value of a secret one is never shown.
        static func optionalText(_ key: String, _ path: Path<String?>, _ accepted: String, isSecret: Bool = false) -> Setting {
            Setting(key, accepted, isSecret: isSecret) {
                isSecret ? "none" : $0[keyPath: path] ?? "none"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                if let value = try source.value(of: text, .text) { root[keyPath: path] = value }
            }
        }

        /// This setting for a value inside another configuration, under the key `prefix.key`.
        func nested<Outer>(in prefix: String, _ path: any WritableKeyPath<Outer, Root> & Sendable) -> Setting<Outer> {
            let (shown, apply) = (self.shown, self.apply)
            return Setting<Outer>("\(prefix).\(self.text.key)", self.text.accepted, isSecret: self.text.isSecret) {
                shown($0[keyPath: path])
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                try apply(source, text, &root[keyPath: path])
            }
        }
    }

    extension ConfigurationSource {
        /// Returns the value of a setting; nil if there is none.
        func optional<Value>(_ setting: SettingText, _ type: ValueType<Value>) throws(ConfigurationError) -> Value? {
            do throws(ConfigurationError.Fault) { return try self.value(of: setting, type) } catch {
                throw ConfigurationError(setting, fault: error, in: self)
            }
        }

        /// Returns the value of a setting without a default.
        @discardableResult
        func require<Value>(_ setting: SettingText, _ type: ValueType<Value>) throws(ConfigurationError) -> Value {
            guard let value = try self.optional(setting, type) else { throw ConfigurationError(setting, fault: .missing, in: self) }
            return value
        }

        /// Applies the configured values of `settings` to `root`, in their order.
        func apply<Root>(_ settings: [Setting<Root>], to root: inout Root) throws(ConfigurationError) {
            for setting in settings {
                do { try setting.apply(self, setting.text, &root) } catch {
                    throw ConfigurationError(setting.text, fault: error, in: self)
                }
            }
        }
    }
#endif
