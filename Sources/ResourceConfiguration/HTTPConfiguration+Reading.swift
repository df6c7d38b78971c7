#if Configuration
    public import Configuration
    import Foundation
    public import HTTPResources

    extension HTTPConfiguration {
        static let settings: [Setting<HTTPConfiguration>] =
            [
                .integer("maximumConnections", \.maximumConnections, atLeast: 1),
                .integer("maximumPerHost", \.maximumPerHost, atLeast: 1),
                .duration("timeout", \.timeout),
                .duration("connectTimeout", \.connectTimeout),
                .optionalDuration("firstByteTimeout", \.firstByteTimeout),
                .optionalDuration("silenceTimeout", \.silenceTimeout),
                .duration("acquireBudget", \.acquireBudget),
                .word("whenEmpty", \.whenEmpty, [.wait, .fail]),
                .integer("maximumBodySize", \.maximumBodySize, 0..., "a whole number of bytes"),
                .integer("streamBufferSize", \.streamBufferSize, 1..., "a whole number of bytes, at least 1"),
                .integer("maximumRedirects", \.maximumRedirects, atLeast: 0),
                .duration("dnsCacheTime", \.dnsCacheTime, zero: true),
                .truth("usesHTTP2", \.usesHTTP2),
            ]
            + HTTPTLS.settings.map { $0.nested(in: "tls", \.tls) } + [
                Setting("proxy", "`environment` or `none` or the URL of a proxy", isSecret: true) { root in
                    switch root.proxy {
                    case .environment: "environment"
                    case .none: "none"
                    case .server: "set"
                    }
                } apply: { source, text, root throws(ConfigurationError.Fault) in
                    switch try source.value(of: text, .text) {
                    case nil: return
                    case "environment": root.proxy = .environment
                    case "none": root.proxy = .none
                    case .some(let value):
                        guard let url = URL(string: value), HTTPProxy.server(url).fault == nil else { throw .notAccepted(value) }
                        root.proxy = .server(url)
                    }
                },
                .pairs("headers", \.headers, separator: ":", "a list of `Name: value`", isSecret: true),
                Setting("pingURL", "the URL of an http or https server", isSecret: true) {
                    $0.pingURL == nil ? "none" : "set"
                } apply: { source, text, root throws(ConfigurationError.Fault) in
                    guard let value = try source.value(of: text, .text) else { return }
                    guard let url = URL(string: value), url.host() != nil, ["http", "https"].contains(url.scheme?.lowercased()) else {
                        throw .notAccepted(value)
                    }
                    root.pingURL = url
                },
                .duration("pingTimeout", \.pingTimeout),
                .duration("drainTimeout", \.drainTimeout, zero: true),
            ]

        /// Creates a configuration from the keys of <doc:Keys>. Headers, the ping URL, the proxy, and the password of the private key are
        /// read as secrets. There is no key for the observer.
        ///
        /// - Parameters:
        ///   - config: The reader, scoped to the keys of the client.
        ///   - defaults: The values of the keys that `config` does not have. `headers` replaces all of its headers.
        /// - Throws: ``ConfigurationError`` for a value that is not accepted.
        public init(config: ConfigReader, defaults: HTTPConfiguration = HTTPConfiguration()) throws(ConfigurationError) {
            self = defaults
            try config.apply(Self.settings, to: &self)
        }
    }
#endif
