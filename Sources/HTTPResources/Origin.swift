import Foundation

/// The origin of a URL: scheme, host, and port. It contains no user and password, so that it can be a pool's key.
struct Origin: Hashable, Sendable, CustomStringConvertible {
    let scheme: String
    let host: String
    let port: Int

    /// Returns nil if the URL is not http or https, has no host, or has an invalid port.
    init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https" else { return nil }
        guard let host = url.host(percentEncoded: true)?.lowercased(), !host.isEmpty else { return nil }
        let port = url.port ?? (scheme == "https" ? 443 : 80)
        guard 1...65535 ~= port else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    var description: String {
        let host = self.host.contains(":") && !self.host.hasPrefix("[") ? "[\(self.host)]" : self.host
        let isDefault = self.port == (self.scheme == "https" ? 443 : 80)
        return "\(self.scheme)://\(host)\(isDefault ? "" : ":\(self.port)")"
    }
}
