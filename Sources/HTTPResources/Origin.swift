import Foundation

/// The origin of a URL: scheme, host, and port. It contains no user and password, so that it can be a pool's key.
struct Origin: Hashable, Sendable, CustomStringConvertible {
    let scheme: String
    /// In lower case; an IPv6 address without brackets.
    let host: String
    let port: Int

    init(scheme: String, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Returns nil if the URL is not http or https, has no host, or has an invalid port.
    init?(_ url: URL) {
        guard let parts = URLComponents(url: url, resolvingAgainstBaseURL: true) else { return nil }
        self.init(parts)
    }

    /// Returns nil if the parts are not those of an http or https URL, or have no host or an invalid port.
    init?(_ parts: URLComponents) {
        guard let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https" else { return nil }
        // An international name in its ASCII form, which is what is looked up.
        guard var host = parts.encodedHost?.lowercased() else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            if !host.utf8.contains(UInt8(ascii: ":")) { return nil }
        }
        // An escape in a name is valid in a URL, but no host has such a name. In an IPv6 address it begins a zone.
        if host.isEmpty || (host.utf8.contains(UInt8(ascii: "%")) && !host.utf8.contains(UInt8(ascii: ":"))) { return nil }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        guard 1...65535 ~= port else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    var description: String {
        let host = self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]" : self.host
        let isDefault = self.port == (self.scheme == "https" ? 443 : 80)
        return "\(self.scheme)://\(host)\(isDefault ? "" : ":\(self.port)")"
    }
}
