import Foundation

/// The server that a URL leads to. Has no user and no password, so that it can be a pool's key.
struct Origin: Hashable, Sendable, CustomStringConvertible {
    let scheme: String
    let host: String
    let port: Int

    /// Nil if the URL is not http or https, or names no host, or a port that there is not.
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
