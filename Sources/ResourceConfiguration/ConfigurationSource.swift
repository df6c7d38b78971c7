#if Configuration
    import Configuration

    /// A reader of current values, or of a snapshot of them.
    protocol ConfigurationSource: Sendable {
        func string(forKey key: ConfigKey, isSecret: Bool, fileID: String, line: UInt) -> String?
        func int(forKey key: ConfigKey, isSecret: Bool, fileID: String, line: UInt) -> Int?
        func double(forKey key: ConfigKey, isSecret: Bool, fileID: String, line: UInt) -> Double?
        func bool(forKey key: ConfigKey, isSecret: Bool, fileID: String, line: UInt) -> Bool?
        func stringArray(forKey key: ConfigKey, isSecret: Bool, fileID: String, line: UInt) -> [String]?
    }

    extension ConfigReader: ConfigurationSource {}
    extension ConfigSnapshotReader: ConfigurationSource {}

    /// The type of a configured value, with the way to read it.
    struct ValueType<Value: Sendable>: Sendable {
        let read: @Sendable (any ConfigurationSource, SettingText) -> Value?
    }

    extension ValueType<String> {
        static let text = ValueType { $0.string(forKey: ConfigKey($1.key), isSecret: $1.isSecret, fileID: #fileID, line: #line) }
    }

    extension ValueType<Int> {
        static let integer = ValueType { $0.int(forKey: ConfigKey($1.key), isSecret: $1.isSecret, fileID: #fileID, line: #line) }
    }

    extension ValueType<Double> {
        static let fraction = ValueType { $0.double(forKey: ConfigKey($1.key), isSecret: $1.isSecret, fileID: #fileID, line: #line) }
    }

    extension ValueType<Bool> {
        static let truth = ValueType { $0.bool(forKey: ConfigKey($1.key), isSecret: $1.isSecret, fileID: #fileID, line: #line) }
    }

    extension ValueType<[String]> {
        static let texts = ValueType { $0.stringArray(forKey: ConfigKey($1.key), isSecret: $1.isSecret, fileID: #fileID, line: #line) }
    }

    extension ConfigurationSource {
        /// Returns the value of a setting; nil if there is none.
        ///
        /// - Throws: ``ConfigurationError/Fault/notAccepted(_:)`` if the value has another type.
        func value<Value>(of setting: SettingText, _ type: ValueType<Value>) throws(ConfigurationError.Fault) -> Value? {
            if let value = type.read(self, setting) { return value }
            // A reader also returns nil for a value of another type. Such a value must be an error instead of being ignored.
            if let other = self.anyValue(of: setting) { throw .notAccepted(other) }
            return nil
        }

        /// The value of a setting as text, regardless of its type.
        private func anyValue(of setting: SettingText) -> String? {
            ValueType<String>.text.read(self, setting) ?? ValueType<Int>.integer.read(self, setting).map(String.init)
                ?? ValueType<Double>.fraction.read(self, setting).map { "\($0)" }
                ?? ValueType<Bool>.truth.read(self, setting).map { "\($0)" }
                ?? ValueType<[String]>.texts.read(self, setting)?.joined(separator: ", ")
        }
    }
#endif
