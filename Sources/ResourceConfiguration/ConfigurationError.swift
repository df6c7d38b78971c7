#if Configuration
    import ResourceContainer

    /// An error for a value that a configuration lacks, or that is not accepted.
    ///
    /// Its description contains the key, the value unless it is secret, the accepted values, and the reader with its prefix and providers.
    public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The key, relative to the reader that was passed to the initializer.
        public let key: String
        /// The value; nil if it is missing or secret.
        public let value: String?
        /// The accepted values, such as `a whole number of at least 1`.
        public let accepted: String
        /// The key, the value, and the accepted values in a sentence.
        public let description: String

        init(_ setting: SettingText, fault: Fault, in source: some ConfigurationSource) {
            self.key = setting.key
            self.accepted = setting.accepted
            let reader = "read from \(source)"
            switch fault {
            case .missing:
                self.value = nil
                self.description = "\(setting.key) is missing and has no default: set it to \(setting.accepted) (\(reader))".asReport
            case .notAccepted(let value):
                self.value = setting.isSecret ? nil : value
                let shown = setting.isSecret ? "" : " \"\(value)\""
                self.description =
                    "the value\(shown) of \(setting.key) is not accepted: it must be \(setting.accepted) (\(reader))".asReport
            case .refused(let reason):
                self.value = nil
                self.description = "the value of \(setting.key) is not accepted: \(reason) (\(reader))".asReport
            }
        }

        enum Fault: Error {
            case missing
            /// The value as text.
            case notAccepted(String)
            /// The reason, from the library that the value configures. It contains no secret.
            case refused(String)
        }
    }

    /// The description of a setting for errors and documentation.
    struct SettingText: Sendable, Hashable {
        var key: String
        var accepted: String
        var isSecret = false
    }
#endif
