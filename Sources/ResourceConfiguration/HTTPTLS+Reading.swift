#if Configuration
    import Configuration
    import HTTPResources

    extension HTTPTLS {
        static let settings: [Setting<HTTPTLS>] = [
            Setting("minimumVersion", "`tls12` or `tls13`") { root in
                switch root.minimumVersion {
                case .tls12: "tls12"
                case .tls13: "tls13"
                }
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                switch try source.value(of: text, .text) {
                case nil: return
                case "tls12": root.minimumVersion = .tls12
                case "tls13": root.minimumVersion = .tls13
                case .some(let other): throw .notAccepted(other)
                }
            },
            .optionalText("authorities", \.authorities, "the path of a file with certificates"),
            Setting("certificate", "the path of a file with the client's certificate") { root in
                root.clientCertificate?.certificate ?? "none"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let path = try source.value(of: text, .text) else { return }
                // A file in PEM format often contains both.
                root.clientCertificate = ClientCertificate(certificate: path, key: path)
            },
            Self.ofCertificate("key", "the path of a file with the private key, if `certificate` does not contain it") {
                $0.key
            } set: {
                $0.key = $1
            },
            Self.ofCertificate("password", "the password of the private key", isSecret: true) {
                $0.password == nil ? "none" : "set"
            } set: {
                $0.password = $1
            },
        ]

        /// A setting of the client's certificate, which requires one.
        private static func ofCertificate(
            _ key: String,
            _ accepted: String,
            isSecret: Bool = false,
            shown: @escaping @Sendable (ClientCertificate) -> String,
            set: @escaping @Sendable (inout ClientCertificate, String) -> Void
        ) -> Setting<HTTPTLS> {
            Setting(key, accepted, isSecret: isSecret) { root in
                root.clientCertificate.map(shown) ?? "none"
            } apply: { source, text, root throws(ConfigurationError.Fault) in
                guard let value = try source.value(of: text, .text) else { return }
                guard var certificate = root.clientCertificate else { throw .refused("it belongs to a certificate, and there is none") }
                set(&certificate, value)
                root.clientCertificate = certificate
            }
        }
    }
#endif
