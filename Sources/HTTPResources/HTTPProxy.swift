import Foundation

/// The proxy of an ``HTTPClientPool``.
public enum HTTPProxy: Sendable, Hashable {
    /// The proxy that the environment of the process names, with the rules of curl: `http_proxy` for http, `https_proxy` for https,
    /// otherwise `all_proxy`; `no_proxy` lists the hosts without a proxy. All but `http_proxy` may be in capitals. The environment is read
    /// when the client is initialized.
    ///
    /// Requests to loopback, such as `localhost` and `127.0.0.1`, use no proxy.
    case environment
    /// No proxy.
    case none
    /// This proxy, for all requests: an `http`, `https`, `socks4`, `socks5`, or `socks5h` URL.
    case server(URL)

    /// The schemes of proxies.
    static let schemes: Set<String> = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    /// The reason why the proxy is invalid; nil if it is valid.
    package var fault: String? {
        guard case .server(let url) = self else { return nil }
        let isValid = Self.schemes.contains(url.scheme?.lowercased() ?? "") && url.host(percentEncoded: true)?.isEmpty == false
        return isValid ? nil : "proxy is not the URL of a proxy, such as http://proxy.local:3128"
    }
}

/// The password of a proxy does not appear.
extension HTTPProxy: CustomStringConvertible, CustomReflectable {
    /// The kind of the proxy.
    public var description: String {
        switch self {
        case .environment: "the proxy of the environment"
        case .none: "no proxy"
        case .server(let url): "the proxy \(ProxyChoice.label(of: url.absoluteString))"
        }
    }

    /// An empty mirror: the URL can carry a password.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
